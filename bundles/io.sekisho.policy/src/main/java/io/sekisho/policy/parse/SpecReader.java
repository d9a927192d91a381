package io.sekisho.policy.parse;

import io.sekisho.policy.Direction;
import io.sekisho.policy.DocumentName;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.Requires;
import io.sekisho.policy.Rule;
import io.sekisho.policy.RuleReference;
import io.sekisho.policy.Section;
import io.sekisho.policy.Selector;
import io.sekisho.policy.Standing;
import io.sekisho.policy.grammar.CiliumGrammar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** The specs of one Cilium document to {@link PolicySpec}s; numbers rules on from spec to spec. */
final class SpecReader {
  private final DocumentName document;
  private final Standing standing;
  private final Findings findings;
  private final SelectorReader selectors;
  private final RuleReader rules;
  private final Map<Section, Integer> count = new EnumMap<>(Section.class);

  SpecReader(DocumentName document, Standing standing, Findings findings) {
    this.document = document;
    this.standing = standing;
    this.findings = findings;
    this.selectors = new SelectorReader(document.namespace(), findings);
    this.rules = new RuleReader(selectors, standing, findings);
  }

  /** The spec; empty, with findings, if the node is no map. */
  Optional<PolicySpec> read(Node node) {
    return Fields.of(node, "the spec", CiliumGrammar.SPEC, findings).map(this::read);
  }

  private PolicySpec read(Fields fields) {
    Selector subject = subject(fields);
    var sections = EnumSet.noneOf(Section.class);
    var out = new ArrayList<Rule>();
    var requires = new ArrayList<Requires>();
    for (Section section : Section.values()) {
      if (fields.has(section.text())) {
        sections.add(section);
        readSection(fields, section, out, requires);
      }
    }
    Map<Direction, Boolean> written = defaultDeny(fields);
    if (sections.isEmpty()
        && !written.containsValue(true)
        && CiliumGrammar.SPEC.names().containsAll(fields.names())) {
      findings.error(
          fields.node(),
          "the spec says nothing: it has none of "
              + String.join(", ", Arrays.stream(Section.values()).map(Section::text).toList()));
    }
    Set<Direction> isolated = isolated(sections, written);
    warn(fields, sections, written, isolated);
    fields.list("labels").orElse(List.of()).forEach(this::checkLabel);
    return new PolicySpec(
        subject,
        standing,
        isolated,
        sections,
        out,
        requires,
        fields.text("description").orElse(""),
        DocumentReader.line(fields.node()));
  }

  private Selector subject(Fields fields) {
    if (fields.has("nodeSelector")) {
      if (!document.namespace().isEmpty()) {
        findings.error(
            fields.key("nodeSelector"),
            "nodes are of no namespace: only a CiliumClusterwideNetworkPolicy has a 'nodeSelector'");
      }
      if (fields.has("endpointSelector")) {
        findings.error(
            fields.key("nodeSelector"),
            "a spec has one of endpointSelector, nodeSelector: make a spec for each");
      }
      return fields.value("nodeSelector").map(selectors::nodes).orElse(Selector.EVERYTHING);
    }
    if (!fields.has("endpointSelector")) {
      findings.error(
          fields.node(), "the spec has no 'endpointSelector'; write {} to select every endpoint");
    }
    return fields.value("endpointSelector").map(selectors::subject).orElse(Selector.EVERYTHING);
  }

  private void readSection(
      Fields fields, Section section, List<Rule> out, List<Requires> requires) {
    for (Node item : fields.list(section.text()).orElse(List.of())) {
      int index = count.merge(section, 1, Integer::sum);
      rules.read(item, reference(section, index, item), requires).ifPresent(out::add);
    }
  }

  private RuleReference reference(Section section, int index, Node item) {
    return new RuleReference(
        document.kind(),
        document.namespace(),
        document.name(),
        section,
        index,
        DocumentReader.line(item));
  }

  /** What {@code enableDefaultDeny} says; what it does not say follows from the sections. */
  private Map<Direction, Boolean> defaultDeny(Fields fields) {
    var out = new EnumMap<Direction, Boolean>(Direction.class);
    fields
        .value("enableDefaultDeny")
        .flatMap(n -> Fields.of(n, "'enableDefaultDeny'", CiliumGrammar.DEFAULT_DENY, findings))
        .ifPresent(
            f -> {
              for (Direction direction : Direction.values()) {
                f.truth(direction.name().toLowerCase(Locale.ROOT))
                    .ifPresent(b -> out.put(direction, b));
              }
            });
    return out;
  }

  private static Set<Direction> isolated(Set<Section> sections, Map<Direction, Boolean> written) {
    var out = EnumSet.noneOf(Direction.class);
    sections.forEach(s -> out.add(s.direction()));
    written.forEach((direction, yes) -> set(out, direction, yes));
    return out;
  }

  private static void set(Set<Direction> out, Direction direction, boolean yes) {
    if (yes) {
      out.add(direction);
    } else {
      out.remove(direction);
    }
  }

  private void warn(
      Fields fields,
      Set<Section> sections,
      Map<Direction, Boolean> written,
      Set<Direction> isolated) {
    for (Section section : sections) {
      boolean empty = fields.list(section.text()).filter(List::isEmpty).isPresent();
      if (empty && isolated.contains(section.direction())) {
        findings.warn(
            fields.key(section.text()),
            "'"
                + section.text()
                + "' is empty: the selected endpoints pass nothing in this direction that no other"
                + " document allows");
      }
      Section allow = section.direction() == Direction.INGRESS ? Section.INGRESS : Section.EGRESS;
      if (section.deny()
          && !sections.contains(allow)
          && !written.containsKey(section.direction())) {
        findings.warn(
            fields.key(section.text()),
            "'"
                + section.text()
                + "' without '"
                + allow.text()
                + "' switches default deny on: what no other document allows is dropped too");
      }
    }
  }

  private void checkLabel(Node node) {
    Fields.of(node, "a label", CiliumGrammar.LABEL, findings)
        .ifPresent(
            f -> {
              f.requiredText("key", "the label");
              f.text("value");
              f.text("source");
            });
  }
}
