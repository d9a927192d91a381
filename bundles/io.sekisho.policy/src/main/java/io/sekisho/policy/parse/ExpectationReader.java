package io.sekisho.policy.parse;

import io.sekisho.policy.DocumentName;
import io.sekisho.policy.Expectation;
import io.sekisho.policy.Peer;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Selector;
import io.sekisho.policy.grammar.OwnGrammar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** The specs of an {@code Expectation} document. */
final class ExpectationReader {
  private static final List<String> WORDS = List.of("allow", "deny");

  private final DocumentName document;
  private final Findings findings;
  private final PodSelectorReader selectors;
  private final CidrReader cidrs;
  private int count;

  ExpectationReader(DocumentName document, Findings findings) {
    this.document = document;
    this.findings = findings;
    this.selectors = new PodSelectorReader(findings);
    this.cidrs = new CidrReader(findings);
  }

  /** The expectation; empty, with findings, if the node is no map. */
  Optional<Expectation> read(Node node) {
    count++;
    return Fields.of(node, "the spec", OwnGrammar.EXPECTATION, findings).map(this::read);
  }

  private Expectation read(Fields fields) {
    Optional<String> expect = fields.requiredText("expect", "the spec");
    expect
        .filter(e -> !WORDS.contains(e))
        .ifPresent(
            e ->
                findings.error(
                    fields.value("expect").orElse(fields.node()),
                    "'expect' is '" + e + "', must be one of " + String.join(", ", WORDS),
                    DidYouMean.nearest(e, WORDS)));
    PortList ports = ports(fields);
    return new Expectation(
        document,
        count,
        DocumentReader.line(fields.node()),
        expect.equals(Optional.of("allow")),
        peers(fields, "from"),
        peers(fields, "to"),
        ports.ranges(),
        ports.named(),
        fields.text("reason").orElse(""));
  }

  private PortList ports(Fields fields) {
    if (!fields.has("ports") && !fields.has("icmps")) {
      return PortList.all();
    }
    var out = new PortList();
    new PortReader(false, findings).readPorts(fields.list("ports").orElse(List.of()), out);
    out.ranges()
        .addAll(new IcmpReader(findings).read(fields.list("icmps").orElse(List.of())).ranges());
    if (out.ranges().isEmpty() && out.named().isEmpty() && !findings.hasErrors()) {
      findings.error(fields.node(), "the spec names no ports: leave 'ports' out to mean all");
    }
    return out;
  }

  private List<Peer> peers(Fields fields, String side) {
    List<Node> items = fields.list(side).orElse(List.of());
    if (items.isEmpty()) {
      findings.error(
          fields.has(side) ? fields.key(side) : fields.node(),
          "the spec has nobody in '" + side + "'");
    }
    var out = new ArrayList<Peer>();
    for (Node item : items) {
      Fields.of(item, "an item of '" + side + "'", OwnGrammar.PEER, findings)
          .flatMap(this::peer)
          .ifPresent(out::add);
    }
    return out;
  }

  private Optional<Peer> peer(Fields fields) {
    boolean pods =
        fields.has("podSelector") || fields.has("namespaceSelector") || fields.has("namespace");
    int kinds = (pods ? 1 : 0) + (fields.has("cidr") ? 1 : 0) + (fields.has("entity") ? 1 : 0);
    if (kinds != 1) {
      findings.error(
          fields.node(),
          "a peer is pods (podSelector, namespaceSelector, namespace), or a cidr, or an entity");
      return Optional.empty();
    }
    if (fields.has("cidr")) {
      return prefix(fields);
    }
    if (fields.has("except")) {
      findings.error(fields.key("except"), "'except' belongs to a 'cidr'");
    }
    return fields.has("entity") ? entity(fields) : pods(fields);
  }

  private Optional<Peer> prefix(Fields fields) {
    var except = new ArrayList<io.sekisho.policy.Cidr>();
    for (Node item : fields.list("except").orElse(List.of())) {
      cidrs.read(item, "an item of 'except'").ifPresent(except::add);
    }
    return fields
        .value("cidr")
        .flatMap(n -> cidrs.read(n, "'cidr'"))
        .map(c -> new Peer.Prefix(c, except));
  }

  private Optional<Peer> entity(Fields fields) {
    return fields.value("entity").flatMap(n -> new EntityReader(findings).read(n, "'entity'"));
  }

  private Optional<Peer> pods(Fields fields) {
    var requirements = new ArrayList<Requirement>();
    requirements.add(PodSelectorReader.anyNamespace());
    fields.text("namespace").map(PodSelectorReader::namespace).ifPresent(requirements::add);
    fields.value("namespaceSelector").map(selectors::namespaces).ifPresent(requirements::addAll);
    fields.value("podSelector").map(selectors::pods).ifPresent(requirements::addAll);
    return Optional.of(new Peer.Endpoints(Selector.of(requirements)));
  }
}
