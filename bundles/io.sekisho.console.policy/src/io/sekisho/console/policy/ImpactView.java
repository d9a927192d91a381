package io.sekisho.console.policy;

import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.StatePage;
import io.sekisho.console.ui.ViewHead;
import io.sekisho.console.ui.ViewState;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Text;

/** What the draft would change and whom it touches; pushes it. */
public final class ImpactView extends DraftView {
  /** Id of the view. */
  public static final String ID = "io.sekisho.console.policy.impact";

  private static final int MAX_NAMES = 12;

  private Optional<Pieces> pieces = Optional.empty();

  private record Pieces(
      ViewHead head,
      StatePage page,
      Label changes,
      Label touched,
      Text message,
      Button confirm,
      Button push) {}

  @Override
  protected void fill(Composite root, Look look) {
    var theme = look.theme();
    ViewHead head = new ViewHead(root, look, theme.ground(), "");
    head.done();
    StatePage page = new StatePage(root, look, theme.ground());
    Composite box = look.box(page.contents(), theme.ground(), 1, 12, 4, 8);
    box.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    Label changes = look.wrapped(box, "", look.fonts().normal(), theme.text());
    look.label(box, Texts.impact_touches, look.fonts().bold(), theme.text());
    Label touched = look.wrapped(box, "", look.fonts().normal(), theme.text());
    look.hairline(box);
    look.label(box, Texts.push_message, look.fonts().normal(), theme.faint());
    Text message = new Text(box, SWT.BORDER | SWT.SINGLE);
    message.setMessage(Texts.push_message_hint);
    message.setLayoutData(new GridData(SWT.FILL, SWT.TOP, true, false));
    Button confirm = new Button(box, SWT.CHECK);
    confirm.setText(Texts.push_confirm);
    confirm.setSelection(true);
    confirm.setBackground(theme.ground());
    confirm.setForeground(theme.text());
    Button push = new Button(box, SWT.PUSH);
    push.setText(Texts.action_push);
    push.addListener(SWT.Selection, e -> push());
    message.addListener(SWT.DefaultSelection, e -> push());
    pieces = Optional.of(new Pieces(head, page, changes, touched, message, confirm, push));
  }

  private void push() {
    Pieces p = pieces.orElseThrow();
    if (p.push().isEnabled() && draft().isPresent()) {
      boolean confirm = p.confirm().getSelection();
      new Push(getSite(), draft().get(), p.push())
          .go(p.message().getText(), confirm, () -> p.message().setText(""));
    }
  }

  @Override
  protected void show() {
    pieces.filter(p -> !p.push().isDisposed()).ifPresent(this::show);
  }

  private void show(Pieces p) {
    if (draft().isEmpty() || !draft().get().loaded()) {
      p.page().show(ViewState.of(scope(), System.currentTimeMillis()));
      return;
    }
    Draft draft = draft().get();
    List<DraftDocument> changes = draft.changes();
    if (changes.isEmpty()) {
      p.page().sentence(Texts.no_changes);
      return;
    }
    p.page().contentsShown();
    p.head().note(Texts.bind(Texts.note_base, draft.base()));
    p.changes()
        .setText(
            changes.stream()
                .map(d -> d.title() + "  " + d.state().name().toLowerCase(java.util.Locale.ROOT))
                .collect(Collectors.joining("\n")));
    Impact impact = Impact.of(changes, draft.session().inventory());
    p.touched().setText(words(impact));
    boolean errors = draft.hasErrors();
    p.push().setEnabled(!errors);
    p.push().setToolTipText(errors ? Texts.push_has_errors : null);
    p.changes().getParent().layout(true);
  }

  private static String words(Impact impact) {
    if (impact.endpoints() == 0) {
      return Texts.impact_none;
    }
    String names = impact.workloads().stream().limit(MAX_NAMES).collect(Collectors.joining("\n"));
    int more = impact.workloads().size() - MAX_NAMES;
    return Format.counted(impact.endpoints(), "endpoint")
        + " on "
        + Format.counted(impact.nodes().size(), "node")
        + "\n"
        + names
        + (more > 0 ? "\n+ " + more : "");
  }
}
