package io.sekisho.console.policy;

import io.sekisho.api.v1.Problem;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.policy.editor.edit.PolicyText;
import io.sekisho.console.policy.editor.view.PicturePanel;
import io.sekisho.console.ui.Look;
import java.util.List;
import java.util.Optional;
import org.eclipse.jface.text.IDocument;
import org.eclipse.jface.text.Position;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.SashForm;
import org.eclipse.swt.widgets.Composite;

/** One text as a picture and as YAML: side by side, or one above the other where it is narrow. */
final class PolicyPanes {
  /** From here on the picture stands beside the text, below it is above. */
  private static final int WIDE = 1100;

  private final IDocument text;
  private final SashForm sash;
  private final PicturePane picture;
  private final YamlPane yaml;

  /**
   * Makes the widgets.
   *
   * @param before those that stood there in another theme: they go, what was seen stays
   * @param editable whether the text may be changed here
   */
  PolicyPanes(
      Composite parent, Look look, IDocument text, Optional<PolicyPanes> before, boolean editable) {
    this.text = text;
    Optional<PolicyText> read = before.flatMap(p -> p.picture.last());
    Optional<YamlPane.Place> place = before.filter(PolicyPanes::shown).map(p -> p.yaml.place());
    before.ifPresent(p -> p.sash.dispose());
    sash = new SashForm(parent, SWT.SMOOTH);
    sash.setBackground(look.theme().line());
    sash.setSashWidth(4);
    picture = new PicturePane(sash, look, text, read, editable);
    yaml = new YamlPane(sash, look, text, editable);
    picture.beside(yaml);
    sash.setWeights(60, 40);
    sash.addListener(SWT.Resize, e -> turn());
    turn();
    place.ifPresent(yaml::place);
  }

  private void turn() {
    int wanted = sash.getSize().x >= WIDE ? SWT.HORIZONTAL : SWT.VERTICAL;
    if (sash.getOrientation() != wanted) {
      sash.setOrientation(wanted);
    }
  }

  SashForm control() {
    return sash;
  }

  /** Whether the widgets are there. */
  boolean shown() {
    return !sash.isDisposed();
  }

  PicturePanel picture() {
    return picture.panel();
  }

  /** The text is new: the picture follows. */
  void textChanged() {
    picture.textChanged();
  }

  /** What exists in the cluster now. */
  void live(ClusterSession session) {
    picture.live(session);
  }

  /** What the agent says of the text. */
  void problems(List<Problem> found) {
    yaml.problems(found);
    picture.problems(found);
  }

  /** Puts the caret on a line, from 1, and shows it. */
  void reveal(int line, int column) {
    Position place =
        ProblemMarks.place(Problem.newBuilder().setLine(line).setColumn(column).build(), text);
    yaml.reveal(place.getOffset(), place.getLength());
  }

  void setFocus() {
    yaml.setFocus();
  }
}
