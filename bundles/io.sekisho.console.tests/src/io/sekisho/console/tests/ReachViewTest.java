package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.console.app.ThemeChoice;
import io.sekisho.console.core.ClusterInventory;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.policy.ReachView;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Themes;
import io.sekisho.console.ui.Watchdog;
import io.sekisho.policy.Enforcement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;
import org.junit.jupiter.api.Test;

/** Who can reach what is selected, and whom it can reach: now, and by the draft. */
class ReachViewTest extends PolicyEditorFixture {
  private static final String FROM = "Can be reached by";
  private static final String TO = "Can reach";
  private static final int PEERS = 3_000;

  private static void select(Selected selected) {
    Ui.run(() -> Scopes.of(Ui.window()).select(selected));
  }

  private static Optional<Table> table(String title) {
    return Ui.find(
            Ui.shell(),
            c ->
                c instanceof Table t
                    && t.isVisible()
                    && t.getColumnCount() == 3
                    && t.getColumn(0).getText().equals(title))
        .map(Table.class::cast);
  }

  /** Ports in force and by the draft, of a peer in one of the tables. */
  private static Optional<String> line(String table, String peer) {
    return table(table).stream()
        .flatMap(t -> Stream.of(t.getItems()))
        .filter((TableItem i) -> i.getText(0).equals(peer))
        .map(i -> i.getText(1) + "|" + i.getText(2))
        .findFirst();
  }

  private static void awaitLine(String table, String peer, String ports) {
    Ui.await(peer + " " + ports, () -> line(table, peer).filter(ports::equals).isPresent());
  }

  @Test
  void workload_selected_saysWhoReachesItNowAndByTheDraft() {
    select(new Selected.Workload("shop/payment"));
    show();
    awaitLine(FROM, "shop/frontend", "|8443/TCP");
    awaitLine(FROM, "ops/monitoring", "|9090/TCP");
    awaitLine(TO, "kube-system/dns", "all ports|53/UDP");
    awaitLine(TO, "ops/backup", "all ports|no longer");
    assertEquals(
        Optional.empty(),
        Ui.call(() -> line(FROM, "shop/cart")),
        "denied by a rule that the draft leaves alone");
    Ui.screenshot("reach");
    Ui.run(() -> ThemeChoice.use(true));
    Ui.await("dark", () -> Themes.current().dark());
    awaitLine(FROM, "shop/frontend", "|8443/TCP");
    Ui.screenshot("reach-dark");

    write(TEXT.replace("8443", "8444"));
    awaitLine(FROM, "shop/frontend", "|8444/TCP");
    select(new Selected.Connection("shop/frontend", "kube-system/dns"));
    awaitLine(FROM, "shop/cart", "all ports|");
    select(new Selected.Workload("/203.0.113.40/32"));
    awaitLine(TO, "kube-system/dns", "all ports|");
    assertEquals(Optional.empty(), Ui.call(() -> line(TO, "shop/payment")));
  }

  private static void show() {
    Ui.run(() -> Commands.fire("io.sekisho.console.policy.showReach"));
  }

  private static void awaitSaid(String words) {
    Ui.await(
        words,
        () -> Ui.page().findView(ReachView.ID) instanceof ReachView v && v.said().equals(words));
  }

  @Test
  void selection_withoutPods_isSaid() {
    show();
    awaitSaid(
        "Select a workload, a pod or a connection to see who can reach it, and whom it can"
            + " reach.");
    String unknown = " has no pods in the cluster now. Nodes are not asked here.";
    for (String key : List.of("shop/gone", "/n1", "/198.18.0.2", "/10.244.1.254", "/unknown")) {
      select(new Selected.Workload(key));
      awaitSaid((key.startsWith("/") ? key.substring(1) : key) + unknown);
    }
    select(new Selected.Workload("/world"));
    awaitSaid("world");
  }

  @Test
  void draft_withErrors_isSaidToCountAsNotThere() {
    select(new Selected.Workload("shop/payment"));
    show();
    awaitSaid("shop/payment");
    write(TEXT + "  ingress: []\n");
    awaitSaid("shop/payment · without 1 broken text of the draft");
    write(TEXT);
    awaitSaid("shop/payment");
  }

  @Test
  void agent_thatDoesNotAnswer_isSaidUntilItDoes() {
    var why = new ConsoleException(ConsoleException.Code.DISCONNECTED, "It does not answer.", null);
    session().revisions().enforcement(CompletableFuture.failedFuture(why));
    select(new Selected.Workload("shop/payment"));
    show();
    awaitSaid("It does not answer.");
    session().revisions().enforcement(CompletableFuture.completedFuture(Enforcement.USUAL));
    session().revisionsChanged();
    awaitSaid("shop/payment");
    awaitLine(FROM, "shop/frontend", "|8443/TCP");
  }

  @Test
  void manyPeers_comeAndGo_doNotHoldTheWindowUp() {
    select(new Selected.Workload("kube-system/dns"));
    show();
    awaitSaid("kube-system/dns");
    try (Watchdog watchdog = Ui.call(() -> new Watchdog(Ui.display()))) {
      session().inventory(with(PEERS));
      Ui.await("all of them", () -> rows(FROM) > PEERS && rows(TO) > PEERS);
      List<Watchdog.Block> ours =
          watchdog.blocks().stream()
              .filter(b -> b.cpuMillis() > 4 * Watchdog.LIMIT_MILLIS)
              .toList();
      assertEquals(List.of(), ours);
    }
    awaitLine(FROM, "load/w-" + (PEERS - 1), "all ports|");
    awaitLine(TO, "load/w-0", "all ports|");
  }

  private static int rows(String title) {
    return table(title).map(Table::getItemCount).orElse(0);
  }

  /** The shop, and as many workloads in another namespace. */
  private static ClusterInventory with(int peers) {
    ClusterInventory shop = Shop.inventory();
    Map<String, Endpoint> endpoints = new HashMap<>(shop.endpoints());
    for (int i = 0; i < peers; i++) {
      Endpoint.Builder each = Endpoint.newBuilder().setId(1_000 + i).setNode("n1");
      each.setNamespace("load").setWorkload("w-" + i).setPod("w-" + i).setIdentity(5_000 + i);
      each.addLabels("k8s:app=w-" + i).addLabels("k8s:io.kubernetes.pod.namespace=load");
      endpoints.put("n1/" + each.getId(), each.build());
    }
    return new ClusterInventory(true, shop.nodes(), endpoints, Map.of());
  }
}
