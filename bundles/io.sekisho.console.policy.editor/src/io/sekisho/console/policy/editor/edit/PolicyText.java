package io.sekisho.console.policy.editor.edit;

import io.sekisho.console.policy.editor.model.Edit;
import io.sekisho.console.policy.editor.model.EditException;
import io.sekisho.console.policy.editor.model.Effect;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.console.policy.editor.yaml.Patch;
import io.sekisho.console.policy.editor.yaml.Path;
import io.sekisho.console.policy.editor.yaml.Value;
import io.sekisho.console.policy.editor.yaml.Value.Fields;
import io.sekisho.console.policy.editor.yaml.YamlException;
import io.sekisho.console.policy.editor.yaml.YamlText;
import io.sekisho.policy.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A text of policy documents, its picture, and what becomes of it by edits. Immutable. */
public final class PolicyText {
  private static final String ENFORCEMENT = "sekisho.io/enforcement";

  private final YamlText yaml;
  private final List<SpecPicture> specs;

  private PolicyText(YamlText yaml) {
    this.yaml = yaml;
    this.specs = specs(yaml.value());
  }

  /**
   * Reads a text; what is wrong inside of its documents does not matter, as long as it is YAML.
   *
   * @throws YamlException if it is no YAML, or written in a way that can't be patched
   */
  public static PolicyText read(String text) throws YamlException {
    return new PolicyText(YamlText.read(text));
  }

  /** The text with its places. */
  public YamlText yaml() {
    return yaml;
  }

  /** Every spec of every document of a known kind. */
  public List<SpecPicture> specs() {
    return specs;
  }

  private static List<SpecPicture> specs(Value.Items documents) {
    List<SpecPicture> out = new ArrayList<>();
    for (int i = 0; i < documents.items().size(); i++) {
      if (documents.items().get(i) instanceof Fields document) {
        Path at = Path.TEXT.at(i);
        head(document).ifPresent(h -> out.addAll(specs(at, document, Grammar.of(h))));
      }
    }
    return List.copyOf(out);
  }

  private static List<SpecPicture> specs(Path at, Fields document, Grammar grammar) {
    List<SpecPicture> out = new ArrayList<>();
    Map<String, Integer> rules = new HashMap<>();
    document.map("spec").ifPresent(s -> out.add(grammar.read(at.key("spec"), s, rules)));
    List<Value> more = document.list("specs");
    for (int i = 0; i < more.size(); i++) {
      if (more.get(i) instanceof Fields spec) {
        out.add(grammar.read(at.key("specs").at(i), spec, rules));
      }
    }
    return out;
  }

  /** The head of a document whose rules are drawn: a prefix list has none. */
  private static Optional<SpecPicture.Head> head(Fields document) {
    Fields metadata = document.map("metadata").orElse(Fields.NONE);
    boolean audit =
        metadata.map("annotations").filter(a -> a.text(ENFORCEMENT).equals("audit")).isPresent();
    return Kind.of(document.text("kind"))
        .filter(kind -> kind != Kind.PREFIX_LIST)
        .map(
            kind -> {
              String written = metadata.text("namespace");
              String namespace = kind.namespaced() && written.isEmpty() ? "default" : written;
              return new SpecPicture.Head(kind, namespace, metadata.text("name"), audit);
            });
  }

  /** What rules of a spec can do. */
  public static Set<Effect> effects(SpecPicture spec) {
    return Grammar.of(spec.head()).effects();
  }

  /**
   * The text after edits, which are made one after the other.
   *
   * @throws EditException if one can't be made; nothing is changed then
   */
  public PolicyText after(List<Edit> edits) throws EditException {
    PolicyText now = this;
    for (Edit edit : edits) {
      now = now.after(edit);
    }
    return now;
  }

  private PolicyText after(Edit edit) throws EditException {
    SpecPicture spec =
        specs.stream()
            .filter(s -> s.path().equals(edit.specPath()))
            .findFirst()
            .orElseThrow(() -> new EditException(EditException.Code.GONE, ""));
    Value now = yaml.value().at(spec.path()).orElse(Fields.NONE);
    try {
      Fields next = Grammar.of(spec.head()).apply(spec.path(), (Fields) now, edit);
      Value wanted = yaml.value().with(spec.path(), next);
      return read(Patch.apply(yaml.text(), (Value.Items) wanted));
    } catch (YamlException e) {
      throw new EditException(EditException.Code.BY_HAND, e.getMessage());
    }
  }
}
