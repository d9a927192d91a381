package io.sekisho.impact.propose;

import io.sekisho.impact.propose.RuleDraft.PodSelector;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Entity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Section;
import java.util.ArrayList;
import java.util.List;

/** Writes drafts as CiliumNetworkPolicy. */
final class CiliumWriter {
  private final Yaml yaml = new Yaml();

  private CiliumWriter() {}

  static String write(DocumentDraft draft) {
    var writer = new CiliumWriter();
    writer.document(draft);
    return writer.yaml.toString();
  }

  private void document(DocumentDraft draft) {
    draft.comments().forEach(c -> yaml.comment(0, c));
    yaml.line(0, "apiVersion: cilium.io/v2");
    yaml.line(0, "kind: CiliumNetworkPolicy");
    yaml.line(0, "metadata:");
    yaml.line(1, "name: " + Yaml.text(draft.name()));
    yaml.line(1, "namespace: " + Yaml.text(draft.namespace()));
    yaml.line(0, "spec:");
    SelectorLines.field(yaml, 1, "endpointSelector", draft.subject());
    if (!draft.open().isEmpty()) {
      yaml.comment(1, "no policy selects these endpoints: all else stays allowed");
      yaml.line(1, "enableDefaultDeny:");
      for (Direction direction : draft.open()) {
        yaml.line(2, direction.name().toLowerCase(java.util.Locale.ROOT) + ": false");
      }
    }
    draft.sections().forEach(this::section);
  }

  private void section(Section section, List<RuleDraft> rules) {
    if (rules.isEmpty()) {
      yaml.comment(1, "nothing was seen here, so nothing is allowed; without the list all is");
      yaml.line(1, section.text() + ": []");
      return;
    }
    yaml.line(1, section.text() + ":");
    rules.forEach(r -> rule(section.direction() == Direction.INGRESS ? "from" : "to", r));
  }

  private void rule(String side, RuleDraft rule) {
    rule.comments().forEach(c -> yaml.comment(2, c));
    if (!rule.selectors().isEmpty()) {
      yaml.line(2, "- " + side + "Endpoints:");
      rule.selectors().forEach(this::selector);
    } else if (!rule.entities().isEmpty()) {
      yaml.line(2, "- " + side + "Entities:");
      for (Entity entity : rule.entities()) {
        yaml.line(4, "- " + entity.text());
      }
    } else {
      yaml.line(2, "- " + side + "CIDR:");
      for (Cidr cidr : rule.nets()) {
        yaml.line(4, "- " + SelectorLines.prefix(cidr));
      }
    }
    ports(rule.ports());
  }

  private void selector(PodSelector selector) {
    var conditions = new ArrayList<Requirement>();
    conditions.add(Requirement.is("k8s:" + Labels.NAMESPACE, selector.namespace()));
    conditions.addAll(selector.conditions());
    yaml.line(4, "- " + SelectorLines.first(conditions));
    SelectorLines.rest(yaml, 5, conditions);
  }

  private void ports(List<PortRange> ports) {
    if (ports.isEmpty()) {
      return;
    }
    boolean icmp = Ports.isIcmp(ports.getFirst().protocol());
    yaml.line(3, icmp ? "icmps:" : "toPorts:");
    yaml.line(4, icmp ? "- fields:" : "- ports:");
    for (PortRange port : ports) {
      if (icmp) {
        yaml.line(6, "- family: " + (port.protocol() == 1 ? "IPv4" : "IPv6"));
        yaml.line(7, "type: " + port.first());
      } else {
        yaml.line(6, "- port: \"" + port.first() + "\"");
        if (port.last() > port.first()) {
          yaml.line(7, "endPort: " + port.last());
        }
        yaml.line(7, "protocol: " + PortRange.protocolName(port.protocol()));
      }
    }
  }
}
