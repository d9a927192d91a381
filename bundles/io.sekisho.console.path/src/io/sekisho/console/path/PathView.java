package io.sekisho.console.path;

import io.sekisho.api.v1.TracePathRequest;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.path.Measurement.State;
import io.sekisho.console.ui.Background;
import io.sekisho.console.ui.ConsoleView;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.PathEnds;
import io.sekisho.console.ui.Press;
import io.sekisho.console.ui.Scope.Topic;
import io.sekisho.console.ui.ViewState;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StackLayout;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.ProgressBar;

/** The path between two endpoints that the operator chooses, measured on demand. */
public final class PathView extends ConsoleView {
  /** Id of the view. */
  public static final String ID = "io.sekisho.console.path.view";

  private final PathForm.Values values = new PathForm.Values();
  private final Measurement measurement = new Measurement(this::refresh);
  private Optional<Pieces> pieces = Optional.empty();
  private Optional<ClusterSession> measured = Optional.empty();
  private Optional<State> shown = Optional.empty();
  private boolean asTable;

  /** What is made anew with the theme. */
  private record Pieces(
      Look look,
      Composite root,
      PathForm form,
      Composite stack,
      StackLayout top,
      Composite message,
      Label sentence,
      ProgressBar progress,
      Button details,
      Button retry,
      Composite contents,
      Label caption,
      Composite turn,
      Press toTable,
      Press toPicture,
      PathCanvas picture,
      HopTable table,
      PathResult result) {}

  @Override
  protected void createContents(Composite root, Look look) {
    GridLayout layout = new GridLayout(1, false);
    layout.marginWidth = 0;
    layout.marginHeight = 0;
    layout.verticalSpacing = 0;
    root.setLayout(layout);
    PathForm form = new PathForm(root, look, scope(), values, this::measure, measurement::cancel);
    Composite stack = new Composite(root, SWT.NONE);
    stack.setBackground(look.theme().ground());
    stack.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    StackLayout top = new StackLayout();
    stack.setLayout(top);
    shown = Optional.empty();
    pieces = Optional.of(new Parts(look, stack).pieces(root, form, top));
    refresh();
  }

  /** Makes what stands below the form. */
  private final class Parts {
    private final Look look;
    private final Composite stack;

    Parts(Look look, Composite stack) {
      this.look = look;
      this.stack = stack;
    }

    Pieces pieces(Composite root, PathForm form, StackLayout top) {
      Composite message = look.box(stack, look.theme().ground(), 1, 24, 16, 8);
      Label sentence = look.wrapped(message, "", look.fonts().normal(), look.theme().faint());
      sentence.setAlignment(SWT.CENTER);
      sentence.setLayoutData(new GridData(SWT.FILL, SWT.END, true, true));
      ProgressBar progress = new ProgressBar(message, SWT.INDETERMINATE);
      progress.setLayoutData(centred());
      Composite buttons = look.box(message, look.theme().ground(), 2, 0, 0, 8);
      buttons.setLayoutData(new GridData(SWT.CENTER, SWT.TOP, true, true));
      Button retry = button(buttons, Texts.action_retry, PathView.this::measure);
      Button details = button(buttons, Texts.action_details, PathView.this::details);
      Composite contents = look.box(stack, look.theme().ground(), 1, 0, 0, 0);
      Composite head = look.row(contents, look.theme().ground(), 3, 12, 0, 0);
      Label caption = look.label(head, "", look.fonts().small(), look.theme().faint());
      caption.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
      Press table = Press.word(head, look, Texts.action_as_table, PathView.this::turn);
      Press picture = Press.word(head, look, Texts.action_as_picture, PathView.this::turn);
      Composite turn = new Composite(contents, SWT.NONE);
      turn.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
      turn.setLayout(new StackLayout());
      PathCanvas drawn = new PathCanvas(turn, look, s -> caption(caption, s));
      HopTable rows = new HopTable(turn, look);
      rows.table().copyable(getSite());
      PathResult result = new PathResult(contents, look);
      return new Pieces(
          look, root, form, stack, top, message, sentence, progress, details, retry, contents,
          caption, turn, table, picture, drawn, rows, result);
    }

    private static GridData centred() {
      return new GridData(SWT.CENTER, SWT.CENTER, true, false);
    }

    private static Button button(Composite parent, String text, Runnable action) {
      Button button = new Button(parent, SWT.PUSH);
      button.setText(text);
      button.addListener(SWT.Selection, e -> action.run());
      return button;
    }
  }

  /** One sentence about the station that is chosen, else about the measurement. */
  private void caption(Label caption, Optional<PathPlan.Station> station) {
    caption.setText(
        station
            .map(s -> s.hop().getDetail().isEmpty() ? s.name() : s.hop().getDetail())
            .orElseGet(this::summary)
            .replace("&", "&&"));
  }

  private String summary() {
    return measurement.state() instanceof State.Done d
        ? Texts.bind(
                Texts.summary,
                new Object[] {
                  d.request().getSource(),
                  d.request().getDestination(),
                  Format.time(d.atMillis() * 1_000_000L)
                })
            + PathWords.mtu(d.answer().getHopsList())
        : "";
  }

  private void turn() {
    asTable = !asTable;
    pieces.ifPresent(this::turn);
  }

  private void turn(Pieces p) {
    StackLayout layout = (StackLayout) p.turn().getLayout();
    layout.topControl = asTable ? p.table().table().widget() : p.picture().control();
    p.turn().layout();
    shown(p.toTable().control(), !asTable);
    shown(p.toPicture().control(), asTable);
    p.toTable().control().getParent().layout(true);
  }

  private static void shown(Control control, boolean shown) {
    ((GridData) control.getLayoutData()).exclude = !shown;
    control.setVisible(shown);
  }

  /** Takes other ends; measures at once when both are known and it is allowed. */
  void show(PathEnds ends) {
    values.ends(ends);
    pieces.ifPresent(p -> p.form().take());
    if (values.complete()) {
      measure();
    } else {
      pieces.ifPresent(p -> p.form().focus());
    }
  }

  /** Takes one end and keeps the other. */
  void show(Optional<String> source, Optional<String> destination) {
    TracePathRequest now = values.request();
    show(new PathEnds(source.orElse(now.getSource()), destination.orElse(now.getDestination())));
  }

  private void measure() {
    Optional<ClusterSession> session = scope().session();
    if (pieces.isEmpty() || !values.complete() || Measurement.forbidden(session).isPresent()) {
      refresh();
      return;
    }
    measured = session;
    measurement.start(session.get(), values.request(), pieces.get().root());
  }

  private void details() {
    if (measurement.state() instanceof State.Failed f) {
      Background.fail(getSite().getShell(), Texts.failed_what, f.why());
    }
  }

  @Override
  protected void changed(Topic topic) {
    switch (topic) {
      case SESSION -> {
        if (!measured.equals(scope().session())) {
          measured = Optional.empty();
          measurement.stop();
        }
        refresh();
      }
      case LINK -> refresh();
      case INVENTORY, SELECTION, FILTER, PAUSE, FLOWS, TRAFFIC, REVISIONS -> {}
    }
  }

  private void refresh() {
    pieces.filter(p -> !p.root().isDisposed()).ifPresent(this::fill);
  }

  private void fill(Pieces p) {
    p.form().state(measurement.running(), Measurement.forbidden(scope().session()));
    if (shown.filter(measurement.state()::equals).isPresent()
        && !(measurement.state() instanceof State.Idle)) {
      return;
    }
    shown = Optional.of(measurement.state());
    switch (measurement.state()) {
      case State.Idle i -> message(p, idle(), false, false);
      case State.Running r ->
          message(
              p,
              Texts.bind(Texts.running, r.request().getSource(), r.request().getDestination()),
              true,
              false);
      case State.Failed f -> message(p, sentence(f.why()), false, true);
      case State.Done d -> done(p, d);
    }
  }

  private String idle() {
    ViewState state = ViewState.of(scope(), System.currentTimeMillis());
    return switch (state) {
      case ViewState.Waiting w -> w.text();
      case ViewState.Refused r -> r.text();
      case ViewState.Live l -> Texts.idle;
      case ViewState.Partial q -> Texts.idle;
      case ViewState.Old o -> o.text();
    };
  }

  private static String sentence(Throwable why) {
    Throwable cause =
        why instanceof CompletionException && why.getCause() != null ? why.getCause() : why;
    if (cause instanceof CancellationException) {
      return Texts.cancelled;
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private void message(Pieces p, String text, boolean running, boolean failed) {
    p.sentence().setText(text.replace("&", "&&"));
    p.sentence().setForeground(failed ? p.look().theme().text() : p.look().theme().faint());
    p.progress().setVisible(running);
    p.retry().setVisible(failed);
    p.details().setVisible(failed);
    p.message().layout(true);
    top(p, p.message());
  }

  private void done(Pieces p, State.Done done) {
    PathPlan plan = PathPlan.of(done.answer());
    p.picture().show(plan);
    p.table().show(plan);
    p.result().show(done.answer());
    p.caption().setText(summary().replace("&", "&&"));
    turn(p);
    top(p, p.contents());
  }

  private static void top(Pieces p, Composite next) {
    if (p.top().topControl != next) {
      p.top().topControl = next;
      p.stack().layout(true, true);
    }
  }

  @Override
  public void setFocus() {
    pieces.filter(p -> !p.root().isDisposed()).ifPresent(p -> p.form().focus());
  }

  @Override
  public void dispose() {
    measurement.stop();
    super.dispose();
  }

  /** The stations as tab-separated text; empty while none are shown. For tests. */
  public String hops() {
    return pieces
        .filter(p -> p.top().topControl == p.contents())
        .map(p -> p.table().table().tsv())
        .orElse("");
  }

  /** Why nothing came back, or the sentence in place of a path. */
  public String sentence() {
    return pieces
        .map(
            p -> p.top().topControl == p.message() ? p.sentence().getText() : p.result().sentence())
        .orElse("");
  }

  /** Why nothing can be measured; empty if it can. */
  public String forbidden() {
    return pieces.map(p -> p.form().reason()).orElse("");
  }

  /** Whether a measurement runs. */
  public boolean running() {
    return measurement.running();
  }
}
