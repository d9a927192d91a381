package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Clusters;
import io.sekisho.console.core.Link;
import io.sekisho.console.nodes.NodesView;
import io.sekisho.console.path.PathView;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.PathEnds;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Selected;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import io.sekisho.flow.ServiceGraph.Edge;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Event;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.WorkbenchException;
import org.eclipse.ui.handlers.IHandlerService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The main job, without hands: a real cluster, its traffic in the window, one policy drafted from
 * an edge and pushed, the edge red with the rule's name, taken back, the edge whole again.
 */
class LabEndToEndTest {
  private static final String CART = "shop/cart";
  private static final String PAYMENT = "shop/payment";
  private static final String RULE = "shop/deny-cart-to-payment:1";
  private static final String POLICY = "io.sekisho.console.policy.";

  private static LabProgram lab;

  @BeforeAll
  static void up() throws Exception {
    // short: the path of a Unix socket has at most 107 bytes (unix(7))
    lab = new LabProgram(Files.createTempDirectory("sklab"));
    assertTrue(lab.built(), "node-agent/lab is built before this module");
    lab.run("up", "--nodes", "2");
  }

  @AfterAll
  static void down() throws Exception {
    if (lab.built()) {
      Clusters.shared().closeAll();
      lab.run("down");
      lab.forget();
    }
  }

  @Test
  void denyFromAnEdge_pushedAndReverted_edgeTurnsRedAndHeals() throws Exception {
    Scope scope = Ui.call(() -> Scopes.of(Ui.window()));
    ClusterSession session = Clusters.shared().open(lab.profile());
    Ui.run(() -> scope.show(Optional.of(session)));
    show("io.sekisho.console.app.operate");
    Ui.await("a connection", () -> session.link() instanceof Link.Connected);
    Ui.await("cart calls payment", () -> edge(session, e -> e.forwardedRate() > 0));
    Ui.screenshot("lab-1-connected");

    Ui.run(() -> scope.select(new Selected.Connection(CART, PAYMENT)));
    Ui.screenshot("lab-2-selected");
    command("draftDeny");
    view("impact");
    Button open = button("Push…");
    Ui.await("the draft is valid", open::isEnabled);
    Ui.await("the dry run says so", () -> ImpactUiTest.impactRow("cart → payment").isPresent());
    Ui.screenshot("lab-3-draft");
    Ui.run(() -> open.notifyListeners(SWT.Selection, new Event()));
    Button push = ImpactUiTest.dialogButton("Push 1 changed document");
    Ui.await("nothing keeps it from being pushed", push::isEnabled);
    long pushed = System.nanoTime();
    Ui.run(() -> push.notifyListeners(SWT.Selection, new Event()));
    Ui.await("a drop with the rule's name", () -> drop(session));
    long milliseconds = (System.nanoTime() - pushed) / 1_000_000;
    System.out.println("a drop by the new rule was seen " + milliseconds + " ms after the push");
    show("io.sekisho.console.app.operate");
    Ui.await("the edge is red", () -> edge(session, e -> RULE.equals(e.dropRule())));
    Ui.screenshot("lab-4-denied");

    view("rollout");
    Button revert = button("Revert now");
    Ui.await("the push can be reverted", revert::isVisible);
    Ui.run(() -> revert.notifyListeners(SWT.Selection, new Event()));
    long reverted = System.currentTimeMillis();
    Ui.await("cart reaches payment again", () -> forwardedSince(session, reverted));
    show("io.sekisho.console.app.operate");
    Ui.screenshot("lab-5-healed");
  }

  @Test
  void nodesAndPaths_live_areMeasuredAndADropIsExplained() throws Exception {
    Scope scope = Ui.call(() -> Scopes.of(Ui.window()));
    ClusterSession session = Clusters.shared().open(lab.profile());
    Ui.run(() -> scope.show(Optional.of(session)));
    show("io.sekisho.console.app.operate");
    Ui.await("a connection", () -> session.link() instanceof Link.Connected);
    Ui.await("the overlay", () -> nodes().text().contains("VXLAN"));
    Ui.run(() -> scope.select(new Selected.Node("n1")));
    Ui.await("the way to n2", () -> nodes().sideText().matches("(?s).*n2, node\t[0-9.]+ ms.*"));
    Ui.await(
        "the way to its endpoints",
        () -> nodes().sideText().matches("(?s).*n2, endpoint\t[0-9.]+ ms.*"));
    Ui.await("its kernel", () -> nodes().sideText().contains("\tpresent\t"));
    Ui.screenshot("lab-6-nodes");

    path(pod(session, "cart"), pod(session, "monitoring"));
    Ui.await("the hops", () -> paths().hops().lines().count() > 4);
    Ui.await("an answer", () -> paths().sentence().isEmpty());
    Ui.screenshot("lab-7-path");
    path(pod(session, "monitoring"), pod(session, "payment"));
    Ui.await("why nothing came back", () -> paths().sentence().startsWith("dropped on "));
    Ui.screenshot("lab-8-path-dropped");
  }

  private static NodesView nodes() throws PartInitException {
    return (NodesView) Ui.page().showView(NodesView.ID);
  }

  private static PathView paths() throws PartInitException {
    return (PathView) Ui.page().showView(PathView.ID);
  }

  private static void path(String source, String destination) {
    Ui.run(
        () -> Commands.fire(PathEnds.SHOW, Map.of("source", source, "destination", destination)));
  }

  private static String pod(ClusterSession session, String workload) {
    Ui.await(workload, () -> endpoint(session, workload).isPresent());
    return endpoint(session, workload).map(e -> e.getNamespace() + "/" + e.getPod()).orElseThrow();
  }

  private static Optional<Endpoint> endpoint(ClusterSession session, String workload) {
    return session.inventory().endpoints().values().stream()
        .filter(e -> e.getWorkload().equals(workload))
        .min(Comparator.comparing(Endpoint::getPod));
  }

  private static boolean edge(ClusterSession session, Predicate<Edge> fits) {
    return session.traffic().edge(CART, PAYMENT).filter(fits).isPresent();
  }

  private static boolean between(FlowRecord flow) {
    return flow.client().key().equals(CART) && flow.server().key().equals(PAYMENT);
  }

  private static boolean drop(ClusterSession session) {
    return session.flows().newestFirst().stream()
        .filter(LabEndToEndTest::between)
        .anyMatch(f -> f.verdict() == FlowVerdict.DROPPED && f.rule().equals(RULE));
  }

  private static boolean forwardedSince(ClusterSession session, long millis) {
    return session.flows().newestFirst().stream()
        .filter(LabEndToEndTest::between)
        .filter(f -> f.timeNanos() / 1_000_000 > millis)
        .anyMatch(f -> f.verdict() == FlowVerdict.FORWARDED && f.opened());
  }

  private static void show(String perspective) {
    Ui.run(
        () -> {
          try {
            PlatformUI.getWorkbench().showPerspective(perspective, Ui.window());
          } catch (WorkbenchException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static void view(String name) {
    Ui.call(
        () -> {
          try {
            return Ui.window().getActivePage().showView(POLICY + name);
          } catch (PartInitException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static Button button(String text) {
    Predicate<Control> fits = c -> c instanceof Button b && b.getText().equals(text);
    Ui.await(text, () -> Ui.find(Ui.shell(), fits).isPresent());
    return (Button) Ui.call(() -> Ui.find(Ui.shell(), fits).orElseThrow());
  }

  private static void command(String name) {
    Ui.run(
        () -> {
          try {
            Ui.window().getService(IHandlerService.class).executeCommand(POLICY + name, null);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }
}
