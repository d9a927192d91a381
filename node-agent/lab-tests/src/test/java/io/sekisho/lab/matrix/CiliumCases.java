package io.sekisho.lab.matrix;

import static io.sekisho.lab.matrix.Draft.cnp;
import static io.sekisho.lab.matrix.Links.only;

import java.util.ArrayList;
import java.util.List;

/** CiliumNetworkPolicy in namespace y: peers, entities, ports, and what empty lists mean. */
final class CiliumCases {
  private CiliumCases() {}

  /** The field after {@code from} or {@code to}, and whom it means. */
  private record Who(String field, String... places) {}

  private static final List<Who> PEERS =
      List.of(
          new Who("Endpoints: [{matchLabels: {pod: c}}]", "y/c"),
          new Who("Endpoints: [{}]", "y/*"),
          new Who("Endpoints: []"),
          new Who("Endpoints: [{matchLabels: {'k8s:io.kubernetes.pod.namespace': x}}]", "x/*"),
          new Who("Endpoints: [{matchLabels: {io.kubernetes.pod.namespace: z, pod: a}}]", "z/a"),
          new Who("Endpoints: [{matchLabels: {'any:row': front}}]", "y/b"),
          new Who(
              "Endpoints: [{matchLabels: {io.cilium.k8s.namespace.labels.zone: blue}}]",
              "x/*",
              "y/*"),
          new Who(
              "Endpoints: [{matchExpressions:"
                  + " [{key: io.kubernetes.pod.namespace, operator: Exists}]}]",
              "*/*"),
          new Who(
              "Endpoints: [{matchExpressions:"
                  + " [{key: io.kubernetes.pod.namespace, operator: In, values: [x, z]},"
                  + " {key: pod, operator: NotIn, values: [b]}]}]",
              "x/a",
              "x/c",
              "z/a",
              "z/c"),
          new Who(
              "Endpoints: [{matchLabels: {pod: b}}, {matchExpressions:"
                  + " [{key: extra, operator: Exists}]}]",
              "y/a",
              "y/b"),
          new Who("Entities: [all]", "*/*", Plan.PEER, Plan.SERVER),
          new Who("Entities: [cluster]", "*/*"),
          new Who("Entities: [world]", Plan.PEER, Plan.SERVER),
          new Who("Entities: [none]"),
          new Who("Entities: [host, remote-node, health, init, unmanaged]"),
          new Who("Entities: [cluster, world]", "*/*", Plan.PEER, Plan.SERVER),
          new Who("Nodes: [{}]"));

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (Side side : Side.values()) {
      PEERS.forEach(who -> cases.add(peers(side, who)));
      Ports.EACH.forEach(ports -> cases.add(ports(side, ports)));
      cases.addAll(anyPorts(side));
      cases.addAll(lists(side));
    }
    return cases;
  }

  private static Case peers(Side side, Who who) {
    String spec = "{endpointSelector: {matchLabels: {pod: a}}, %s: [{%s%s}]}";
    return new Case(
        "cnp y/a %s%s".formatted(side.peers(), who.field),
        only(side.subject("y/a"), side.peer(who.places)),
        cnp("y/p", spec.formatted(side, side.peers(), who.field)));
  }

  private static Case ports(Side side, Ports ports) {
    return new Case(
        "cnp y/* " + side + " at " + ports,
        only(side.subject("y/*"), side.peer("x/*").and(ports.links())),
        inNamespaceY(
            side,
            "{%sEndpoints: [{matchLabels: {io.kubernetes.pod.namespace: x}}], toPorts: [{ports: [%s]}]}"
                .formatted(side.peers(), ports.cilium())));
  }

  private static List<Case> anyPorts(Side side) {
    Links subject = side.subject("y/*");
    return List.of(
        new Case(
            "cnp " + side + " any protocol",
            only(subject, Links.port(80)),
            inNamespaceY(side, "{toPorts: [{ports: [{port: '80', protocol: ANY}]}]}")),
        new Case(
            "cnp " + side + " no protocol",
            only(subject, Links.port(81)),
            inNamespaceY(side, "{toPorts: [{ports: [{port: '81'}]}]}")),
        new Case(
            "cnp " + side + " all ports of TCP",
            only(subject, Links.tcp()),
            inNamespaceY(side, "{toPorts: [{ports: [{port: '0', protocol: TCP}]}]}")),
        new Case(
            "cnp " + side + " two lists of ports",
            only(subject, Links.tcp(80).or(Links.udp(81))),
            inNamespaceY(
                side,
                "{toPorts: [{ports: [%s]}, {ports: [%s]}]}"
                    .formatted(Ports.TCP_80.cilium(), Ports.UDP_81.cilium()))),
        new Case(
            "cnp " + side + " pings only",
            only(subject, Links.NONE),
            inNamespaceY(
                side,
                "{icmps: [{fields: [{type: 8, family: IPv4}, {type: 128, family: IPv6}]}]}")));
  }

  private static List<Case> lists(Side side) {
    Links subject = side.subject("y/*");
    return List.of(
        new Case(
            "cnp " + side + " a rule of nothing", only(subject, Links.NONE), rules(side, "[{}]")),
        new Case("cnp " + side + " no rule", only(subject, Links.NONE), rules(side, "[]")),
        new Case(
            "cnp " + side + " no ports",
            only(subject, side.peer("y/*")),
            inNamespaceY(side, "{%sEndpoints: [{}], toPorts: []}".formatted(side.peers()))),
        new Case(
            "cnp " + side + " two rules",
            only(subject, side.peer("y/c").or(Links.tcp(80))),
            rules(
                side,
                "[{%sEndpoints: [{matchLabels: {pod: c}}]}, {toPorts: [{ports: [%s]}]}]"
                    .formatted(side.peers(), Ports.TCP_80.cilium()))),
        new Case(
            "cnp " + side + " two specs",
            only(side.subject("y/a"), side.peer("x/*"))
                .and(only(side.subject("y/b"), Links.udp(81))),
            Draft.specs(
                "y/p",
                "{endpointSelector: {matchLabels: {pod: a}}, %s: [{%sEndpoints: [%s]}]}"
                    .formatted(
                        side, side.peers(), "{matchLabels: {io.kubernetes.pod.namespace: x}}"),
                "{endpointSelector: {matchLabels: {pod: b}}, %s: [{toPorts: [{ports: [%s]}]}]}"
                    .formatted(side, Ports.UDP_81.cilium()))),
        new Case(
            "cnp " + side + " required labels",
            only(subject, side.peer("y/b")),
            cnp(
                "y/all",
                "{endpointSelector: {}, %s: [{%sEndpoints: [{}]}]}".formatted(side, side.peers())),
            cnp(
                "y/required",
                "{endpointSelector: {}, %s: [{%sRequires: [{matchLabels: {row: front}}]}]}"
                    .formatted(side, side.peers()))));
  }

  private static String inNamespaceY(Side side, String rule) {
    return rules(side, "[" + rule + "]");
  }

  private static String rules(Side side, String rules) {
    return cnp("y/p", "{endpointSelector: {}, %s: %s}".formatted(side, rules));
  }
}
