package io.sekisho.console.policy;

import io.sekisho.api.v1.PushRequest;
import io.sekisho.console.core.kubernetes.KubernetesCluster;
import io.sekisho.console.core.kubernetes.Plan;
import io.sekisho.console.core.kubernetes.Plan.Change;
import io.sekisho.console.core.kubernetes.Plan.Conflict;
import io.sekisho.console.core.kubernetes.Plan.Step;
import io.sekisho.console.ui.Background;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Theme;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.eclipse.jface.dialogs.Dialog;
import org.eclipse.jface.dialogs.IDialogConstants;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StyleRange;
import org.eclipse.swt.custom.StyledText;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;

/**
 * The last look before objects of the API server are changed: what its dry run says of each, the
 * difference against what is there, and whose fields would be taken over. Cancel is the default.
 */
public final class ApplyDialog extends Dialog {
  private static final int WIDTH = 640;
  private static final int DIFF_HEIGHT = 260;

  private final KubernetesCluster cluster;
  private final String name;
  private final boolean production;
  private final PushRequest changes;
  private final Runnable done;
  private Optional<Fields> fields = Optional.empty();
  private Optional<Plan> plan = Optional.empty();
  private Optional<CompletableFuture<Plan>> planning = Optional.empty();

  private record Fields(
      Label steps,
      StyledText diff,
      Label conflicts,
      Button force,
      Optional<Text> name,
      Label failure) {}

  /**
   * Not open yet.
   *
   * @param changes documents to apply and to remove
   * @param done called when all of it is applied
   */
  public ApplyDialog(
      Shell parent,
      KubernetesCluster cluster,
      String name,
      boolean production,
      PushRequest changes,
      Runnable done) {
    super(parent);
    this.cluster = cluster;
    this.name = name;
    this.production = production;
    this.changes = changes;
    this.done = done;
    setBlockOnOpen(false);
  }

  /** Opens the dialog for a draft, and returns at once. */
  static void open(Shell parent, KubernetesCluster cluster, Draft draft) {
    new ApplyDialog(
            parent,
            cluster,
            draft.session().profile().name(),
            draft.session().profile().production(),
            draft.changesAsRequest(),
            draft::pushed)
        .open();
  }

  private int count() {
    return changes.getUpsertCount() + changes.getRemoveCount();
  }

  private String words() {
    String objects = Format.counted(count(), Texts.apply_object);
    return Texts.bind(Texts.apply_what, objects, name);
  }

  @Override
  protected void configureShell(Shell shell) {
    super.configureShell(shell);
    shell.setText(words());
  }

  @Override
  protected boolean isResizable() {
    return true;
  }

  @Override
  protected Control createDialogArea(Composite parent) {
    Look look = Look.of(parent.getDisplay());
    var theme = look.theme();
    parent.setBackground(theme.ground());
    Composite area = look.box(parent, theme.ground(), 1, 16, 16, 8);
    GridData fill = new GridData(SWT.FILL, SWT.FILL, true, true);
    fill.widthHint = WIDTH;
    area.setLayoutData(fill);
    look.wrapped(area, words(), look.fonts().bold(), theme.text());
    Label steps = look.wrapped(area, Texts.apply_planning, look.fonts().normal(), theme.text());
    StyledText diff =
        new StyledText(area, SWT.BORDER | SWT.MULTI | SWT.READ_ONLY | SWT.V_SCROLL | SWT.H_SCROLL);
    diff.setMargins(8, 4, 8, 4);
    diff.addLineStyleListener(e -> e.styles = styles(e.lineOffset, e.lineText, theme));
    diff.setFont(look.fonts().mono());
    diff.setBackground(theme.panel());
    diff.setForeground(theme.text());
    GridData high = new GridData(SWT.FILL, SWT.FILL, true, true);
    high.heightHint = DIFF_HEIGHT;
    diff.setLayoutData(high);
    Label conflicts = look.wrapped(area, "", look.fonts().normal(), theme.audit());
    Button force = new Button(area, SWT.CHECK);
    force.setBackground(theme.ground());
    force.setForeground(theme.text());
    force.addListener(SWT.Selection, e -> changed());
    hide(force, true);
    Optional<Text> typed = production ? Optional.of(typed(area, look)) : Optional.empty();
    Label failure = look.wrapped(area, "", look.fonts().normal(), theme.error());
    fields = Optional.of(new Fields(steps, diff, conflicts, force, typed, failure));
    ask(area);
    return area;
  }

  /** What goes and what comes in the colours of a difference. */
  private static StyleRange[] styles(int offset, String line, Theme theme) {
    Color colour =
        line.startsWith("+")
            ? theme.forwarded()
            : line.startsWith("-")
                ? theme.dropped()
                : line.startsWith("@@") ? theme.faint() : theme.text();
    return new StyleRange[] {new StyleRange(offset, line.length(), colour, null)};
  }

  private Text typed(Composite area, Look look) {
    look.wrapped(
        area, Texts.bind(Texts.type_name, name), look.fonts().normal(), look.theme().text());
    Text text = new Text(area, SWT.BORDER | SWT.SINGLE);
    text.setMessage(name);
    text.setLayoutData(new GridData(SWT.FILL, SWT.TOP, true, false));
    text.addListener(SWT.Modify, e -> changed());
    return text;
  }

  private static void hide(Control control, boolean hidden) {
    GridData data = new GridData(SWT.FILL, SWT.TOP, true, false);
    data.exclude = hidden;
    control.setLayoutData(data);
    control.setVisible(!hidden);
  }

  private void ask(Composite area) {
    CompletableFuture<Plan> call =
        cluster.plan(changes.getUpsertList(), PolicyObjects.refs(changes.getRemoveList()));
    planning = Optional.of(call);
    Background.onUi(
        call,
        area,
        (answer, thrown) -> {
          planning = Optional.empty();
          if (thrown == null) {
            show(answer);
          } else {
            fields.ifPresent(f -> f.steps().setText(""));
            fail(Background.sentence(thrown));
          }
        });
  }

  private void show(Plan answer) {
    plan = Optional.of(answer);
    Fields f = fields.orElseThrow();
    f.steps().setText(escaped(ApplyWords.steps(answer)));
    f.diff().setText(ApplyWords.differences(answer));
    List<Conflict> conflicts =
        answer.steps().stream().flatMap(s -> s.conflicts().stream()).distinct().toList();
    f.conflicts().setText(escaped(ApplyWords.conflicts(answer)));
    String managers =
        conflicts.stream().map(Conflict::manager).distinct().collect(Collectors.joining(", "));
    f.force().setText(escaped(Texts.bind(Texts.apply_force, managers)));
    hide(f.force(), conflicts.isEmpty());
    changed();
    f.steps().getParent().layout(true, true);
    getShell().pack();
  }

  private static String escaped(String text) {
    return text.replace("&", "&&");
  }

  @Override
  protected void createButtonsForButtonBar(Composite parent) {
    parent.setBackground(Look.of(parent.getDisplay()).theme().ground());
    createButton(parent, IDialogConstants.CANCEL_ID, Texts.action_cancel, true);
    createButton(parent, IDialogConstants.OK_ID, words(), false);
    changed();
  }

  private void changed() {
    Button ok = getButton(IDialogConstants.OK_ID);
    if (ok == null || ok.isDisposed()) {
      return;
    }
    Fields f = fields.orElseThrow();
    Optional<String> why = hindrance(f);
    ok.setEnabled(why.isEmpty());
    ok.setToolTipText(why.orElse(null));
  }

  /** Why it can't be applied yet. */
  private Optional<String> hindrance(Fields f) {
    if (plan.isEmpty()) {
      return Optional.of(Texts.apply_planning);
    }
    Optional<String> refused =
        plan.get().steps().stream().flatMap(s -> s.error().stream()).findFirst();
    if (refused.isPresent()) {
      return refused;
    }
    if (plan.get().steps().stream().allMatch(s -> s.change() == Change.SAME)) {
      return Optional.of(Texts.apply_nothing);
    }
    if (plan.get().conflicts() && !f.force().getSelection()) {
      return Optional.of(Texts.apply_owned);
    }
    return f.name()
        .filter(t -> !t.getText().equals(name))
        .map(t -> Texts.bind(Texts.type_name, name));
  }

  @Override
  protected void okPressed() {
    Fields f = fields.orElseThrow();
    getButton(IDialogConstants.OK_ID).setEnabled(false);
    CompletableFuture<List<Step>> call =
        cluster.apply(plan.orElseThrow(), f.force().getSelection(), this::step);
    Background.follow(
        words(),
        call,
        getShell(),
        (failed, thrown) -> {
          if (thrown != null) {
            fail(Background.sentence(thrown));
          } else if (failed.isEmpty()) {
            close();
            done.run();
          } else {
            fail(ApplyWords.failed(count(), failed));
          }
        });
  }

  /** On any thread. */
  private void step(Step step) {
    Shell shell = getShell();
    if (shell != null && !shell.isDisposed()) {
      shell
          .getDisplay()
          .asyncExec(
              () -> {
                if (!shell.isDisposed()) {
                  fields.ifPresent(f -> f.steps().setText(escaped(ApplyWords.done(step))));
                }
              });
    }
  }

  private void fail(String sentence) {
    fields.ifPresent(
        f -> {
          f.failure().setText(escaped(sentence));
          f.failure().getParent().layout(true, true);
        });
    getShell().pack();
  }

  @Override
  public boolean close() {
    planning.ifPresent(p -> p.cancel(true));
    return super.close();
  }
}
