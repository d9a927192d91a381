package io.sekisho.console.app;

import com.google.protobuf.Timestamp;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.Revision;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.NewDrops;
import io.sekisho.console.ui.Background;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.NodeTroubles;
import io.sekisho.console.ui.Paint;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Themes;
import io.sekisho.console.ui.ViewState;
import io.sekisho.flow.ServiceGraph;
import io.sekisho.flow.recording.FlowRecorder;
import jakarta.annotation.PostConstruct;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.ILog;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PartInitException;

/** Which revision is in force where, how the store is, and how much needs attention. */
public final class StatusBar {
  private static final int HEIGHT = 27;
  private static final String ROLLOUT = "io.sekisho.console.policy.rollout";

  /** Called by the platform. */
  @PostConstruct
  public void create(Composite parent, IWorkbenchWindow window) {
    Scope scope = Scopes.of(window);
    Wide bar = new Wide(parent, HEIGHT);
    build(bar, window);
    Scope.Listener listener = topic -> redraw(bar);
    scope.addListener(listener);
    second(bar, scope);
    bar.addDisposeListener(e -> scope.removeListener(listener));
    Background.onChange(bar, () -> redraw(bar));
    Themes.onChange(bar, () -> build(bar, window));
  }

  private static void build(Wide made, IWorkbenchWindow window) {
    Scope scope = Scopes.of(window);
    made.clear();
    Look look = Look.of(made.getDisplay());
    made.setBackground(look.theme().panel());
    look.hairline(made);
    Canvas line = look.canvas(made, SWT.DEFAULT, 26, (gc, w, h) -> paint(gc, w, h, look, scope));
    ((GridData) line.getLayoutData()).grabExcessVerticalSpace = false;
    line.addListener(SWT.MouseUp, e -> clicked(window, scope));
    made.layout(true, true);
  }

  private static boolean pending(Scope scope) {
    return scope.session().flatMap(s -> s.revisions().pending()).isPresent();
  }

  /** A push that waits is kept or reverted in the rollout view; else what needs attention. */
  private static void clicked(IWorkbenchWindow window, Scope scope) {
    if (!pending(scope)) {
      scope.select(new Selected.Nothing());
      return;
    }
    PerspectiveTabs.show(window, ConfigurePerspective.ID);
    try {
      window.getActivePage().showView(ROLLOUT);
    } catch (PartInitException e) {
      ILog.of(StatusBar.class).error("The rollout did not open.", e);
    }
  }

  /** While a push waits for its confirmation the time is counted down. */
  private static void second(Wide bar, Scope scope) {
    if (bar.isDisposed()) {
      return;
    }
    if (pending(scope)) {
      redraw(bar);
    }
    bar.getDisplay().timerExec(1000, () -> second(bar, scope));
  }

  private static void redraw(Wide bar) {
    for (Control child : bar.getChildren()) {
      child.redraw();
    }
  }

  private static void paint(GC gc, int w, int h, Look look, Scope scope) {
    int alerts = scope.session().map(StatusBar::alerts).orElse(0);
    int right = w - 12;
    if (alerts > 0) {
      right =
          Paint.textBefore(
              gc,
              Format.counted(alerts, Texts.status_alert),
              look.fonts().small(),
              look.theme().dropped(),
              right,
              h / 2);
      Icons.DROPPED.draw(gc, right - 20, h / 2 - 8, look.theme().dropped());
    }
    right = running(gc, look, right, h);
    int x = pending(gc, look, scope, h);
    for (String text : texts(scope)) {
      gc.setFont(look.fonts().small());
      String fitting = Paint.fit(gc, text, Math.max(40, right - 40 - x));
      x = Paint.text(gc, fitting, look.fonts().small(), look.theme().faint(), x, h / 2) + 20;
    }
  }

  /** A push that waits for its confirmation: the time left, and what it began to drop. */
  private static int pending(GC gc, Look look, Scope scope, int h) {
    Optional<String> words =
        scope
            .session()
            .flatMap(
                s ->
                    s.revisions()
                        .pending()
                        .map(r -> words(r, s, System.currentTimeMillis()))
                        .filter(w -> !w.isEmpty()));
    if (words.isEmpty()) {
      return 12;
    }
    Icons.CLOCK.draw(gc, 12, h / 2 - 8, look.theme().audit());
    return Paint.text(gc, words.get(), look.fonts().small(), look.theme().text(), 32, h / 2) + 20;
  }

  private static String words(Revision revision, ClusterSession session, long nowMillis) {
    long left = revision.getConfirmDeadline().getSeconds() - nowMillis / 1000;
    if (left < 0) {
      return "";
    }
    Timestamp pushed = revision.getCreated();
    long drops =
        NewDrops.since(session.flows(), pushed.getSeconds() * 1_000_000_000L + pushed.getNanos())
            .flows();
    return Texts.bind(
        Texts.status_pending,
        new Object[] {
          Format.count(revision.getNumber()),
          left,
          drops == 0 ? Texts.status_no_drops : Format.counted(drops, Texts.status_new_drop)
        });
  }

  /** What takes time and is not done yet: the newest, and how many more. */
  private static int running(GC gc, Look look, int right, int h) {
    List<String> running = Background.running();
    if (running.isEmpty()) {
      return right;
    }
    String more = running.size() == 1 ? "" : " + " + (running.size() - 1);
    gc.setFont(look.fonts().small());
    String text = Paint.fit(gc, running.getLast() + " …" + more, Math.max(80, right / 3));
    int end = right - 28;
    int x = Paint.textBefore(gc, text, look.fonts().small(), look.theme().text(), end, h / 2);
    Icons.CLOCK.draw(gc, x - 20, h / 2 - 8, look.theme().accent());
    return x - 24;
  }

  private static List<String> texts(Scope scope) {
    List<String> texts = new ArrayList<>();
    switch (ViewState.of(scope, System.currentTimeMillis())) {
      case ViewState.Live l -> {}
      case ViewState.Waiting s -> texts.add(s.text());
      case ViewState.Partial s -> texts.add(s.text());
      case ViewState.Old s -> texts.add(s.text());
      case ViewState.Refused s -> texts.add(s.text());
    }
    scope.session().ifPresent(s -> texts.addAll(cluster(s)));
    return texts;
  }

  private static List<String> cluster(ClusterSession session) {
    Collection<Node> nodes = session.inventory().nodes().values();
    if (nodes.isEmpty()) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    long head =
        Math.max(
            session.revisions().head(),
            nodes.stream().mapToLong(Node::getRealizedRevision).max().orElse(0));
    if (head == 0) {
      texts.add(Texts.status_no_revision);
    } else {
      long on = nodes.stream().filter(n -> n.getRealizedRevision() == head).count();
      texts.add(
          Texts.bind(Texts.status_revision, new Object[] {Format.count(head), on, nodes.size()}));
    }
    texts.add(
        session.tap().recorder().map(StatusBar::recording).orElse(Texts.status_recording_off));
    nodes.stream().map(Node::getStore).filter(s -> !s.isEmpty()).distinct().forEach(texts::add);
    return texts;
  }

  private static String recording(FlowRecorder recorder) {
    return recorder
        .failure()
        .map(f -> Texts.bind(Texts.status_recording_broke, f.getMessage()))
        .orElseGet(
            () ->
                recorder.missing() == 0
                    ? Texts.bind(Texts.status_recording, Format.count(recorder.written()))
                    : Texts.bind(
                        Texts.status_recording_missing,
                        Format.count(recorder.written()),
                        Format.count(recorder.missing())));
  }

  private static int alerts(ClusterSession session) {
    long edges = session.traffic().edges().stream().filter(StatusBar::dropped).count();
    long nodes = NodeTroubles.of(session.inventory()).size();
    long work =
        session.traffic().nodes().stream()
            .filter(n -> n.pods() > 0 && n.ready() < n.pods())
            .count();
    return (int) (edges + nodes + work);
  }

  private static boolean dropped(ServiceGraph.Edge edge) {
    return edge.droppedRate() > 0 && !edge.stale();
  }
}
