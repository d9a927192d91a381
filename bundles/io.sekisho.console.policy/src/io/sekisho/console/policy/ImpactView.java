package io.sekisho.console.policy;

import io.sekisho.console.core.kubernetes.KubernetesCluster;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Menus;
import io.sekisho.console.ui.Press;
import io.sekisho.console.ui.Refusals;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.StatePage;
import io.sekisho.console.ui.ViewHead;
import io.sekisho.console.ui.ViewState;
import io.sekisho.flow.FlowRecord;
import io.sekisho.impact.run.Pair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.DirectoryDialog;
import org.eclipse.swt.widgets.Label;
import org.eclipse.ui.PartInitException;

/**
 * What the draft would do: to recorded flows, by pairs of workloads, and to whose policy tables;
 * from here it is pushed.
 */
public final class ImpactView extends DraftView {
  /** Id of the view. */
  public static final String ID = "io.sekisho.console.policy.impact";

  private static final String OPERATE = "io.sekisho.console.app.operate";
  private static final String FLOWS = "io.sekisho.console.flows.table";
  private static final int MAX_NAMES = 6;

  /** Flows that are shown of many pairs. */
  private static final int MAX_FLOWS = 20_000;

  private static final int TICK_MS = 200;
  private static final int SHORT_MS = 300;
  private static final List<FlowSpan> SPANS =
      List.of(
          new FlowSpan.Last(Duration.ofMinutes(5)),
          new FlowSpan.Last(Duration.ofHours(1)),
          new FlowSpan.Last(Duration.ofHours(24)));

  private final Runnable dryRunListener = this::show;

  /** One object: the display keeps one timer for each. */
  private final Runnable tick = this::tick;

  private final ApplyRights rights = new ApplyRights();
  private Optional<DryRuns> heardRuns = Optional.empty();
  private Optional<Pieces> pieces = Optional.empty();
  private Optional<DryRuns.Result> shown = Optional.empty();

  /** Kept while the widgets are made anew. */
  private Optional<ImpactTree.Chosen> chosen = Optional.empty();

  private record Pieces(
      Look look,
      ViewHead head,
      StatePage page,
      Label changes,
      Label against,
      Press cancel,
      ImpactTree tree,
      Label reasons,
      Button flows,
      Label touched,
      Button push,
      Label refused) {}

  @Override
  protected void fill(Composite root, Look look) {
    var theme = look.theme();
    ViewHead head = new ViewHead(root, look, theme.ground(), "");
    Press[] span = new Press[1];
    span[0] =
        Press.menu(
            head.right(), look, Texts.impact_time, () -> Menus.open(spans(), span[0].control()));
    Press.icon(head.right(), look, Icons.CLOCK, Texts.impact_again, this::again);
    head.done();
    StatePage page = new StatePage(root, look, theme.ground());
    Composite box = look.box(page.contents(), theme.ground(), 1, 12, 4, 8);
    box.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    Label changes = look.wrapped(box, "", look.fonts().normal(), theme.text());
    Composite line = look.row(box, theme.ground(), 2, 0, 0, 8);
    Label against = look.wrapped(line, "", look.fonts().small(), theme.faint());
    Press cancel = Press.word(line, look, Texts.action_cancel, this::cancel);
    ImpactTree tree = new ImpactTree(box, look, p -> selected(), this::openFlows);
    Label reasons = look.wrapped(box, "", look.fonts().small(), theme.text());
    Button flows = new Button(box, SWT.PUSH);
    flows.setText(Texts.impact_show_flows);
    flows.addListener(SWT.Selection, e -> tree.selection().ifPresent(this::openFlows));
    look.hairline(box);
    Label touched = look.wrapped(box, "", look.fonts().normal(), theme.text());
    Button push = new Button(box, SWT.PUSH);
    push.setText(Texts.action_push);
    push.addListener(SWT.Selection, e -> push());
    Label refused = look.wrapped(box, "", look.fonts().small(), theme.faint());
    pieces =
        Optional.of(
            new Pieces(
                look, head, page, changes, against, cancel, tree, reasons, flows, touched, push,
                refused));
    shown = Optional.empty();
    flows.setEnabled(false);
    hearRuns();
  }

  private Optional<DryRuns> runs() {
    return session().map(Drafts::dryRuns);
  }

  private void hearRuns() {
    Optional<DryRuns> now = runs();
    if (!now.equals(heardRuns)) {
      heardRuns.ifPresent(r -> r.removeListener(dryRunListener));
      heardRuns = now;
      now.ifPresent(r -> r.addListener(dryRunListener));
      shown = Optional.empty();
      pieces
          .filter(p -> !p.push().isDisposed())
          .ifPresent(
              p -> {
                p.tree().clear();
                selected(); // what was said of another draft's flows goes too
              });
    }
  }

  private Control window() {
    return getSite().getShell();
  }

  private MenuManager spans() {
    MenuManager menu = new MenuManager();
    FlowSpan now = runs().map(DryRuns::span).orElse(SPANS.getFirst());
    for (FlowSpan each : SPANS) {
      menu.add(
          Menus.checked(
              each.words(), each.equals(now), () -> runs().ifPresent(r -> r.span(each, window()))));
    }
    menu.add(
        Menus.checked(
            now instanceof FlowSpan.Folder ? now.words() : Texts.span_choose,
            now instanceof FlowSpan.Folder,
            this::recording));
    return menu;
  }

  private void recording() {
    DirectoryDialog dialog = new DirectoryDialog(getSite().getShell());
    dialog.setText(Texts.span_choose);
    String folder = dialog.open();
    if (folder != null) {
      runs().ifPresent(r -> r.span(new FlowSpan.Folder(Path.of(folder)), window()));
    }
  }

  private void again() {
    runs().ifPresent(r -> r.again(window()));
  }

  private void cancel() {
    runs().ifPresent(DryRuns::cancel);
  }

  private void selected() {
    pieces.ifPresent(
        p -> {
          chosen = p.tree().selection();
          Optional<Pair> pair =
              chosen.filter(c -> c.pairs().size() == 1).map(c -> c.pairs().getFirst());
          p.reasons().setText(pair.map(ImpactTree::reasons).orElse("").replace("&", "&&"));
          p.flows().setEnabled(chosen.filter(c -> c.flows() > 0).isPresent());
          p.reasons().getParent().layout(true);
        });
  }

  /** Shows the flows of what was chosen where flows are shown. */
  private void openFlows(ImpactTree.Chosen chosen) {
    String title = ImpactTree.words(chosen);
    List<FlowRecord> newest =
        chosen.pairs().stream()
            .flatMap(p -> p.newest().stream())
            .sorted(Comparator.comparingLong(FlowRecord::timeNanos).reversed())
            .limit(MAX_FLOWS)
            .toList();
    if (newest.size() < chosen.flows()) {
      title =
          Texts.bind(
              Texts.impact_flows_some,
              new Object[] {title, Format.count(newest.size()), Format.count(chosen.flows())});
    }
    Optional<Selected.Connection> ends =
        chosen.pairs().size() == 1
            ? Optional.of(chosen.pairs().getFirst())
                .map(p -> new Selected.Connection(p.client(), p.server()))
            : Optional.empty();
    Commands.fire(OPERATE);
    scope().select(new Selected.Flows(ends, title, newest));
    try {
      getSite().getWorkbenchWindow().getActivePage().showView(FLOWS);
    } catch (PartInitException e) {
      org.eclipse.core.runtime.ILog.of(ImpactView.class).error("The flows did not open.", e);
    }
  }

  private void push() {
    Pieces p = pieces.orElseThrow();
    if (p.push().isEnabled() && draft().isPresent()) {
      Draft draft = draft().get();
      draft.whenRead(
          () ->
              PolicyObjects.of(draft.session())
                  .ifPresentOrElse(
                      k -> ApplyDialog.open(getSite().getShell(), k, draft),
                      () -> PushDialog.open(getSite(), new DraftPush(draft))));
    }
  }

  @Override
  protected void textChanged() {
    show();
  }

  @Override
  protected void show() {
    hearRuns();
    pieces.filter(p -> !p.push().isDisposed()).ifPresent(this::show);
  }

  private void show(Pieces p) {
    if (draft().isEmpty() || !draft().get().loaded()) {
      p.page().show(ViewState.of(scope(), System.currentTimeMillis()));
      return;
    }
    Draft draft = draft().get();
    List<DraftDocument> changes = draft.changes();
    DryRuns runs = runs().orElseThrow();
    runs.soon(window());
    if (changes.isEmpty()) {
      p.page().sentence(Texts.no_changes);
      return;
    }
    p.page().contentsShown();
    Optional<KubernetesCluster> objects = PolicyObjects.of(draft.session());
    p.head()
        .note(objects.isPresent() ? Texts.note_objects : Texts.bind(Texts.note_base, draft.base()));
    text(p.changes(), names(changes));
    boolean errors = draft.hasErrors();
    Optional<String> refusal =
        objects.isPresent()
            ? rights.refusal(
                objects.get(), keys(changes), draft.changesAsRequest(), p.push(), this::show)
            : Refusals.ofRevisions(draft.session());
    p.push().setText(objects.isPresent() ? Texts.action_apply : Texts.action_push);
    p.push().setEnabled(!errors && refusal.isEmpty());
    Optional<String> why = errors ? Optional.of(Texts.push_has_errors) : Optional.empty();
    p.push().setToolTipText(refusal.or(() -> why).orElse(null));
    text(p.refused(), refusal.or(() -> why).orElse(""));
    progress(p, runs);
    Optional<DryRuns.Result> result = runs.result();
    if (result.isPresent() && !result.equals(shown)) {
      shown = result;
      p.tree().show(result.get().run(), chosen);
      selected();
    }
    text(
        p.touched(),
        result
            .map(ImpactWords::touched)
            .or(() -> runs.selects().map(ImpactWords::selected))
            .orElse(""));
    p.changes().getParent().layout(true, true);
  }

  private static List<String> keys(List<DraftDocument> changes) {
    return changes.stream().map(d -> d.state() + " " + d.names()).toList();
  }

  private void progress(Pieces p, DryRuns runs) {
    Optional<Steps> steps = runs.running();
    boolean late =
        steps.filter(s -> System.currentTimeMillis() - s.begunMillis() >= SHORT_MS).isPresent();
    p.cancel().control().setVisible(late);
    String words =
        steps.isPresent()
            ? (late ? steps.get().words() : p.against().getText())
            : runs.failure().isEmpty()
                ? runs.result().map(ImpactWords::against).orElse("")
                : runs.failure();
    text(p.against(), words);
    p.tree().widget().setEnabled(steps.isEmpty() || !late);
    if (steps.isPresent()) {
      p.push().getDisplay().timerExec(TICK_MS, tick);
    }
  }

  /** Only how far it is: begin and end are told by the run itself. */
  private void tick() {
    Optional<DryRuns> busy = runs().filter(r -> r.running().isPresent());
    pieces
        .filter(p -> !p.push().isDisposed())
        .ifPresent(
            p ->
                busy.ifPresent(
                    r -> {
                      progress(p, r);
                      p.changes().getParent().layout(true, true);
                    }));
  }

  private static void text(Label label, String words) {
    String escaped = words.replace("&", "&&");
    if (!label.getText().equals(escaped)) {
      label.setText(escaped);
    }
  }

  private static String names(List<DraftDocument> changes) {
    String first =
        changes.stream()
            .limit(MAX_NAMES)
            .map(d -> d.title() + "  " + DraftWords.state(d))
            .collect(Collectors.joining("\n"));
    int more = changes.size() - MAX_NAMES;
    return more > 0 ? first + "\n" + Texts.bind(Texts.impact_more, Format.count(more)) : first;
  }

  @Override
  public void dispose() {
    heardRuns.ifPresent(r -> r.removeListener(dryRunListener));
    super.dispose();
  }
}
