package io.sekisho.impact.propose;

import io.sekisho.impact.propose.RuleDraft.PodSelector;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Direction;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Section;
import java.util.List;
import java.util.Map;

/** Writes drafts as Kubernetes' NetworkPolicy, where that kind can say it. */
final class KubernetesWriter {
  private final Yaml yaml = new Yaml();

  private KubernetesWriter() {}

  /** Whether the kind can say it: no denies, no entities, no ICMP, and both ends isolate. */
  static boolean canSay(DocumentDraft draft) {
    return draft.open().isEmpty()
        && draft.sections().keySet().stream().noneMatch(Section::deny)
        && draft.sections().values().stream().flatMap(List::stream).allMatch(r -> canSay(r));
  }

  private static boolean canSay(RuleDraft rule) {
    return rule.entities().isEmpty()
        && rule.ports().stream().noneMatch(p -> Ports.isIcmp(p.protocol()));
  }

  static String write(DocumentDraft draft) {
    var writer = new KubernetesWriter();
    writer.document(draft);
    return writer.yaml.toString();
  }

  private void document(DocumentDraft draft) {
    draft.comments().forEach(c -> yaml.comment(0, c));
    yaml.line(0, "apiVersion: networking.k8s.io/v1");
    yaml.line(0, "kind: NetworkPolicy");
    yaml.line(0, "metadata:");
    yaml.line(1, "name: " + Yaml.text(draft.name()));
    yaml.line(1, "namespace: " + Yaml.text(draft.namespace()));
    yaml.line(0, "spec:");
    SelectorLines.field(yaml, 1, "podSelector", draft.subject());
    yaml.line(1, "policyTypes:");
    for (Section section : draft.sections().keySet()) {
      yaml.line(2, "- " + (section.direction() == Direction.INGRESS ? "Ingress" : "Egress"));
    }
    for (Map.Entry<Section, List<RuleDraft>> section : draft.sections().entrySet()) {
      section(section.getKey(), section.getValue());
    }
  }

  private void section(Section section, List<RuleDraft> rules) {
    if (rules.isEmpty()) {
      yaml.comment(1, "nothing was seen here, so nothing is allowed");
      yaml.line(1, section.text() + ": []");
      return;
    }
    yaml.line(1, section.text() + ":");
    rules.forEach(r -> rule(section.direction() == Direction.INGRESS ? "from" : "to", r));
  }

  private void rule(String side, RuleDraft rule) {
    rule.comments().forEach(c -> yaml.comment(2, c));
    yaml.line(2, "- " + side + ":");
    for (PodSelector selector : rule.selectors()) {
      yaml.line(4, "- namespaceSelector:");
      yaml.line(6, "matchLabels:");
      yaml.line(7, "kubernetes.io/metadata.name: " + Yaml.text(selector.namespace()));
      List<Requirement> conditions = selector.conditions();
      if (!conditions.isEmpty()) {
        SelectorLines.field(yaml, 5, "podSelector", conditions);
      }
    }
    for (Cidr cidr : rule.nets()) {
      yaml.line(4, "- ipBlock:");
      yaml.line(6, "cidr: " + SelectorLines.prefix(cidr));
    }
    ports(rule.ports());
  }

  private void ports(List<PortRange> ports) {
    if (ports.isEmpty()) {
      return;
    }
    yaml.line(3, "ports:");
    for (PortRange port : ports) {
      yaml.line(4, "- protocol: " + PortRange.protocolName(port.protocol()));
      yaml.line(5, "port: " + port.first());
      if (port.last() > port.first()) {
        yaml.line(5, "endPort: " + port.last());
      }
    }
  }
}
