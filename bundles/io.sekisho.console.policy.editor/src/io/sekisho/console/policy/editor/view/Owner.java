package io.sekisho.console.policy.editor.view;

import io.sekisho.console.policy.editor.model.Edit;
import io.sekisho.console.policy.editor.model.EditException;
import io.sekisho.console.policy.editor.model.Finding;
import io.sekisho.console.policy.editor.yaml.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Who owns the text that the picture shows. UI thread only. */
public interface Owner {
  /** Whether the text may be changed; else it is only looked at. */
  boolean editable();

  /**
   * Makes edits in the text, as one step to undo; those that are asked for meanwhile wait.
   *
   * @param told hears when they are made, or why they can't be and the text is as it was
   */
  void edit(List<Edit> edits, Consumer<Optional<EditException>> told);

  /** Shows where something stands in the text. */
  void reveal(Path path);

  /** Puts what is proposed in the place of what is wrong. */
  void fix(Finding finding);

  /** Takes the last step back, in the picture or in the text. */
  void undo();

  /** Makes the step that was taken back again. */
  void redo();
}
