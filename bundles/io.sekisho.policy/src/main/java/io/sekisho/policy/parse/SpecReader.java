package io.sekisho.policy.parse;

import io.sekisho.policy.DocumentName;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.Rule;
import io.sekisho.policy.RuleReference;
import io.sekisho.policy.Section;
import io.sekisho.policy.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** The specs of one document to {@link PolicySpec}s; numbers rules on from spec to spec. */
final class SpecReader {
  private static final Set<String> FIELDS =
      Set.of(
          "endpointSelector",
          "ingress",
          "egress",
          "ingressDeny",
          "egressDeny",
          "description",
          "labels");
  private static final Set<String> FIELDS_NOT_YET =
      Set.of("nodeSelector", "enableDefaultDeny", "log");
  private static final Set<String> LABEL_FIELDS = Set.of("key", "value", "source");

  private final DocumentName document;
  private final Findings findings;
  private final SelectorReader selectors;
  private final RuleReader rules;
  private final Map<Section, Integer> count = new EnumMap<>(Section.class);

  SpecReader(DocumentName document, Findings findings) {
    this.document = document;
    this.findings = findings;
    this.selectors = new SelectorReader(document.namespace(), findings);
    this.rules = new RuleReader(selectors, findings);
  }

  /** The spec; empty, with findings, if the node is no map. */
  Optional<PolicySpec> read(Node node) {
    return Fields.of(node, "the spec", FIELDS, FIELDS_NOT_YET, findings).map(this::read);
  }

  private PolicySpec read(Fields fields) {
    Selector subject =
        fields.value("endpointSelector").map(selectors::subject).orElse(Selector.EVERYTHING);
    if (!fields.has("endpointSelector") && !fields.has("nodeSelector")) {
      findings.error(
          fields.node(), "the spec has no 'endpointSelector'; write {} to select every endpoint");
    }
    var sections = EnumSet.noneOf(Section.class);
    var out = new ArrayList<Rule>();
    for (Section section : Section.values()) {
      if (fields.has(section.text())) {
        sections.add(section);
        readSection(fields, section, out);
      }
    }
    if (sections.isEmpty() && FIELDS.containsAll(fields.names())) {
      findings.error(
          fields.node(),
          "the spec says nothing: it has none of "
              + String.join(", ", Arrays.stream(Section.values()).map(Section::text).toList()));
    }
    warnOfDenyAlone(fields, sections);
    fields.list("labels").orElse(List.of()).forEach(this::checkLabel);
    return new PolicySpec(subject, sections, out, fields.text("description").orElse(""));
  }

  private void readSection(Fields fields, Section section, List<Rule> out) {
    Optional<List<Node>> items = fields.list(section.text());
    if (items.isPresent() && items.get().isEmpty()) {
      findings.warn(
          fields.key(section.text()),
          "'"
              + section.text()
              + "' is empty: the selected endpoints pass nothing in this direction that no other"
              + " document allows");
    }
    for (Node item : items.orElse(List.of())) {
      int index = count.merge(section, 1, Integer::sum);
      int line = item.getStartMark().map(m -> m.getLine() + 1).orElse(0);
      var reference =
          new RuleReference(
              document.kind(), document.namespace(), document.name(), section, index, line);
      rules.read(item, reference).ifPresent(out::add);
    }
  }

  private void warnOfDenyAlone(Fields fields, Set<Section> sections) {
    warnOfDenyAlone(fields, sections, Section.INGRESS_DENY, Section.INGRESS);
    warnOfDenyAlone(fields, sections, Section.EGRESS_DENY, Section.EGRESS);
  }

  private void warnOfDenyAlone(Fields fields, Set<Section> sections, Section deny, Section allow) {
    if (sections.contains(deny) && !sections.contains(allow)) {
      findings.warn(
          fields.key(deny.text()),
          "'"
              + deny.text()
              + "' without '"
              + allow.text()
              + "' switches default deny on: what no other document allows is dropped too");
    }
  }

  private void checkLabel(Node node) {
    Fields.of(node, "a label", LABEL_FIELDS, Set.of(), findings)
        .ifPresent(
            f -> {
              f.requiredText("key", "the label");
              f.text("value");
              f.text("source");
            });
  }
}
