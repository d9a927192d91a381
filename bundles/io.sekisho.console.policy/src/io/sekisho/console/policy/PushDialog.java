package io.sekisho.console.policy;

import io.sekisho.api.v1.PushResponse;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.ui.Background;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Look;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.eclipse.jface.dialogs.Dialog;
import org.eclipse.jface.dialogs.IDialogConstants;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;
import org.eclipse.ui.IWorkbenchPartSite;

/**
 * The last look before a push or a restore: what is sent, what it would do to recorded flows, which
 * expectations break; asks for a message, and on a production cluster for its name. It stays open
 * until the agents have taken it, and says what they refuse. Cancel is the default.
 */
final class PushDialog extends Dialog {
  private static final int MAX_NAMES = 8;
  private static final int WIDTH = 560;

  private final IWorkbenchPartSite site;
  private final Push push;
  private Optional<Fields> fields = Optional.empty();

  private record Fields(
      ExpectationList expectations,
      Text message,
      Button confirm,
      Optional<Text> name,
      Label failure) {}

  private PushDialog(IWorkbenchPartSite site, Push push) {
    super(site.getShell());
    this.site = site;
    this.push = push;
    setBlockOnOpen(false);
  }

  /** Opens the dialog, and returns at once. */
  static void open(IWorkbenchPartSite site, Push push) {
    new PushDialog(site, push).open();
  }

  @Override
  protected void configureShell(Shell shell) {
    super.configureShell(shell);
    shell.setText(push.words());
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
    look.wrapped(area, push.words(), look.fonts().bold(), theme.text());
    look.wrapped(area, documents(), look.fonts().normal(), theme.text());
    look.hairline(area);
    impact(look.box(area, theme.ground(), 1, 0, 0, 8), look);
    look.hairline(area);
    look.label(area, Texts.expectations_title, look.fonts().bold(), theme.text());
    var expectations = new ExpectationList(area, look, this::changed);
    look.hairline(area);
    look.label(area, Texts.push_message, look.fonts().normal(), theme.faint());
    Text message = new Text(area, SWT.BORDER | SWT.SINGLE);
    message.setMessage(Texts.push_message_hint);
    message.setText(push.message());
    message.setLayoutData(new GridData(SWT.FILL, SWT.TOP, true, false));
    Button confirm = new Button(area, SWT.CHECK);
    confirm.setText(Texts.bind(Texts.push_confirm, Push.CONFIRM_SECONDS));
    confirm.setSelection(true);
    confirm.setBackground(theme.ground());
    confirm.setForeground(theme.text());
    Optional<Text> name = Push.mustType(push.session()).map(n -> name(area, look, n));
    Label failure = look.wrapped(area, "", look.fonts().normal(), theme.error());
    fields = Optional.of(new Fields(expectations, message, confirm, name, failure));
    prove(area);
    return area;
  }

  private Text name(Composite area, Look look, String wanted) {
    look.wrapped(
        area, Texts.bind(Texts.type_name, wanted), look.fonts().normal(), look.theme().text());
    Text text = new Text(area, SWT.BORDER | SWT.SINGLE);
    text.setMessage(wanted);
    text.setLayoutData(new GridData(SWT.FILL, SWT.TOP, true, false));
    text.addListener(SWT.Modify, e -> changed());
    return text;
  }

  private String documents() {
    String first = push.documents().stream().limit(MAX_NAMES).collect(Collectors.joining("\n"));
    int more = push.documents().size() - MAX_NAMES;
    return more > 0 ? first + "\n" + Texts.bind(Texts.impact_more, Format.count(more)) : first;
  }

  /** What it would do to recorded flows: known already, or worked out now. */
  private void impact(Composite area, Look look) {
    area.setLayoutData(new GridData(SWT.FILL, SWT.TOP, true, false));
    CompletableFuture<DryRuns.Result> impact = push.impact();
    if (impact.isDone()) {
      impact(area, look, impact.handle((r, failure) -> Optional.ofNullable(r)).join());
      return;
    }
    Label busy =
        look.wrapped(area, Texts.push_comparing, look.fonts().normal(), look.theme().faint());
    area.addDisposeListener(e -> impact.cancel(true));
    Background.onUi(
        impact,
        area,
        (result, failure) -> {
          busy.dispose();
          impact(area, look, Optional.ofNullable(result));
          grow();
        });
  }

  private static void impact(Composite area, Look look, Optional<DryRuns.Result> result) {
    var theme = look.theme();
    if (result.isEmpty()) {
      look.wrapped(area, Texts.push_no_dry_run, look.fonts().normal(), theme.audit());
      return;
    }
    boolean denies = result.get().run().flows(io.sekisho.impact.run.Outcome.NEWLY_DENIED) > 0;
    look.wrapped(
        area,
        ImpactWords.summary(result.get()),
        denies ? look.fonts().bold() : look.fonts().normal(),
        theme.text());
    look.wrapped(area, ImpactWords.against(result.get()), look.fonts().small(), theme.faint());
    look.wrapped(area, ImpactWords.touched(result.get()), look.fonts().normal(), theme.text());
  }

  /** Asks what becomes of expectations. */
  private void prove(Composite area) {
    Background.onUi(
        push.session().revisions().validate(push.proof()),
        area,
        (answer, failure) ->
            fields.ifPresent(
                f -> {
                  if (failure == null) {
                    f.expectations().show(answer.getExpectationsList());
                  } else {
                    f.expectations().failed(Background.sentence(failure));
                  }
                  grow();
                }));
  }

  /** Makes room for what has come. */
  private void grow() {
    Point wanted = getShell().computeSize(getShell().getSize().x, SWT.DEFAULT);
    if (wanted.y > getShell().getSize().y) {
      getShell().setSize(getShell().getSize().x, wanted.y);
    }
    getShell().layout(true, true);
  }

  @Override
  protected void createButtonsForButtonBar(Composite parent) {
    parent.setBackground(Look.of(parent.getDisplay()).theme().ground());
    createButton(parent, IDialogConstants.CANCEL_ID, Texts.action_cancel, true);
    createButton(parent, IDialogConstants.OK_ID, push.verb(), false);
    changed();
  }

  private void changed() {
    Button ok = getButton(IDialogConstants.OK_ID);
    if (ok == null || ok.isDisposed()) {
      return;
    }
    Fields f = fields.orElseThrow();
    Optional<String> wanted = Push.mustType(push.session());
    boolean named = wanted.equals(f.name().map(Text::getText));
    Optional<String> why =
        !f.expectations().settled()
            ? Optional.of(Texts.push_expectations)
            : wanted.filter(n -> !named).map(n -> Texts.bind(Texts.type_name, n));
    ok.setEnabled(why.isEmpty());
    ok.setToolTipText(why.orElse(null));
  }

  @Override
  protected void okPressed() {
    Fields f = fields.orElseThrow();
    getButton(IDialogConstants.OK_ID).setEnabled(false);
    CompletableFuture<PushResponse> call =
        push.send(f.message().getText(), f.confirm().getSelection(), f.expectations().overridden());
    Background.follow(
        push.words(),
        call,
        getShell(),
        (answer, thrown) -> {
          if (thrown == null) {
            Control owner = getParentShell();
            close();
            push.sent();
            Push.follow(push.session(), answer, site, owner);
          } else {
            failed(thrown);
          }
        });
  }

  private void failed(Throwable thrown) {
    Fields f = fields.orElseThrow();
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof ConsoleException refused && !refused.expectations().isEmpty()) {
      f.expectations().show(refused.expectations());
    }
    String sentence = Background.sentence(cause);
    f.failure().setText(sentence.replace("&", "&&"));
    changed();
    grow();
  }
}
