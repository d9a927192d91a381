package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.console.app.ThemeChoice;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Themes;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;
import org.junit.jupiter.api.Test;

/** Who can reach what is selected, and whom it can reach: now, and by the draft. */
class ReachViewTest extends PolicyEditorFixture {
  private static final String FROM = "Can be reached by";
  private static final String TO = "Can reach";

  private static void select(Selected selected) {
    Ui.run(() -> Scopes.of(Ui.window()).select(selected));
  }

  /** Ports in force and by the draft, of a peer in one of the tables. */
  private static Optional<String> line(String table, String peer) {
    return Ui.find(
            Ui.shell(),
            c ->
                c instanceof Table t
                    && t.isVisible()
                    && t.getColumnCount() == 3
                    && t.getColumn(0).getText().equals(table))
        .stream()
        .flatMap(t -> Stream.of(((Table) t).getItems()))
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
    Ui.run(() -> Commands.fire("io.sekisho.console.policy.showReach"));
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
}
