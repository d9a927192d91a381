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
import io.sekisho.console.flows.FlowsView;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Themes;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import java.util.List;
import org.eclipse.swt.SWT;
import org.eclipse.swt.dnd.Clipboard;
import org.eclipse.swt.dnd.TextTransfer;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.Text;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.swt.widgets.TreeItem;
import org.eclipse.ui.IViewPart;
import org.eclipse.ui.handlers.IHandlerService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The window as an operator uses it, against an agent that speaks the real protocols. */
class ConsoleUiTest {
  private static final String FLOWS = "io.sekisho.console.flows.table";
  private static final String DETAILS = "io.sekisho.console.flows.details";

  private ShopServer server;
  private ClusterSession session;

  @BeforeEach
  void connect() throws Exception {
    server = ShopServer.start(ShopFixture.pki(), 0, 400);
    session = GrpcClusterSession.open(server.profile("shop-prod"));
    Ui.run(
        () -> {
          Ui.shell().setBounds(0, 0, 1440, 900);
          Ui.shell().forceActive();
        });
    ShopFixture.look(session);
    Ui.await("flows", () -> session.flows().seen() > 1000);
    Ui.await("rows", () -> flows().shown().size() == 1000);
  }

  @AfterEach
  void leave() {
    ShopFixture.lookAway();
    session.close();
    server.close();
  }

  private static Scope scope() {
    return Scopes.of(Ui.window());
  }

  private static FlowsView flows() throws Exception {
    return (FlowsView) Ui.page().showView(FLOWS);
  }

  private static DetailsView details() throws Exception {
    return (DetailsView) Ui.page().showView(DETAILS);
  }

  private static Table table() {
    return (Table)
        Ui.find(
                Ui.shell(),
                c ->
                    c instanceof Table t
                        && t.isVisible()
                        && t.getColumnCount() > 1
                        && t.getColumn(1).getText().equals("Time"))
            .orElseThrow();
  }

  private static Text filterEntry() {
    return (Text)
        Ui.find(Ui.shell(), c -> c instanceof Text t && (t.getStyle() & SWT.SEARCH) != 0)
            .orElseThrow();
  }

  private static void type(String filter) {
    Ui.run(
        () -> {
          filterEntry().setText(filter);
          filterEntry().notifyListeners(SWT.DefaultSelection, new Event());
        });
  }

  @Test
  void start_operate_hasItsViewsAndTheClusterInItsTitle() {
    assertEquals(OperatePerspective.ID, Ui.call(() -> Ui.page().getPerspective().getId()));
    Ui.await("title", () -> Ui.shell().getText().contains("shop-prod"));
    for (String view :
        List.of(
            FLOWS, DETAILS, "io.sekisho.console.nodes.clusters", "io.sekisho.console.graph.view")) {
      IViewPart part = Ui.call(() -> Ui.page().findView(view));
      assertTrue(part != null, view);
    }
    Ui.await("graph", () -> session.traffic().edges().size() >= 15);
    Ui.screenshot("operate-light");
  }

  @Test
  void statusBar_nothingIsBelowIt() {
    Ui.await(
        "the bar at the bottom of the window",
        () -> {
          int height = Ui.shell().getClientArea().height;
          return Ui.find(
                  Ui.shell(),
                  c ->
                      c.getClass().getSimpleName().equals("Wide")
                          && Ui.shell().toControl(c.toDisplay(0, c.getSize().y)).y > height - 6)
              .isPresent();
        });
  }

  @Test
  void filter_typed_narrowsTheTableAndShowsAChip() {
    type("verdict=dropped and to.namespace=shop");
    Ui.await(
        "only drops",
        () ->
            !flows().shown().isEmpty()
                && flows().shown().stream().allMatch(f -> f.verdict() == FlowVerdict.DROPPED));
    Ui.screenshot("filtered");
    Control chip =
        Ui.call(() -> Ui.press(Ui.shell(), "Remove: verdict=dropped and to.namespace=shop"));
    Ui.run(() -> Ui.click(chip));
    Ui.await("all again", () -> scope().filter().isEmpty() && flows().shown().size() == 1000);
  }

  @Test
  void filter_wrong_saysWhereAndChangesNothing() {
    type("verdit=dropped");
    assertEquals("", Ui.call(() -> scope().filter()));
    assertTrue(
        Ui.call(
            () ->
                Ui.find(
                        Ui.shell(),
                        c ->
                            c instanceof org.eclipse.swt.widgets.Label l
                                && l.getText().startsWith("At 1:")
                                && l.getText().contains("verdict"))
                    .isPresent()));
    Ui.run(() -> filterEntry().setText(""));
  }

  @Test
  void connection_selected_showsWhyAndItsFlows() {
    Ui.await(
        "the scanner's edge",
        () -> session.traffic().edge("/203.0.113.40/32", "shop/payment").isPresent());
    Ui.run(() -> scope().select(new Selected.Connection("/203.0.113.40/32", "shop/payment")));
    Ui.await("why", () -> details().texts().contains("Denied by rule 1 of shop/deny-world"));
    Ui.await(
        "its flows only",
        () ->
            !flows().shown().isEmpty()
                && flows().shown().stream()
                    .allMatch(
                        f ->
                            f.server().workload().equals("payment")
                                && f.verdict() == FlowVerdict.DROPPED));
    assertTrue(Ui.call(() -> details().texts().contains("Show flows")));
    Ui.await(
        "the nearest miss",
        () -> details().texts().contains("CiliumNetworkPolicy shop/payment-in:1"));
    Ui.screenshot("selected");
  }

  @Test
  void attention_clicked_selectsTheConnection() {
    Ui.await("a finding", () -> details().texts().contains("catalog-v2 → database"));
    Ui.run(() -> Ui.click(Ui.press(Ui.shell(), "catalog-v2 → database")));
    Ui.await(
        "selected",
        () ->
            scope().selected().equals(new Selected.Connection("shop/catalog-v2", "shop/database")));
    Ui.await("no rule allows it", () -> details().texts().contains("No rule allows it"));
  }

  @Test
  void namespace_clickedInTheTree_narrowsTheTable() {
    Ui.await("namespaces", () -> namespace("ops").isPresent());
    Ui.run(
        () -> {
          TreeItem item = namespace("ops").orElseThrow();
          item.getParent().setSelection(item);
          Event event = new Event();
          event.item = item;
          item.getParent().notifyListeners(SWT.Selection, event);
        });
    Ui.await(
        "flows of ops",
        () ->
            !flows().shown().isEmpty()
                && flows().shown().stream().allMatch(f -> f.client().namespace().equals("ops")));
  }

  private static java.util.Optional<TreeItem> namespace(String name) {
    Tree tree =
        (Tree)
            Ui.find(
                    Ui.shell(),
                    c -> c instanceof Tree t && t.isVisible() && t.getColumnCount() == 2)
                .orElseThrow();
    for (TreeItem cluster : tree.getItems()) {
      for (TreeItem group : cluster.getItems()) {
        for (TreeItem item : group.getItems()) {
          if (item.getText().equals(name)) {
            return java.util.Optional.of(item);
          }
        }
      }
    }
    return java.util.Optional.empty();
  }

  @Test
  void pause_thenGoOn_standsStillThenFollows() {
    Ui.run(() -> Ui.click(Ui.press(Ui.shell(), "Stop the views (Space)")));
    assertTrue(Ui.call(() -> scope().paused()));
    long seen = session.flows().seen();
    List<FlowRecord> before = Ui.call(() -> flows().shown());
    Ui.await("more flows behind", () -> session.flows().seen() > seen + 400);
    List<FlowRecord> after = Ui.call(() -> flows().shown());
    assertTrue(
        after.getFirst().timeNanos() - before.getFirst().timeNanos() < 1_000_000_000L,
        "rows stood still");
    Ui.run(() -> scope().pause(false));
    Ui.await(
        "follows again",
        () -> flows().shown().getFirst().timeNanos() > after.getFirst().timeNanos());
  }

  @Test
  void table_scrolledDown_countsNewRowsAndJoinsOnClick() {
    Ui.await(
        "scrolled",
        () -> {
          table().setTopIndex(100);
          return table().getTopIndex() > 0;
        });
    Ui.await("new rows wait", () -> flows().waiting() > 0);
    List<FlowRecord> frozen = Ui.call(() -> flows().shown());
    Ui.await("more wait", () -> flows().waiting() > 50);
    assertEquals(frozen, Ui.call(() -> flows().shown()));
    Ui.run(
        () ->
            Ui.click(
                Ui.find(
                        Ui.shell(),
                        c -> c.getToolTipText() != null && c.getToolTipText().endsWith("new, join"))
                    .orElseThrow()));
    Ui.await("joined", () -> flows().waiting() == 0 && !flows().shown().equals(frozen));
  }

  @Test
  void rows_copied_areTsv() {
    String text =
        Ui.call(
            () -> {
              scope().pause(true);
              table().setSelection(0, 1);
              Ui.page().activate(flows());
              Ui.window()
                  .getService(IHandlerService.class)
                  .executeCommand("org.eclipse.ui.edit.copy", null);
              Clipboard clipboard = new Clipboard(Ui.display());
              String copied = (String) clipboard.getContents(TextTransfer.getInstance());
              clipboard.dispose();
              return copied;
            });
    String[] lines = text.split("\n");
    assertEquals(3, lines.length);
    assertTrue(lines[0].startsWith("Time\tVerdict\tFrom"), lines[0]);
    assertEquals(lines[0].split("\t").length, lines[1].split("\t").length);
  }

  @Test
  void theme_switched_everythingFollows() {
    Ui.run(() -> ThemeChoice.use(true));
    Ui.await("dark", () -> Themes.current().dark());
    Ui.await("rows again", () -> flows().shown().size() == 1000);
    Ui.await("dark table", () -> table().getBackground().equals(Themes.current().ground()));
    Ui.screenshot("operate-dark");
    Ui.run(() -> ThemeChoice.use(false));
    Ui.await("light", () -> !Themes.current().dark());
  }

  @Test
  void server_gone_lastDataStaysAndIsMarkedOld() {
    server.close();
    Ui.await("disconnected", () -> session.link() instanceof Link.Disconnected);
    assertFalse(Ui.call(() -> flows().shown()).isEmpty());
    Ui.await(
        "said so",
        () ->
            Ui.find(
                    Ui.shell(),
                    c -> c.getToolTipText() != null && c.getToolTipText().contains("Retrying in"))
                .isPresent());
    Ui.await(
        "numbers are not known",
        () ->
            Ui.find(
                    Ui.shell(),
                    c ->
                        "No agent is connected: what flows now is not known."
                            .equals(c.getToolTipText()))
                .isPresent());
    Ui.screenshot("disconnected");
  }

  @Test
  void noCluster_open_saysWhatToDo() {
    ShopFixture.lookAway();
    Ui.await(
        "a sentence",
        () ->
            Ui.find(
                    Ui.shell(),
                    c ->
                        c instanceof org.eclipse.swt.widgets.Label l
                            && l.getText().contains("Cluster > Connect"))
                .isPresent());
    Ui.screenshot("no-cluster");
  }
}
