package io.sekisho.console.tests.lab;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Clusters;
import io.sekisho.console.core.Link;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Selected;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import io.sekisho.flow.ServiceGraph.Edge;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.IViewPart;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.WorkbenchException;
import org.eclipse.ui.handlers.IHandlerService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The main job, without hands: a real cluster, its traffic in the window, one policy drafted from an
 * edge and pushed, the edge red with the rule's name, taken back, the edge whole again.
 */
class LabEndToEndTest {
  private static final Duration LONG = Duration.ofSeconds(60);
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
    Scope scope = Desk.see(() -> Scopes.of(Desk.window()));
    ClusterSession session = Clusters.shared().open(lab.profile());
    Desk.act(() -> scope.show(Optional.of(session)));
    show("io.sekisho.console.app.operate");
    Desk.await("a connection", LONG, () -> session.link() instanceof Link.Connected);
    Desk.await("cart calls payment", LONG, () -> edge(session, e -> e.forwardedRate() > 0));
    Desk.shoot("1-connected");

    Desk.act(() -> scope.select(new Selected.Connection(CART, PAYMENT)));
    Desk.shoot("2-selected");
    command("draftDeny");
    IViewPart impact = view("impact");
    Button push = button(impact, "Push to the agents");
    Desk.await("the draft is valid", LONG, push::isEnabled);
    Desk.shoot("3-draft");
    Desk.act(() -> Desk.press(push));
    Desk.await("the rollout is realized", LONG, () -> realized(session));
    long pushed = System.nanoTime();
    Desk.await("a drop with the rule's name", LONG, () -> drop(session));
    long milliseconds = (System.nanoTime() - pushed) / 1_000_000;
    System.out.println("drop seen " + milliseconds + " ms after the rollout was realized");
    show("io.sekisho.console.app.operate");
    Desk.await(
        "the edge is red", LONG, () -> edge(session, e -> RULE.equals(e.dropRule())));
    Desk.shoot("4-denied");

    IViewPart rollout = view("rollout");
    Button revert = button(rollout, "Revert now");
    Desk.await("the push can be reverted", LONG, revert::isVisible);
    Desk.act(() -> Desk.press(revert));
    long reverted = System.currentTimeMillis();
    Desk.await(
        "cart reaches payment again", LONG, () -> forwardedSince(session, reverted));
    show("io.sekisho.console.app.operate");
    Desk.shoot("5-healed");
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

  private static boolean realized(ClusterSession session) {
    return !session.inventory().nodes().isEmpty()
        && session.inventory().nodes().values().stream()
            .allMatch(n -> n.getRealizedRevision() == session.revisions().head());
  }

  private static void show(String perspective) {
    Desk.act(
        () -> {
          try {
            PlatformUI.getWorkbench().showPerspective(perspective, Desk.window());
          } catch (WorkbenchException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static IViewPart view(String name) {
    return Desk.see(
        () -> {
          try {
            return Desk.window().getActivePage().showView(POLICY + name);
          } catch (PartInitException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static Button button(IViewPart view, String text) {
    Composite root = Desk.see(() -> Desk.window().getShell());
    Desk.await(
        text,
        LONG,
        () -> {
          try {
            return Desk.find(root, Button.class, b -> b.getText().equals(text)) != null;
          } catch (AssertionError absent) {
            return false;
          }
        });
    return Desk.see(() -> Desk.find(root, Button.class, b -> b.getText().equals(text)));
  }

  private static void command(String name) {
    Desk.act(
        () -> {
          try {
            Desk.window().getService(IHandlerService.class).executeCommand(POLICY + name, null);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }
}
