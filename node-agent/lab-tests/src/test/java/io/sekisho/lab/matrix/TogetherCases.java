package io.sekisho.lab.matrix;

import static io.sekisho.lab.matrix.Draft.admin;
import static io.sekisho.lab.matrix.Draft.audited;
import static io.sekisho.lab.matrix.Draft.ccnp;
import static io.sekisho.lab.matrix.Draft.cnp;
import static io.sekisho.lab.matrix.Draft.np;
import static io.sekisho.lab.matrix.Links.allBut;
import static io.sekisho.lab.matrix.Links.from;
import static io.sekisho.lab.matrix.Links.only;
import static io.sekisho.lab.matrix.Links.tcp;
import static io.sekisho.lab.matrix.Links.to;

import java.util.ArrayList;
import java.util.List;

/** Both ends have a say, policies under audit, and many policies at once. */
final class TogetherCases {
  private static final String NOTHING_IN_X = np("x/p", "{podSelector: {}}");

  private TogetherCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>(bothEnds());
    for (Side side : Side.values()) {
      cases.addAll(audits(side));
    }
    cases.add(everyNamespaceForItself());
    cases.add(chain());
    cases.add(new Case("no document", Links.ALL));
    return cases;
  }

  private static List<Case> bothEnds() {
    String out =
        "{podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress], egress: [{to:"
            + " [{namespaceSelector: {matchLabels: {ns: x}}}], ports: [{port: 80}]}]}";
    String in =
        "{endpointSelector: {matchLabels: {pod: b}}, ingress: [{fromEndpoints: [{matchLabels:"
            + " {io.kubernetes.pod.namespace: y}}], toPorts: [{ports: [{port: '%s'}]}]}]}";
    Links outOfYa = only(from("y/a"), to("x/*").and(tcp(80)));
    return List.of(
        new Case(
            "both ends allow",
            outOfYa.and(only(to("x/b"), from("y/*").and(Links.port(80)))),
            np("y/out", out),
            cnp("x/in", in.formatted(80))),
        new Case(
            "each end allows another port",
            outOfYa.and(only(to("x/b"), from("y/*").and(Links.port(81)))),
            np("y/out", out),
            cnp("x/in", in.formatted(81))),
        new Case(
            "the opener is denied, the server allows",
            allBut(from("x/*").and(to("y/*"))).and(only(to("y/*"), from("x/*", "z/*"))),
            cnp(
                "x/out",
                "{endpointSelector: {}, enableDefaultDeny: {egress: false}, egressDeny:"
                    + " [{toEndpoints: [{matchLabels: {io.kubernetes.pod.namespace: y}}]}]}"),
            np(
                "y/in",
                "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key:"
                    + " ns, operator: In, values: [x, z]}]}}]}]}")),
        new Case(
            "one may only answer",
            only(from("z/*"), Links.NONE),
            np("z/p", "{podSelector: {}, policyTypes: [Egress]}")),
        new Case(
            "one may only ask",
            only(to("z/*"), Links.NONE),
            np("z/p", "{podSelector: {}, policyTypes: [Ingress]}")));
  }

  private static List<Case> audits(Side side) {
    String open = "{podSelector: {}, policyTypes: [%s], %s: [{}]}".formatted(side.type(), side);
    String closed = "{podSelector: {}, policyTypes: [%s]}".formatted(side.type());
    String denyX =
        "{endpointSelector: {}, enableDefaultDeny: {%1$s: false}, %1$sDeny: [{%2$sEndpoints: [%3$s]}]}"
            .formatted(side, side.peers(), "{matchLabels: {io.kubernetes.pod.namespace: x}}");
    String admin =
        admin(
            "p",
            1,
            "{namespaces: {}}",
            "%s: [{action: Deny, %s: [{namespaces: {}}]}]".formatted(side, side.peers()));
    Links denied = side.subject("y/*").and(side.peer("x/*"));
    return List.of(
        new Case("audit: default deny passes " + side, Links.ALL, audited(np("y/p", closed)))
            .auditing(side.subject("y/*")),
        new Case("audit: deny passes " + side, Links.ALL, audited(cnp("y/p", denyX)))
            .auditing(denied),
        new Case("audit: admin's deny passes " + side, Links.ALL, audited(admin))
            .auditing(from("*/*").and(to("*/*"))),
        new Case(
            "audit: allow opens nothing " + side,
            only(side.subject("y/*"), Links.NONE),
            np("y/closed", closed),
            audited(np("y/open", open))),
        new Case(
                "audit: deny beside one in force " + side,
                allBut(denied),
                cnp("y/in-force", denyX),
                audited(np("y/closed", closed)))
            .auditing(side.subject("y/*").except(denied)));
  }

  private static Case everyNamespaceForItself() {
    Links allowed = Links.ALL;
    List<String> documents = new ArrayList<>();
    for (String namespace : List.of("x", "y", "z")) {
      Links own = from(namespace + "/*");
      allowed = allowed.and(only(to(namespace + "/*"), own));
      documents.add(
          np(namespace + "/own", "{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}"));
    }
    return new Case("every namespace for itself", allowed, documents);
  }

  /** All of the cluster is closed; a calls b at 80, b calls c at 81, in every namespace. */
  private static Case chain() {
    String step =
        "{endpointSelector: {matchLabels: {pod: %1$s}}, %2$s: [{%3$sEndpoints: [{matchLabels:"
            + " {pod: %4$s}}], toPorts: [{ports: [{port: '%5$s', protocol: TCP}]}]}]}";
    return new Case(
        "a closed cluster with a chain through it",
        only(
            from("*/*").or(to("*/*")),
            from("*/a").and(to("*/b")).and(tcp(80)).or(from("*/b").and(to("*/c")).and(tcp(81)))),
        NOTHING_IN_X,
        ccnp("closed", "{endpointSelector: {}, ingress: [{}], egress: [{}]}"),
        ccnp("a-out", step.formatted("a", "egress", "to", "b", 80)),
        ccnp("b-in", step.formatted("b", "ingress", "from", "a", 80)),
        ccnp("b-out", step.formatted("b", "egress", "to", "c", 81)),
        ccnp("c-in", step.formatted("c", "ingress", "from", "b", 81)));
  }
}
