package io.sekisho.policy.parse;

import io.sekisho.policy.DocumentName;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/** Texts to documents: finds each, reads its head, hands its specs on, and tells every problem. */
public final class DocumentReader {
  private static final Set<String> FIELDS =
      Set.of("apiVersion", "kind", "metadata", "spec", "specs", "status");
  private static final List<String> KINDS = List.of(Documents.NAMESPACED, Documents.CLUSTERWIDE);
  private static final Set<String> KINDS_NOT_YET =
      Set.of("NetworkPolicy", "ClusterNetworkPolicy", "AdminNetworkPolicy", "BandwidthRule");

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

  private final List<PolicyDocument> documents = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Map<DocumentName, String> places = new HashMap<>();

  private DocumentReader() {}

  /** Reads every document of every text. */
  public static Parsed read(List<String> texts) {
    var reader = new DocumentReader();
    for (int i = 0; i < texts.size(); i++) {
      reader.readText(i, texts.get(i));
    }
    return new Parsed(reader.documents, reader.problems);
  }

  private void readText(int text, String stream) {
    String plain = stream.startsWith("\ufeff") ? stream.substring(1) : stream;
    List<Slice> slices = Slice.split(plain);
    if (slices.isEmpty()) {
      var findings = new Findings(text, 0);
      findings.error(Optional.empty(), "the text has no document");
      problems.addAll(findings.named(""));
    }
    slices.forEach(slice -> readSlice(text, slice));
  }

  private void readSlice(int text, Slice slice) {
    var findings = new Findings(text, slice.firstLine());
    Optional<DocumentName> name = Optional.empty();
    Optional<Fields> fields =
        Tree.read(slice.yaml(), findings)
            .flatMap(n -> Fields.of(n, "the document", FIELDS, Set.of(), findings));
    if (fields.isPresent()) {
      Optional<String> kind = kind(fields.get(), findings);
      name = kind.flatMap(k -> name(fields.get(), k, findings));
      if (kind.isPresent()) {
        readBody(name, kind.get(), fields.get(), slice, findings);
      }
    }
    problems.addAll(findings.named(name.map(DocumentName::toString).orElse("")));
  }

  private void readBody(
      Optional<DocumentName> name, String kind, Fields fields, Slice slice, Findings findings) {
    // without a name the specs are read all the same, so that their errors are told too
    DocumentName used =
        name.orElse(new DocumentName(kind, kind.equals(Documents.NAMESPACED) ? "default" : "", ""));
    List<PolicySpec> specs = specs(used, fields, findings);
    name.ifPresent(n -> checkTwice(n, fields, findings));
    if (name.isPresent() && !findings.hasErrors()) {
      documents.add(new PolicyDocument(kind, used.namespace(), used.name(), slice.yaml(), specs));
    }
  }

  private void checkTwice(DocumentName name, Fields fields, Findings findings) {
    String here = findings.place(fields.node());
    String before = places.putIfAbsent(name, here);
    if (before != null) {
      findings.error(fields.key("metadata"), name + " is there twice, first at " + before);
    }
  }

  private static Optional<String> kind(Fields fields, Findings findings) {
    Optional<String> kind = fields.requiredText("kind", "the document");
    Optional<String> version = fields.requiredText("apiVersion", "the document");
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    Node place = fields.value("kind").orElse(fields.node());
    if (KINDS_NOT_YET.contains(kind.get())) {
      findings.error(place, "documents of kind " + kind.get() + " are not supported yet");
      return Optional.empty();
    }
    if (!KINDS.contains(kind.get())) {
      findings.error(
          place, "there is no kind '" + kind.get() + "'", DidYouMean.nearest(kind.get(), KINDS));
      return Optional.empty();
    }
    version
        .filter(v -> !v.equals(Documents.API_VERSION))
        .ifPresent(
            v ->
                findings.error(
                    fields.value("apiVersion").orElse(fields.node()),
                    kind.get() + " has the apiVersion " + Documents.API_VERSION + ", not " + v,
                    Documents.API_VERSION));
    return kind;
  }

  private static Optional<DocumentName> name(Fields document, String kind, Findings findings) {
    if (!document.has("metadata")) {
      findings.error(document.node(), "the document has no 'metadata'");
    }
    Optional<Fields> metadata =
        document
            .value("metadata")
            .flatMap(m -> Fields.of(m, "'metadata'", METADATA_FIELDS, Set.of(), findings));
    if (metadata.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = metadata.get();
    Optional<String> name =
        checked(fields, "name", fields.requiredText("name", "'metadata'"), NAME, findings);
    if (kind.equals(Documents.CLUSTERWIDE)) {
      if (fields.has("namespace")) {
        findings.error(fields.key("namespace"), "a " + kind + " is of no namespace");
      }
      return name.map(n -> new DocumentName(kind, "", n));
    }
    if (!fields.has("namespace")) {
      return name.map(n -> new DocumentName(kind, "default", n));
    }
    Optional<String> namespace =
        checked(fields, "namespace", fields.text("namespace"), NAMESPACE, findings);
    return name.flatMap(n -> namespace.map(ns -> new DocumentName(kind, ns, n)));
  }

  private static Optional<String> checked(
      Fields fields, String field, Optional<String> text, Pattern pattern, Findings findings) {
    if (text.isPresent() && !pattern.matcher(text.get()).matches()) {
      findings.error(
          fields.value(field).orElse(fields.node()),
          "'" + text.get() + "' is no " + field + ": small letters, digits and - (RFC 1123)");
      return Optional.empty();
    }
    return text;
  }

  private static List<PolicySpec> specs(DocumentName name, Fields fields, Findings findings) {
    var reader = new SpecReader(name, findings);
    var out = new ArrayList<PolicySpec>();
    fields.value("spec").flatMap(reader::read).ifPresent(out::add);
    for (Node item : fields.list("specs").orElse(List.of())) {
      reader.read(item).ifPresent(out::add);
    }
    if (out.isEmpty() && !findings.hasErrors()) {
      findings.error(fields.node(), "the document has neither 'spec' nor an item in 'specs'");
    }
    return out;
  }
}
