package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.app.OperatePerspective;
import io.sekisho.console.app.ThemeChoice;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.GrpcClusterSession;
import io.sekisho.console.core.Link;
import io.sekisho.console.flows.DetailsView;
import io.sekisho.console.nodes.NodesView;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Themes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.dnd.Clipboard;
import org.eclipse.swt.dnd.TextTransfer;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.handlers.IHandlerService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The nodes view as an operator uses it, against an agent that speaks the real protocols. */
class NodesViewTest {
  private ShopServer server;
  private ClusterSession session;

  @BeforeEach
  void connect() throws Exception {
    server = ShopServer.start(ShopFixture.pki(), 0, 200);
    session = GrpcClusterSession.open(server.profile("shop-prod"));
    Ui.run(() -> Ui.shell().setBounds(0, 0, 1440, 900));
    Ui.call(() -> PlatformUI.getWorkbench().showPerspective(OperatePerspective.ID, Ui.window()));
    ShopFixture.look(session);
    Ui.await("nodes", () -> view().text().contains("n3") && shown());
  }

  @AfterEach
  void leave() throws Exception {
    Ui.call(() -> Ui.page().showView("io.sekisho.console.flows.table"));
    ShopFixture.lookAway();
    session.close();
    server.close();
  }

  private static NodesView view() throws Exception {
    return (NodesView) Ui.page().showView(NodesView.ID);
  }

  private static Scope scope() {
    return Scopes.of(Ui.window());
  }

  /** The cells of a node's row by title. */
  private static String cell(String node, String title) throws Exception {
    String[] lines = view().text().split("\n");
    int column = List.of(lines[0].split("\t")).indexOf(title);
    return Arrays.stream(lines)
        .map(l -> l.split("\t", -1))
        .filter(l -> l[0].equals(node))
        .map(l -> l[column])
        .findFirst()
        .orElseThrow();
  }

  private static Optional<Table> found() {
    return Ui.find(
            Ui.shell(),
            c ->
                c instanceof Table t
                    && t.isVisible()
                    && t.getColumnCount() > 2
                    && t.getColumn(2).getText().equals("State"))
        .map(Table.class::cast);
  }

  private static boolean shown() {
    return found().isPresent();
  }

  private static Table table() {
    return found().orElseThrow();
  }

  private static TableColumn column(String title) {
    return Arrays.stream(table().getColumns())
        .filter(c -> c.getText().equals(title))
        .findFirst()
        .orElseThrow();
  }

  private static String side() throws Exception {
    return view().sideText();
  }

  @Test
  void nodes_live_areToldInWordsAndNumbers() {
    assertEquals("ready", Ui.call(() -> cell("n1", "State")));
    assertEquals("degraded", Ui.call(() -> cell("n2", "State")));
    assertEquals("VXLAN", Ui.call(() -> cell("n1", "Routing")));
    assertEquals("0.40 ms", Ui.call(() -> cell("n1", "Latency")));
    assertEquals("100 %", Ui.call(() -> cell("n1", "Loss")));
    assertEquals("82 %  conntrack_tcp", Ui.call(() -> cell("n2", "Fullest map")));
    assertEquals("42", Ui.call(() -> cell("n3", "Revision")));
    Ui.await("the matrix", () -> side().contains("no answer"));
    Ui.screenshot("nodes-light");
  }

  @Test
  void node_thatTellsNothing_isUnknownAndNeverZero() {
    server.services().node(io.sekisho.api.v1.Node.newBuilder().setName("n4").build());
    Ui.await("n4", () -> view().text().contains("n4"));
    for (String title : List.of("State", "Address", "Routing", "Latency", "Loss", "Fullest map")) {
      String text = Ui.call(() -> cell("n4", title));
      assertTrue(text.equals("?") || text.equals("unknown"), title + " is " + text);
    }
    assertEquals("–", Ui.call(() -> cell("n4", "Revision")));
    Ui.run(() -> scope().select(new Selected.Node("n4")));
    Ui.await("its side", () -> side().contains("Masquerade\t?"));
    assertTrue(Ui.call(() -> side().contains("Kernel features\t\t\nnot told\t?")));
  }

  @Test
  void node_selected_tellsWaysMapsAndFeatures() throws Exception {
    Ui.run(() -> scope().select(new Selected.Node("n1")));
    Ui.await("n1's side", () -> side().contains("Other nodes"));
    String side = Ui.call(NodesViewTest::side);
    for (String part :
        List.of(
            "n3's endpoints do not answer, the node does",
            "n3, endpoint\tno answer\t0 of 10 answered, never",
            "n2, endpoint\t0.40 ms\t10 of 10 answered, last ",
            "Underlay\teth0\tMTU 1,500",
            "Pod MTU\t1,450",
            "Pod ranges\t\t10.244.1.0/24, fd10:244:1::/64",
            "Masquerade\tyes",
            "Health addresses\t\t10.244.1.254",
            "Leaves by eth1\tIPv4 default\tas 198.19.0.1, fd19::1; MTU 1,500",
            "Leaves by tun7\tIPv6 default\tis no Ethernet device, though the IPv6 default route",
            "conntrack_tcp\t14 %\t9,000 of 65,536 entries",
            "netkit\tmissing\tveth pairs are used",
            "geneve\t?",
            "tcx\tpresent")) {
      assertTrue(side.contains(part), part + " in " + side);
    }
    assertTrue(side.indexOf("conntrack_tcp") < side.indexOf("nat\t"), "conntrack first");
    assertTrue(side.indexOf("nat\t") < side.indexOf("policy\t"), "then NAT");
    Ui.await("marked in the table", () -> table().getSelectionCount() == 1);
    Ui.screenshot("nodes-selected");
    Ui.size(1280, 800);
    Ui.screenshot("nodes-selected-1280");
  }

  @Test
  void trouble_ofNodes_isInTheDetailsAndLeadsToTheNode() {
    String what = "n3's endpoints do not answer";
    Ui.await(
        "a finding",
        () ->
            ((DetailsView) Ui.page().findView("io.sekisho.console.flows.details"))
                .texts()
                .contains(what));
    Ui.run(() -> Ui.click(Ui.press(Ui.shell(), what)));
    Ui.await("n3", () -> scope().selected().equals(new Selected.Node("n3")));
  }

  @Test
  void title_clicked_sortsAndTurns() {
    for (int i = 0; i < 2; i++) {
      Ui.run(() -> column("Fullest map").notifyListeners(SWT.Selection, new Event()));
      int up = i;
      Ui.await("sorted", () -> view().text().split("\n")[up == 0 ? 1 : 3].startsWith("n2\t"));
    }
  }

  @Test
  void width_changed_isKeptOverTheTheme() {
    Ui.run(() -> column("Routing").setWidth(111));
    Ui.run(() -> ThemeChoice.use(true));
    Ui.await("dark", () -> table().getBackground().equals(Themes.current().ground()));
    assertEquals(111, Ui.call(() -> column("Routing").getWidth()));
    Ui.await("rows again", () -> view().text().contains("n3"));
    Ui.screenshot("nodes-dark");
    Ui.run(() -> scope().select(new Selected.Node("n2")));
    Ui.await("n2's side", () -> side().contains("Other nodes"));
    Ui.screenshot("nodes-selected-dark");
    Ui.run(() -> ThemeChoice.use(false));
    Ui.await("light", () -> !Themes.current().dark());
    Ui.run(() -> column("Routing").setWidth(64));
  }

  @Test
  void rows_copied_areTsv() {
    String text =
        Ui.call(
            () -> {
              Ui.page().activate(view());
              table().setFocus();
              table().setSelection(1);
              table().notifyListeners(SWT.FocusIn, new Event());
              Ui.window()
                  .getService(IHandlerService.class)
                  .executeCommand("org.eclipse.ui.edit.copy", null);
              Clipboard clipboard = new Clipboard(Ui.display());
              String copied = (String) clipboard.getContents(TextTransfer.getInstance());
              clipboard.dispose();
              return copied;
            });
    String[] lines = text.split("\n");
    assertEquals(2, lines.length, text);
    assertTrue(lines[1].startsWith("n2\tdegraded\t0.40 ms\t100 %\t82 %"), text);
  }

  @Test
  void server_gone_lastDataStaysAndIsMarkedOld() {
    server.close();
    Ui.await("disconnected", () -> session.link() instanceof Link.Disconnected);
    Ui.await("said so", () -> view().note().contains("Retrying in"));
    assertTrue(Ui.call(() -> view().text().contains("n3")));
  }

  @Test
  void neverConnected_waiting_isRetriedAtOnceWhenAsked() {
    FakeSession down = new FakeSession("shop-dr");
    long now = System.currentTimeMillis();
    down.link(new Link.Disconnected("nothing listens on n1:4244", now, now + 30_000));
    ShopFixture.look(down);
    Ui.await("a sentence", () -> view().sentence().contains("Retrying in"));
    Ui.await("a button", () -> retry().isPresent());
    Ui.screenshot("nodes-waiting");
    Ui.run(() -> retry().orElseThrow().notifyListeners(SWT.Selection, new Event()));
    assertEquals(1, down.retries());
  }

  private static Optional<Control> retry() {
    return Ui.find(
        Ui.shell(), c -> c instanceof Button b && b.isVisible() && b.getText().equals("Retry now"));
  }

  @Test
  void noCluster_open_saysWhatToDo() {
    ShopFixture.lookAway();
    Ui.await("a sentence", () -> view().sentence().contains("Cluster > Connect"));
    assertFalse(Ui.call(NodesViewTest::shown));
  }
}
