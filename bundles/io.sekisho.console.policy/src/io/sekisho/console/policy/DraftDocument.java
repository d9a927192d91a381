package io.sekisho.console.policy;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.DocumentName;
import io.sekisho.policy.PolicyDocument;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One document of a draft: as it is in force, and as the operator wants it. Who it is by its own
 * text is known once that was read. UI thread only.
 */
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
  private State state = State.UNCHANGED;
  private String title = "";
  private Optional<String> read = Optional.empty();
  private List<DocumentName> names = List.of();

  DraftDocument(Optional<Document> base, String text) {
    this.base = base;
    this.text = text;
    settle();
  }

  /** Says anew what follows from base, text and names. */
  private void settle() {
    state = compare();
    title =
        names().stream()
            .findFirst()
            .or(() -> base.map(DraftDocument::name))
            .filter(n -> !n.getName().isEmpty())
            .map(DraftDocument::path)
            .orElse(Texts.untitled);
  }

  /** {@code namespace/name}, or the name alone. */
  static String path(DocumentName name) {
    return name.getNamespace().isEmpty()
        ? name.getName()
        : name.getNamespace() + "/" + name.getName();
  }

  private State compare() {
    if (removed) {
      return State.REMOVED;
    }
    if (base.isEmpty()) {
      return State.ADDED;
    }
    return base.get().getYaml().strip().equals(text.strip()) ? State.UNCHANGED : State.CHANGED;
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
    settle();
    return true;
  }

  /** Whether the text must be read before it is known whom it names. */
  boolean unread() {
    return state != State.UNCHANGED && read.filter(text::equals).isEmpty();
  }

  /** A text was read; it counts if it is still the text. */
  void read(String what, List<PolicyDocument> documents) {
    if (what.equals(text)) {
      read = Optional.of(what);
      names = documents.stream().map(d -> name(d.kind(), d.namespace(), d.name())).toList();
      settle();
    }
  }

  /** What is in force is new; a local change stays, else the text follows. */
  void rebase(Optional<Document> next) {
    if (state == State.UNCHANGED && next.isPresent()) {
      text = next.get().getYaml();
    }
    base = next;
    settle();
  }

  /** What is local has been sent: the next {@link #rebase} brings it back as it is in force. */
  void sent() {
    Document.Builder sent = base.orElseGet(Document::getDefaultInstance).toBuilder().setYaml(text);
    names().stream()
        .findFirst()
        .ifPresent(
            n -> sent.setKind(n.getKind()).setNamespace(n.getNamespace()).setName(n.getName()));
    base = Optional.of(sent.build());
    settle();
  }

  void removed(boolean on) {
    removed = on;
    settle();
  }

  State state() {
    return state;
  }

  /** Whom the text names, as far as it could be read; while it is unread, as it did before. */
  List<DocumentName> names() {
    return state == State.UNCHANGED ? base.map(DraftDocument::name).stream().toList() : names;
  }

  static DocumentName name(Document document) {
    return name(document.getKind(), document.getNamespace(), document.getName());
  }

  private static DocumentName name(String kind, String namespace, String name) {
    return DocumentName.newBuilder().setKind(kind).setNamespace(namespace).setName(name).build();
  }

  /** {@code namespace/name} as the text says, else as it was, else a word for a new one. */
  String title() {
    return title;
  }

  /** Whether the document in force, or the edited one, bears this name. */
  boolean is(String kind, String namespace, String name) {
    DocumentName wanted = name(kind, namespace, name);
    return base.map(DraftDocument::name).filter(wanted::equals).isPresent()
        || names().contains(wanted);
  }

  /** Its kind in force, and those that the text says. */
  Set<String> kinds() {
    return Stream.concat(
            base.map(Document::getKind).stream(), names().stream().map(DocumentName::getKind))
        .collect(Collectors.toSet());
  }

  /** Name of the document in force if the text no longer bears it, or if it shall go. */
  Optional<DocumentName> replaced() {
    return base.map(DraftDocument::name)
        .filter(n -> removed || (!names().isEmpty() && !names().contains(n)));
  }
}
