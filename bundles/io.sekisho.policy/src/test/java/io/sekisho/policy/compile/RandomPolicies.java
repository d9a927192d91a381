package io.sekisho.policy.compile;

import io.sekisho.policy.Documents;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.PolicyDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random document sets as YAML, small enough that rules meet, overlap and contradict. */
final class RandomPolicies {
  private static final List<String> PEERS =
      List.of(
          "",
          "SIDEEndpoints: []",
          "SIDEEndpoints: [{}]",
          "SIDEEndpoints: [{matchLabels: {app: x}}]",
          "SIDEEndpoints: [{matchLabels: {app: y}}, {matchLabels: {tier: t}}]",
          "SIDEEndpoints: [{matchLabels: {app: x, k8s:io.kubernetes.pod.namespace: b}}]",
          "SIDEEndpoints: [{matchExpressions: [{key: app, operator: NotIn, values: [x]}]}]",
          "SIDEEndpoints: [{matchExpressions: [{key: tier, operator: DoesNotExist}]}]",
          "SIDEEndpoints: [{matchLabels: {reserved:remote-node: \"\"}}]",
          "SIDEEntities: [all]",
          "SIDEEntities: [world]",
          "SIDEEntities: [cluster]",
          "SIDEEntities: [none]",
          "SIDEEntities: [host, remote-node]",
          "SIDECIDR: [10.0.0.0/8]",
          "SIDECIDR: [10.1.0.0/16, 10.1.2.3]",
          "SIDECIDR: [0.0.0.0/0]",
          "SIDECIDR: [\"::/0\"]",
          "SIDECIDR: [\"fd00::/16\"]",
          "SIDECIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}]",
          "SIDECIDRSet: [{cidr: 10.1.0.0/16, except: [10.1.2.0/24]}]",
          "SIDECIDRSet: [{cidr: \"::/0\", except: [\"fd00::/16\"]}]");

  private static final List<String> PORTS =
      List.of(
          "",
          "{port: \"0\", protocol: TCP}",
          "{port: \"0\"}",
          "{port: \"80\", protocol: TCP}",
          "{port: \"80\"}",
          "{port: \"53\", protocol: UDP}",
          "{port: \"64\", endPort: 127, protocol: TCP}",
          "{port: \"79\", endPort: 90, protocol: TCP}",
          "{port: \"1\", endPort: 65535, protocol: TCP}",
          "{port: \"80\", protocol: SCTP}, {port: \"90\", protocol: TCP}");

  private static final List<String> SUBJECTS =
      List.of(
          "{}",
          "{matchLabels: {app: x}}",
          "{matchLabels: {app: y}}",
          "{matchExpressions: [{key: tier, operator: Exists}]}");

  private static final List<String> SECTIONS =
      List.of("ingress", "egress", "ingressDeny", "egressDeny");

  private RandomPolicies() {}

  /** Up to six documents of both kinds. */
  static Arbitrary<List<PolicyDocument>> documents() {
    return spec().list().ofMinSize(0).ofMaxSize(6).map(RandomPolicies::parse);
  }

  private static Arbitrary<String> spec() {
    Arbitrary<String> head = Arbitraries.of("a", "b", "");
    Arbitrary<String> subject = Arbitraries.of(SUBJECTS);
    Arbitrary<List<Integer>> presence =
        Arbitraries.integers().between(0, 2).list().ofSize(SECTIONS.size());
    Arbitrary<List<String>> rules = rule().list().ofSize(2 * SECTIONS.size());
    return Combinators.combine(head, subject, presence, rules).as(RandomPolicies::document);
  }

  /** A rule with SIDE in place of from and to. */
  private static Arbitrary<String> rule() {
    return Combinators.combine(Arbitraries.of(PEERS), Arbitraries.of(PORTS))
        .as(
            (peers, ports) -> {
              var fields = new ArrayList<String>();
              if (!peers.isEmpty()) {
                fields.add(peers);
              }
              if (!ports.isEmpty()) {
                fields.add("toPorts: [{ports: [" + ports + "]}]");
              }
              return "{" + String.join(", ", fields) + "}";
            });
  }

  private static String document(
      String namespace, String subject, List<Integer> presence, List<String> rules) {
    var out = new StringBuilder("apiVersion: cilium.io/v2\n");
    out.append("kind: Cilium").append(namespace.isEmpty() ? "Clusterwide" : "");
    out.append("NetworkPolicy\nmetadata: {name: NAME");
    out.append(namespace.isEmpty() ? "" : ", namespace: " + namespace).append("}\n");
    out.append("spec:\n  endpointSelector: ").append(subject).append('\n');
    boolean any = false;
    for (int i = 0; i < SECTIONS.size(); i++) {
      String side = i % 2 == 0 ? "from" : "to";
      if (presence.get(i) > 0) {
        any = true;
        out.append("  ").append(SECTIONS.get(i)).append(": [");
        out.append(
            rules.subList(2 * i, 2 * i + presence.get(i)).stream()
                .map(r -> r.replace("SIDE", side))
                .collect(Collectors.joining(", ")));
        out.append("]\n");
      }
    }
    return out.append(any ? "" : "  ingress: []\n").toString();
  }

  private static List<PolicyDocument> parse(List<String> texts) {
    var named = new ArrayList<String>();
    for (int i = 0; i < texts.size(); i++) {
      named.add(texts.get(i).replace("NAME", "p" + i));
    }
    Parsed parsed = Documents.parse(named);
    if (parsed.hasErrors()) {
      throw new IllegalStateException(named + "\n" + parsed.errors());
    }
    return parsed.documents();
  }
}
