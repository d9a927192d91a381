package io.sekisho.policy.parse;

import io.sekisho.policy.DocumentName;
import io.sekisho.policy.Expectation;
import io.sekisho.policy.Kind;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.PrefixList;
import io.sekisho.policy.Problem;
import io.sekisho.policy.Standing;
import io.sekisho.policy.Tier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.Node;

/** Texts to documents: finds each, reads its head, hands its specs on, and tells every problem. */
public final class DocumentReader {
  private static final Set<String> FIELDS =
      Set.of("apiVersion", "kind", "metadata", "spec", "specs", "status");

  private final List<PolicyDocument> documents = new ArrayList<>();
  private final List<Parsed.Place> begins = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Map<DocumentName, String> places = new HashMap<>();

  private DocumentReader() {}

  /** Reads every document of every text. */
  public static Parsed read(List<String> texts) {
    var reader = new DocumentReader();
    for (int i = 0; i < texts.size(); i++) {
      reader.readText(i, texts.get(i));
    }
    return new Parsed(reader.documents, reader.begins, reader.problems);
  }

  /** Line of a node in its document's own text, from 1. */
  static int line(Node node) {
    return node.getStartMark().map(m -> m.getLine() + 1).orElse(0);
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
    Optional<Fields> fields =
        Tree.read(slice.yaml(), findings)
            .flatMap(n -> Fields.of(n, "the document", FIELDS, Set.of(), findings));
    Optional<DocumentName> name = fields.flatMap(f -> readDocument(f, text, slice, findings));
    problems.addAll(findings.named(name.map(DocumentName::toString).orElse("")));
  }

  private Optional<DocumentName> readDocument(
      Fields fields, int text, Slice slice, Findings findings) {
    var head = new HeadReader(fields, findings);
    Optional<Kind> kind = head.kind();
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    Optional<Fields> metadata = head.metadata();
    Optional<DocumentName> name = metadata.flatMap(m -> head.name(kind.get(), m));
    boolean audit = metadata.map(head::audit).orElse(false);
    // without a name the specs are read all the same, so that their errors are told too
    DocumentName used =
        name.orElse(
            new DocumentName(kind.get().text(), kind.get().namespaced() ? "default" : "", ""));
    var specs = new ArrayList<PolicySpec>();
    var expectations = new ArrayList<Expectation>();
    var prefixes = new ArrayList<PrefixList>();
    if (kind.get() == Kind.PREFIX_LIST) {
      each(fields, false, findings, new PrefixListReader(findings)::read, prefixes);
    } else {
      readSpecs(kind.get(), used, audit, fields, findings, specs, expectations);
    }
    name.ifPresent(n -> checkTwice(n, fields, findings));
    if (name.isPresent() && !findings.hasErrors()) {
      begins.add(new Parsed.Place(text, slice.firstLine()));
      documents.add(
          new PolicyDocument(
              used.kind(),
              used.namespace(),
              used.name(),
              slice.yaml(),
              specs,
              expectations,
              prefixes));
    }
    return name;
  }

  private void checkTwice(DocumentName name, Fields fields, Findings findings) {
    String here = findings.place(fields.node());
    String before = places.putIfAbsent(name, here);
    if (before != null) {
      findings.error(fields.key("metadata"), name + " is there twice, first at " + before);
    }
  }

  private static void readSpecs(
      Kind kind,
      DocumentName name,
      boolean audit,
      Fields fields,
      Findings findings,
      List<PolicySpec> specs,
      List<Expectation> expectations) {
    if (kind == Kind.EXPECTATION) {
      var reader = new ExpectationReader(name, findings);
      each(fields, true, findings, reader::read, expectations);
      return;
    }
    var standing = new Standing(Tier.NORMAL, 0, audit);
    switch (kind) {
      case CILIUM, CILIUM_CLUSTERWIDE ->
          each(fields, true, findings, new SpecReader(name, standing, findings)::read, specs);
      case NETWORK_POLICY ->
          each(
              fields,
              false,
              findings,
              new NetworkPolicyReader(name, standing, findings)::read,
              specs);
      default ->
          each(fields, false, findings, new TierReader(kind, name, audit, findings)::read, specs);
    }
  }

  /** Reads {@code spec} and, in kinds that have it, each item of {@code specs}. */
  private static <T> void each(
      Fields fields,
      boolean several,
      Findings findings,
      Function<Node, Optional<T>> reader,
      List<T> out) {
    fields.value("spec").flatMap(reader).ifPresent(out::add);
    if (!several && fields.has("specs")) {
      findings.error(fields.key("specs"), "only kinds of Cilium have 'specs'", "spec");
    }
    for (Node item : several ? fields.list("specs").orElse(List.of()) : List.<Node>of()) {
      reader.apply(item).ifPresent(out::add);
    }
    if (out.isEmpty() && !findings.hasErrors()) {
      findings.error(
          fields.node(),
          several
              ? "the document has neither 'spec' nor an item in 'specs'"
              : "the document has no 'spec'");
    }
  }
}
