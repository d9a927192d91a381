package io.sekisho.policy.parse;

import io.sekisho.policy.DocumentName;
import io.sekisho.policy.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/** What every document begins with: its kind, its name, and whether it is in force. */
final class HeadReader {
  /** The annotation that puts a policy under audit. */
  static final String ENFORCEMENT = "sekisho.io/enforcement";

  private static final String OURS = "sekisho.io/";
  private static final List<String> ENFORCEMENTS = List.of("enforce", "audit");

  /** What Kubernetes' object metadata may have; what the server writes is read and left alone. */
  private static final Set<String> METADATA_FIELDS =
      Set.of(
          "name",
          "namespace",
          "labels",
          "annotations",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "managedFields",
          "ownerReferences",
          "finalizers",
          "generateName",
          "selfLink");

  /** A DNS subdomain (RFC 1123). */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private final Fields document;
  private final Findings findings;

  HeadReader(Fields document, Findings findings) {
    this.document = document;
    this.findings = findings;
  }

  /** The kind; empty, with a finding, if it is none that is read. */
  Optional<Kind> kind() {
    Optional<String> text = document.requiredText("kind", "the document");
    Optional<String> version = document.requiredText("apiVersion", "the document");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<Kind> kind = Kind.of(text.get());
    if (kind.isEmpty()) {
      findings.error(
          document.value("kind").orElse(document.node()),
          "there is no kind '" + text.get() + "'",
          DidYouMean.nearest(text.get(), Kind.words()));
    }
    kind.ifPresent(k -> version.ifPresent(v -> checkVersion(k, v)));
    return kind;
  }

  private void checkVersion(Kind kind, String version) {
    if (!kind.versions().contains(version)) {
      findings.error(
          document.value("apiVersion").orElse(document.node()),
          kind.text()
              + " has the apiVersion "
              + String.join(" or ", kind.versions())
              + ", not "
              + version,
          kind.versions().get(0));
    }
  }

  /** The metadata; empty, with a finding, if there is none. */
  Optional<Fields> metadata() {
    if (!document.has("metadata")) {
      findings.error(document.node(), "the document has no 'metadata'");
    }
    return document
        .value("metadata")
        .flatMap(m -> Fields.of(m, "'metadata'", METADATA_FIELDS, Set.of(), findings));
  }

  /** The name; empty, with a finding, if it has none. */
  Optional<DocumentName> name(Kind kind, Fields metadata) {
    Optional<String> name =
        checked(metadata, "name", metadata.requiredText("name", "'metadata'"), NAME);
    if (!kind.namespaced()) {
      if (metadata.has("namespace")) {
        findings.error(metadata.key("namespace"), "a " + kind.text() + " is of no namespace");
      }
      return name.map(n -> new DocumentName(kind.text(), "", n));
    }
    if (!metadata.has("namespace")) {
      return name.map(n -> new DocumentName(kind.text(), "default", n));
    }
    Optional<String> namespace =
        checked(metadata, "namespace", metadata.text("namespace"), NAMESPACE);
    return name.flatMap(n -> namespace.map(ns -> new DocumentName(kind.text(), ns, n)));
  }

  private Optional<String> checked(
      Fields fields, String field, Optional<String> text, Pattern pattern) {
    if (text.isPresent() && !pattern.matcher(text.get()).matches()) {
      findings.error(
          fields.value(field).orElse(fields.node()),
          "'" + text.get() + "' is no " + field + ": small letters, digits and - (RFC 1123)");
      return Optional.empty();
    }
    return text;
  }

  /** Whether the document is under audit; annotations of ours must be known. */
  boolean audit(Fields metadata) {
    Optional<Fields> annotations =
        metadata.value("annotations").flatMap(a -> Fields.any(a, "'annotations'", findings));
    if (annotations.isEmpty()) {
      return false;
    }
    Fields fields = annotations.get();
    fields.names().stream()
        .filter(n -> n.startsWith(OURS) && !n.equals(ENFORCEMENT))
        .forEach(
            n -> findings.error(fields.key(n), "there is no annotation '" + n + "'", ENFORCEMENT));
    Optional<String> text = fields.text(ENFORCEMENT);
    text.filter(t -> !ENFORCEMENTS.contains(t)).ifPresent(t -> unknown(fields, t));
    return text.equals(Optional.of("audit"));
  }

  private void unknown(Fields annotations, String text) {
    Node place = annotations.value(ENFORCEMENT).orElse(annotations.node());
    findings.error(
        place,
        "there is no enforcement '" + text + "', only " + String.join(", ", ENFORCEMENTS),
        DidYouMean.nearest(text, ENFORCEMENTS));
  }
}
