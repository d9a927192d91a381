package io.sekisho.console.tests.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.app.OperatePerspective;
import io.sekisho.console.graph.layout.Pins;
import io.sekisho.console.graph.layout.Scene;
import io.sekisho.console.graph.view.GraphPanel;
import io.sekisho.console.graph.view.TrafficGraphView;
import io.sekisho.console.tests.FakeSession;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Selected;
import io.sekisho.flow.ServiceGraph;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.WorkbenchException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The view and the window's scope: each hears of the other. */
class TrafficGraphViewTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long NOW = 1_700_000_000L;
  private final Display display = PlatformUI.getWorkbench().getDisplay();
  private final FakeSession session = FakeSession.shop(NOW);
  private Scope scope;
  private GraphPanel panel;

  @BeforeEach
  void open() {
    ui(
        () -> {
          IWorkbenchWindow window = PlatformUI.getWorkbench().getWorkbenchWindows()[0];
          scope = Scopes.of(window);
          try {
            PlatformUI.getWorkbench().showPerspective(OperatePerspective.ID, window);
            TrafficGraphView view =
                (TrafficGraphView) window.getActivePage().showView(TrafficGraphView.ID);
            scope.show(Optional.of(session));
            panel = view.panel().orElseThrow();
          } catch (WorkbenchException e) {
            throw new AssertionError(e);
          }
          return 0;
        });
    await(() -> scene().filter(s -> !s.model().edges().isEmpty()).isPresent());
  }

  @AfterEach
  void close() {
    ui(
        () -> {
          panel.viewer().unpinAll();
          scope.filter("");
          scope.show(Optional.empty());
          return 0;
        });
  }

  private Optional<Scene> scene() {
    return panel.viewer().scene();
  }

  private <T> T ui(Supplier<T> work) {
    AtomicReference<T> result = new AtomicReference<>();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    display.syncExec(
        () -> {
          try {
            result.set(work.get());
          } catch (RuntimeException | AssertionError e) {
            failure.set(e);
          }
        });
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
    return result.get();
  }

  /** Asks on the UI thread until it is so. */
  private void await(Supplier<Boolean> condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!ui(condition)) {
      assertTrue(System.nanoTime() < deadline, "not within " + PATIENCE);
      LockSupport.parkNanos(10_000_000);
    }
  }

  @Test
  void traffic_session_isDrawnWhole() {
    int workloads = session.traffic().nodes().size();
    assertEquals(workloads, ui(() -> scene().orElseThrow().model().hidden().ofNodes()));
    assertTrue(ui(() -> panel.viewer().canvas().isVisible()));
  }

  @Test
  void select_inWindow_marksTheEdge() {
    ServiceGraph.Edge edge = session.traffic().edges().getFirst();
    ui(
        () -> {
          scope.select(new Selected.Connection(edge.clientKey(), edge.serverKey()));
          return 0;
        });
    assertEquals(Set.of(edge.key()), ui(() -> panel.viewer().seen().selected()));
  }

  @Test
  void select_inGraph_isTheWindowsSelection() {
    String node = session.traffic().edges().getFirst().serverKey();
    ui(
        () -> {
          panel.viewer().select(Set.of(node));
          return 0;
        });
    assertEquals(new Selected.Workload(node), ui(scope::selected));
  }

  @Test
  void filter_verdict_leavesOnlyDrops() {
    long dropped = session.traffic().edges().stream().filter(e -> e.droppedRate() > 0).count();
    ui(
        () -> {
          scope.filter("verdict=dropped");
          return 0;
        });
    await(() -> scene().orElseThrow().model().edges().size() == dropped);
  }

  @Test
  void pins_cluster_areKeptInThePreferences() {
    ui(
        () -> {
          var box = scene().orElseThrow().placement().nodes().get("shop/cart");
          panel.viewer().drag("shop/cart", box.x() + 10, box.y());
          panel.viewer().drop("shop/cart");
          scope.show(Optional.empty());
          return 0;
        });
    assertEquals(Pins.NONE, ui(() -> panel.viewer().pins()));
    ui(
        () -> {
          scope.show(Optional.of(session));
          return 0;
        });
    assertTrue(ui(() -> panel.viewer().pins().has("shop/cart")));
  }

  @Test
  void session_gone_saysSo() {
    ui(
        () -> {
          scope.show(Optional.empty());
          return 0;
        });
    assertTrue(ui(panel::sentence).length() > 10);
  }
}
