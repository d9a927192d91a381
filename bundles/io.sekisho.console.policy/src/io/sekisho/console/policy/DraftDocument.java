package io.sekisho.console.policy;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.DocumentName;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.PolicyDocument;
import java.util.List;
import java.util.Optional;

/** One document of a draft: as it is in force, and as the operator wants it. UI thread only. */
final class DraftDocument {
  /** How a document differs from what is in force. */
  enum State {
    UNCHANGED,
    ADDED,
    CHANGED,
    REMOVED
  }

  private Optional<Document> base;
  private String text;
  private boolean removed;
  private Parsed parsed;

  DraftDocument(Optional<Document> base, String text) {
    this.base = base;
    this.text = text;
    this.parsed = Documents.parse(List.of(text));
  }

  /** The document in force, empty for a new one. */
  Optional<Document> base() {
    return base;
  }

  /** YAML as edited. */
  String text() {
    return text;
  }

  /** Takes a new text; whether it differs. */
  boolean text(String next) {
    if (text.equals(next)) {
      return false;
    }
    text = next;
    parsed = Documents.parse(List.of(next));
    return true;
  }

  /** What is in force is new; a local change stays, else the text follows. */
  void rebase(Optional<Document> next) {
    if (state() == State.UNCHANGED && next.isPresent()) {
      text(next.get().getYaml());
    }
    base = next;
  }

  /** What is local has been sent: the next {@link #rebase} brings it back as it is in force. */
  void sent() {
    base =
        Optional.of(base.orElseGet(Document::getDefaultInstance).toBuilder().setYaml(text).build());
  }

  void removed(boolean on) {
    removed = on;
  }

  State state() {
    if (removed) {
      return State.REMOVED;
    }
    if (base.isEmpty()) {
      return State.ADDED;
    }
    return base.get().getYaml().strip().equals(text.strip()) ? State.UNCHANGED : State.CHANGED;
  }

  /** What the text says, as far as it can be read. */
  List<PolicyDocument> documents() {
    return parsed.documents();
  }

  /** {@code namespace/name} as the text says, else as it was, else a word for a new one. */
  String title() {
    Optional<String> read =
        parsed.documents().stream().findFirst().map(d -> title(d.namespace(), d.name()));
    return read.or(() -> base.map(b -> title(b.getNamespace(), b.getName())))
        .orElse(Texts.untitled);
  }

  private static String title(String namespace, String name) {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  /** Whether the document in force, or the edited one, bears this name. */
  boolean is(String kind, String namespace, String name) {
    return base.filter(
                b ->
                    b.getKind().equals(kind)
                        && b.getNamespace().equals(namespace)
                        && b.getName().equals(name))
            .isPresent()
        || parsed.documents().stream()
            .anyMatch(
                d ->
                    d.kind().equals(kind)
                        && d.namespace().equals(namespace)
                        && d.name().equals(name));
  }

  /** Name of the document in force if the text no longer bears it, or if it shall go. */
  Optional<DocumentName> replaced() {
    return base.map(
            b ->
                DocumentName.newBuilder()
                    .setKind(b.getKind())
                    .setNamespace(b.getNamespace())
                    .setName(b.getName())
                    .build())
        .filter(n -> removed || renamed(n));
  }

  private boolean renamed(DocumentName was) {
    return !parsed.documents().isEmpty()
        && parsed.documents().stream()
            .noneMatch(
                d ->
                    d.kind().equals(was.getKind())
                        && d.namespace().equals(was.getNamespace())
                        && d.name().equals(was.getName()));
  }
}
