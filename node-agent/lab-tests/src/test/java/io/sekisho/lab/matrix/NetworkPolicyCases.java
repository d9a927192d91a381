package io.sekisho.lab.matrix;

import static io.sekisho.lab.matrix.Draft.np;
import static io.sekisho.lab.matrix.Links.only;

import java.util.ArrayList;
import java.util.List;

/** Kubernetes' NetworkPolicy in namespace x: each peer for each subject, ports, empty lists. */
final class NetworkPolicyCases {
  private NetworkPolicyCases() {}

  /** Items of {@code from} or {@code to}, and whom they mean. */
  private record Who(String items, String... places) {}

  private static final List<Who> PEERS =
      List.of(
          new Who("{podSelector: {matchLabels: {pod: b}}}", "x/b"),
          new Who("{podSelector: {}}", "x/*"),
          new Who("{namespaceSelector: {matchLabels: {ns: y}}}", "y/*"),
          new Who("{namespaceSelector: {}}", "*/*"),
          new Who(
              "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: z}},"
                  + " podSelector: {matchLabels: {pod: c}}}",
              "z/c"),
          new Who("{namespaceSelector: {}, podSelector: {matchLabels: {pod: a}}}", "*/a"),
          new Who(
              "{namespaceSelector: {matchExpressions:"
                  + " [{key: zone, operator: NotIn, values: [blue]}]}}",
              "z/*"),
          new Who(
              "{podSelector: {matchLabels: {pod: c}}}, {namespaceSelector: {matchLabels: {ns: y}}}",
              "x/c",
              "y/*"));

  private static final List<Who> EXPRESSIONS =
      List.of(
          new Who(pods("{key: pod, operator: In, values: [a, c]}"), "*/a", "*/c"),
          new Who(pods("{key: pod, operator: NotIn, values: [a, c]}"), "*/b"),
          new Who(pods("{key: extra, operator: Exists}"), "x/a", "y/a"),
          new Who(pods("{key: extra, operator: DoesNotExist}"), "x/b", "x/c", "y/b", "y/c", "z/*"),
          new Who(pods("{key: extra, operator: NotIn, values: [yes]}"), "*/b", "*/c", "z/a"),
          new Who(
              pods("{key: row, operator: In, values: [front]}, {key: pod, operator: Exists}"),
              "x/a",
              "y/b",
              "z/c"));

  private static String pods(String expressions) {
    return "{namespaceSelector: {}, podSelector: {matchExpressions: ["
        + quoted(expressions)
        + "]}}";
  }

  /** YAML reads a bare yes as a truth. */
  private static String quoted(String expressions) {
    return expressions.replace("[yes]", "['yes']");
  }

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (Side side : Side.values()) {
      PEERS.forEach(who -> cases.add(peers(side, "{}", "x/*", who)));
      PEERS.forEach(who -> cases.add(peers(side, "{matchLabels: {pod: a}}", "x/a", who)));
      EXPRESSIONS.forEach(who -> cases.add(peers(side, "{}", "x/*", who)));
      Ports.EACH.forEach(ports -> cases.add(ports(side, ports)));
      cases.addAll(lists(side));
    }
    cases.addAll(types());
    return cases;
  }

  private static Case peers(Side side, String subject, String places, Who who) {
    String rules = "[{%s: [%s]}]".formatted(side.peers(), who.items);
    return new Case(
        "np %s %s %s".formatted(places, side.peers(), String.join(" ", who.places)),
        only(side.subject(places), side.peer(who.places)),
        policy(side, subject, rules));
  }

  private static Case ports(Side side, Ports ports) {
    String rules =
        "[{%s: [{namespaceSelector: {matchLabels: {ns: y}}}], ports: [%s]}]"
            .formatted(side.peers(), ports.network());
    return new Case(
        "np x/b " + side.peers() + " y/* at " + ports,
        only(side.subject("x/b"), side.peer("y/*").and(ports.links())),
        policy(side, "{matchLabels: {pod: b}}", rules));
  }

  /** What empty and absent lists mean, and several rules. */
  private static List<Case> lists(Side side) {
    String peers = side.peers();
    Links subject = side.subject("x/*");
    return List.of(
        new Case("np " + side + " no rule", only(subject, Links.NONE), policy(side, "{}", "[]")),
        new Case(
            "np " + side + " absent list of rules",
            only(subject, Links.NONE),
            np("x/p", "{podSelector: {}, policyTypes: [%s]}".formatted(side.type()))),
        new Case("np " + side + " a rule of all", Links.ALL, policy(side, "{}", "[{}]")),
        new Case(
            "np " + side + " empty list of peers",
            only(subject, Links.udp(80)),
            policy(side, "{}", "[{%s: [], ports: [{protocol: UDP, port: 80}]}]".formatted(peers))),
        new Case(
            "np " + side + " ports without number",
            only(subject, Links.udp()),
            policy(side, "{}", "[{ports: [{protocol: UDP}]}]")),
        new Case(
            "np " + side + " two rules",
            only(subject, side.peer("z/a").and(Links.tcp(80)).or(side.peer("y/*"))),
            policy(
                side,
                "{}",
                ("[{%1$s: [{namespaceSelector: {matchLabels: {ns: z}}, podSelector:"
                        + " {matchLabels: {pod: a}}}], ports: [{port: 80}]},"
                        + " {%1$s: [{namespaceSelector: {matchLabels: {ns: y}}}]}]")
                    .formatted(peers))),
        new Case(
            "np " + side + " two policies add up",
            only(side.subject("x/a"), side.peer("y/*").or(Links.tcp(81)).or(Links.udp(81)))
                .and(only(side.subject("x/b", "x/c"), Links.tcp(81).or(Links.udp(81)))),
            np(
                "x/first",
                "{podSelector: {matchLabels: {pod: a}}, policyTypes: [%s], %s: [{%s: [%s]}]}"
                    .formatted(
                        side.type(), side, peers, "{namespaceSelector: {matchLabels: {ns: y}}}")),
            np(
                "x/second",
                "{podSelector: {}, policyTypes: [%s], %s: [{ports: [{port: 81}, %s]}]}"
                    .formatted(side.type(), side, "{protocol: UDP, port: 81}"))));
  }

  /** Which directions are isolated. */
  private static List<Case> types() {
    String both = "ingress: [{from: [{podSelector: {}}]}], egress: [{to: [{podSelector: {}}]}]";
    return List.of(
        new Case(
            "np types told by rules",
            only(Links.to("x/*"), Links.from("x/*")).and(only(Links.from("x/*"), Links.to("x/*"))),
            np("x/p", "{podSelector: {}, " + both + "}")),
        new Case(
            "np no types, no rules",
            only(Links.to("x/*"), Links.NONE),
            np("x/p", "{podSelector: {}}")),
        new Case(
            "np egress rules without their type",
            only(Links.to("x/*"), Links.from("x/*")),
            np("x/p", "{podSelector: {}, policyTypes: [Ingress], " + both + "}")),
        new Case(
            "np nothing in, nothing out",
            Links.allBut(Links.to("x/*").or(Links.from("x/*"))),
            np("x/p", "{podSelector: {}, policyTypes: [Ingress, Egress]}")),
        new Case(
            "np a subject that is nobody",
            Links.ALL,
            np("x/p", "{podSelector: {matchLabels: {pod: q}}, policyTypes: [Ingress, Egress]}")),
        new Case(
            "np subject by expression",
            only(Links.to("y/b", "y/c"), Links.NONE),
            np(
                "y/p",
                "{podSelector: {matchExpressions: [{key: extra, operator: DoesNotExist}]}}")));
  }

  private static String policy(Side side, String subject, String rules) {
    return np(
        "x/p",
        "{podSelector: %s, policyTypes: [%s], %s: %s}"
            .formatted(subject, side.type(), side, rules));
  }
}
