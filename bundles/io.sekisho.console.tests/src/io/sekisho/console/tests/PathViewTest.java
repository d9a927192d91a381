package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.app.ConfigurePerspective;
import io.sekisho.console.app.OperatePerspective;
import io.sekisho.console.app.ThemeChoice;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.GrpcClusterSession;
import io.sekisho.console.core.Link;
import io.sekisho.console.path.PathView;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.PathEnds;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Themes;
import java.util.Map;
import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Text;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.swt.widgets.TreeItem;
import org.eclipse.ui.PlatformUI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The path view as an operator uses it, against an agent that speaks the real protocols. */
class PathViewTest {
  private static final String CART = "shop/cart-1";

  private ShopServer server;
  private ClusterSession session;

  @BeforeEach
  void connect() throws Exception {
    server = ShopServer.start(ShopFixture.pki(), 0, 200);
    session = GrpcClusterSession.open(server.profile("shop-prod"));
    look();
  }

  private void look() {
    Ui.run(() -> Ui.shell().setBounds(0, 0, 1440, 900));
    ShopFixture.look(session);
    Ui.await("endpoints", () -> session.inventory().synced());
    Ui.await("the view", () -> view() != null);
  }

  @AfterEach
  void leave() throws Exception {
    Ui.call(
        () -> {
          PlatformUI.getWorkbench().showPerspective(OperatePerspective.ID, Ui.window());
          return Ui.page().showView("io.sekisho.console.flows.table");
        });
    ShopFixture.lookAway();
    session.close();
    server.close();
  }

  private static PathView view() throws Exception {
    return (PathView) Ui.page().showView(PathView.ID);
  }

  private static Text field(String hint) {
    return (Text)
        Ui.find(
                Ui.shell(),
                c -> c instanceof Text t && t.isVisible() && t.getMessage().equals(hint))
            .orElseThrow();
  }

  private static Optional<Button> button(String text) {
    return Ui.find(
            Ui.shell(), c -> c instanceof Button b && b.isVisible() && b.getText().equals(text))
        .map(Button.class::cast);
  }

  /** The path view's own word: the traffic graph has one of the same name, which comes first. */
  private static Control turn(String name) {
    Composite path = (Composite) field("namespace/pod").getParent().getParent();
    return Ui.press(path, name);
  }

  private static void press(String text) {
    Ui.await(text, () -> button(text).filter(Button::isEnabled).isPresent());
    Ui.run(() -> button(text).orElseThrow().notifyListeners(SWT.Selection, new Event()));
  }

  private static void measure(String source, String destination) {
    Ui.call(
        () -> {
          view();
          field("namespace/pod or an address").setText(destination);
          field("namespace/pod").setText(source);
          return true;
        });
    press("Measure");
  }

  @Test
  void path_good_showsEveryStationWithItsLatency() {
    measure(CART, "shop/database-1");
    Ui.await("hops", () -> view().hops().split("\n").length == 9);
    String hops = Ui.call(() -> view().hops());
    assertTrue(hops.contains("1\tn1\tpod\tcart-1"), hops);
    assertTrue(hops.contains("4\tn1\tunderlay\teth0\t198.18.0.1"), hops);
    assertTrue(hops.contains("5\tn2\tunderlay\teth0\t198.18.0.2\t0.24 ms"), hops);
    assertTrue(hops.contains("8\tn2\tpod\tdatabase-1"), hops);
    assertEquals("", Ui.call(() -> view().sentence()));
    assertEquals(5, server.services().paths().asked().getFirst().getCount());
    Ui.screenshot("path-light");
    Ui.run(() -> Ui.click(turn("As table")));
    Ui.await("the table", () -> turn("As picture").isVisible());
    Ui.screenshot("path-table");
    Ui.run(() -> Ui.click(turn("As picture")));
  }

  @Test
  void path_good_staysOverTheTheme() {
    measure(CART, "shop/database-1");
    Ui.await("hops", () -> view().hops().contains("database-1"));
    Ui.run(() -> ThemeChoice.use(true));
    Ui.await("dark", () -> Themes.current().dark() && view().hops().contains("database-1"));
    Ui.screenshot("path-dark");
    measure(CART, "shop/payment-2");
    Ui.await("dropped", () -> view().sentence().startsWith("dropped on n2"));
    Ui.screenshot("path-dropped-dark");
    Ui.run(() -> ThemeChoice.use(false));
    Ui.await("light", () -> !Themes.current().dark());
  }

  @Test
  void path_toAnAddress_leavesTheClusterMasqueraded() {
    measure(CART, "198.51.100.7");
    Ui.await("hops", () -> view().hops().contains("198.51.100.7"));
    String hops = Ui.call(() -> view().hops());
    assertTrue(hops.contains("\tn1\tmasquerade\tmasquerade\t198.18.0.1"), hops);
    assertTrue(hops.contains("\t–\toutside\t198.51.100.7"), hops);
    Ui.screenshot("path-outside");
  }

  @Test
  void path_toAnAddressByAnotherDevice_namesTheUplink() {
    measure(CART, ShopPaths.BY_UPLINK);
    Ui.await("hops", () -> view().hops().contains(ShopPaths.BY_UPLINK));
    String hops = Ui.call(() -> view().hops());
    assertTrue(hops.contains("\tn1\tuplink\teth1\t198.19.0.1"), hops);
    Ui.screenshot("path-uplink");
  }

  @Test
  void path_dropped_namesTheRuleAndOpensIt() {
    measure(CART, "shop/payment-2");
    Ui.await(
        "why",
        () ->
            view()
                .sentence()
                .equals("dropped on n2: policy denied by shop/deny-cart-to-payment:1"));
    String hops = Ui.call(() -> view().hops());
    assertTrue(
        hops.lines().anyMatch(l -> l.startsWith("7\tn2") && l.contains("dropped here")), hops);
    assertTrue(
        hops.lines().anyMatch(l -> l.startsWith("8\tn2") && l.contains("not reached")), hops);
    Ui.screenshot("path-dropped");
    Ui.size(1280, 800);
    Ui.screenshot("path-dropped-1280");
    press("Open rule");
    Ui.await("Configure", () -> Ui.page().getPerspective().getId().equals(ConfigurePerspective.ID));
    Ui.await(
        "its document",
        () ->
            Ui.page().getActiveEditor() != null
                && Ui.page().getActiveEditor().getTitle().contains("deny-cart-to-payment"));
    Ui.screenshot("configure");
  }

  @Test
  void path_silent_saysThatNobodyKnows() {
    measure(CART, "shop/cart-0");
    Ui.await("a sentence", () -> view().sentence().startsWith("Nothing came back"));
    assertTrue(Ui.call(() -> view().hops()).contains("\t?\t"), "how far they came is unknown");
    Ui.screenshot("path-silent");
  }

  @Test
  void path_slow_isCancelledOnTheAgent() {
    measure(CART, ShopPaths.SLOW);
    Ui.await("it runs", () -> view().running());
    Ui.await("the agent is asked", () -> !server.services().paths().asked().isEmpty());
    Ui.screenshot("path-running");
    press("Cancel");
    Ui.await("cancelled", () -> view().sentence().equals("The measurement was cancelled."));
    Ui.await("on the agent, too", () -> !server.services().paths().cancelled().isEmpty());
    assertFalse(Ui.call(() -> view().running()));
  }

  @Test
  void path_failed_saysWhyAndIsRetried() {
    measure(CART, ShopPaths.FAILING);
    Ui.await(
        "a sentence",
        () -> view().sentence().equals("The path was not measured: n3 does not answer."));
    assertTrue(Ui.call(() -> button("Details").isPresent()));
    Ui.screenshot("path-failed");
    press("Retry");
    Ui.await("asked again", () -> server.services().paths().asked().size() == 2);
  }

  @Test
  void source_unknown_isNamed() {
    measure("shop/nobody", "shop/cart-0");
    Ui.await("a sentence", () -> view().sentence().contains("there is no endpoint shop/nobody"));
  }

  @Test
  void viewer_mayNotMeasure_andIsToldWhy() {
    session.close();
    session = GrpcClusterSession.open(server.profile("shop-look", "victor"));
    look();
    Ui.await("connected", () -> session.link() instanceof Link.Connected);
    Ui.await("the reason", () -> view().forbidden().contains("role operator is needed"));
    assertFalse(Ui.call(() -> button("Measure").orElseThrow().isEnabled()));
    Ui.screenshot("path-viewer");
  }

  @Test
  void edge_showPath_measuresBetweenItsPods() {
    Ui.await("the edge", () -> session.traffic().edge("shop/cart", "shop/database").isPresent());
    Ui.run(() -> scope().select(new Selected.Connection("shop/cart", "shop/database")));
    press("Show path");
    Ui.await("asked", () -> !server.services().paths().asked().isEmpty());
    var asked = server.services().paths().asked().getFirst();
    assertTrue(asked.getSource().startsWith("shop/cart-"), asked.getSource());
    assertTrue(asked.getDestination().startsWith("shop/database-"), asked.getDestination());
  }

  @Test
  void edge_fromOutside_hasNoPath() {
    Ui.await(
        "the edge", () -> session.traffic().edge("/203.0.113.40/32", "shop/payment").isPresent());
    Ui.run(() -> scope().select(new Selected.Connection("/203.0.113.40/32", "shop/payment")));
    Ui.await("a button", () -> button("Show path").isPresent());
    assertFalse(Ui.call(() -> button("Show path").orElseThrow().isEnabled()));
  }

  @Test
  void pod_inTheTree_isOneEnd() {
    Ui.await("namespaces", () -> item("ops").isPresent());
    Ui.run(
        () -> {
          TreeItem ops = item("ops").orElseThrow();
          ops.setExpanded(true);
          Event event = new Event();
          event.item = ops;
          ops.getParent().notifyListeners(SWT.Expand, event);
        });
    Ui.await("its pods", () -> item("monitoring-1").isPresent());
    Ui.run(() -> Commands.fire(PathEnds.SHOW, Map.of("source", "ops/monitoring-1")));
    assertEquals("ops/monitoring-1", Ui.call(() -> field("namespace/pod").getText()));
    Ui.run(() -> item("ops").orElseThrow().setExpanded(false));
  }

  private static Optional<TreeItem> item(String name) {
    Tree tree = (Tree) Ui.find(Ui.shell(), c -> c instanceof Tree).orElseThrow();
    return below(tree.getItems(), name);
  }

  private static Optional<TreeItem> below(TreeItem[] items, String name) {
    for (TreeItem item : items) {
      Optional<TreeItem> deeper =
          item.getText().equals(name) ? Optional.of(item) : below(item.getItems(), name);
      if (deeper.isPresent()) {
        return deeper;
      }
    }
    return Optional.empty();
  }

  private static Scope scope() {
    return Scopes.of(Ui.window());
  }
}
