package io.sekisho.console.policy.editor.view;

import io.sekisho.console.policy.editor.draw.Rect;
import io.sekisho.console.ui.Look;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.eclipse.jface.fieldassist.ContentProposalAdapter;
import org.eclipse.jface.fieldassist.IContentProposalProvider;
import org.eclipse.jface.fieldassist.TextContentAdapter;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Text;

/**
 * One line of text in the place of a box: Enter takes it, Escape leaves it, and what is wrong with
 * it is said below while it stays open.
 */
final class InlineEntry {
  private static final int LEAST = 240;
  private final Text text;
  private final Label wrong;
  private final BiConsumer<String, Consumer<Optional<String>>> take;
  private final ContentProposalAdapter proposals;

  /**
   * Opens an entry.
   *
   * @param take gets the text on Enter; tells what is wrong with it, or nothing, and then the entry
   *     closes
   */
  InlineEntry(
      Composite over,
      Look look,
      Rect box,
      String name,
      String value,
      IContentProposalProvider provider,
      BiConsumer<String, Consumer<Optional<String>>> take) {
    this.take = take;
    text = new Text(over, SWT.BORDER | SWT.SINGLE);
    text.setData("name", name);
    text.setToolTipText(name);
    text.setMessage(name);
    text.setText(value);
    text.selectAll();
    wrong = new Label(over, SWT.NONE);
    wrong.setBackground(look.theme().ground());
    wrong.setForeground(look.theme().error());
    wrong.setVisible(false);
    int height = text.computeSize(SWT.DEFAULT, SWT.DEFAULT).y;
    int width = Math.max(LEAST, box.width());
    int x = Math.clamp(box.x(), 0, Math.max(0, over.getClientArea().width - width));
    text.setBounds(x, box.y() + Math.max(0, (box.height() - height) / 2), width, height);
    text.moveAbove(null);
    proposals = new ContentProposalAdapter(text, new TextContentAdapter(), provider, null, null);
    proposals.setProposalAcceptanceStyle(ContentProposalAdapter.PROPOSAL_REPLACE);
    text.addListener(SWT.KeyDown, this::key);
    text.addListener(SWT.Traverse, e -> e.doit = e.detail != SWT.TRAVERSE_ESCAPE);
    text.addListener(SWT.FocusOut, e -> leave());
    text.setFocus();
  }

  private void key(Event e) {
    boolean open = proposals.isProposalPopupOpen();
    if (e.keyCode == SWT.ESC && !open) {
      close();
    } else if ((e.keyCode == SWT.CR || e.keyCode == SWT.KEYPAD_CR) && !open) {
      e.doit = false;
      enter();
    }
  }

  private void enter() {
    take.accept(
        text.getText(),
        problem -> {
          if (!text.isDisposed()) {
            problem.ifPresentOrElse(this::say, this::close);
          }
        });
  }

  private void say(String problem) {
    wrong.setText(problem);
    Point size = wrong.computeSize(SWT.DEFAULT, SWT.DEFAULT);
    wrong.setBounds(
        text.getLocation().x, text.getBounds().y + text.getSize().y + 2, size.x, size.y);
    wrong.setVisible(true);
    wrong.moveAbove(null);
  }

  /** The pointer went elsewhere: what was typed is forgotten, unless proposals took the focus. */
  private void leave() {
    text.getDisplay()
        .asyncExec(
            () -> {
              if (!text.isDisposed()
                  && !text.isFocusControl()
                  && !proposals.isProposalPopupOpen()) {
                close();
              }
            });
  }

  private void close() {
    Composite over = text.getParent();
    text.dispose();
    wrong.dispose();
    over.setFocus();
  }
}
