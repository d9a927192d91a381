package io.sekisho.console.policy;

import io.sekisho.api.v1.Document;
import io.sekisho.console.policy.editor.edit.PolicyText;
import io.sekisho.console.policy.editor.model.Edit;
import io.sekisho.console.policy.editor.model.EditException;
import io.sekisho.console.policy.editor.yaml.YamlException;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.PolicyDocument;
import java.util.Collection;
import java.util.List;
import org.eclipse.swt.widgets.Display;

/**
 * The only place of this bundle where texts are read, which takes long for long texts: on workers,
 * and refused on the UI thread.
 */
final class Reading {
  private Reading() {}

  private static void onWorker() {
    if (Display.getCurrent() != null) {
      throw new IllegalStateException("texts are not read on the UI thread");
    }
  }

  /** Texts with all that is said of them. */
  static Parsed parsed(Collection<String> texts) {
    onWorker();
    return Documents.parse(List.copyOf(texts));
  }

  /** The documents of texts, without those that have errors. */
  static List<PolicyDocument> documents(Collection<String> texts) {
    return parsed(texts).documents();
  }

  /** The documents of a revision. */
  static List<PolicyDocument> stored(Collection<Document> documents) {
    return documents(documents.stream().map(Document::getYaml).toList());
  }

  /**
   * A text as it is drawn.
   *
   * @throws YamlException if it is no YAML that can be drawn
   */
  static PolicyText picture(String text) throws YamlException {
    onWorker();
    return PolicyText.read(text);
  }

  /**
   * A text after edits of its picture.
   *
   * @throws EditException if one can't be made
   */
  static PolicyText edited(PolicyText text, List<Edit> edits) throws EditException {
    onWorker();
    return text.after(edits);
  }
}
