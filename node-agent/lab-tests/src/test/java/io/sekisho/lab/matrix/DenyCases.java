package io.sekisho.lab.matrix;

import static io.sekisho.lab.matrix.Draft.ccnp;
import static io.sekisho.lab.matrix.Draft.cnp;
import static io.sekisho.lab.matrix.Draft.np;
import static io.sekisho.lab.matrix.Links.allBut;
import static io.sekisho.lab.matrix.Links.only;

import java.util.ArrayList;
import java.util.List;

/** Cilium's deny rules, whether default deny is on, and policies of the whole cluster. */
final class DenyCases {
  private static final String IN_X = "{matchLabels: {io.kubernetes.pod.namespace: x}}";

  private DenyCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (Side side : Side.values()) {
      Ports.EACH.forEach(ports -> cases.add(ports(side, ports)));
      cases.addAll(denials(side));
      cases.addAll(defaults(side));
      cases.addAll(clusterwide(side));
    }
    return cases;
  }

  private static Case ports(Side side, Ports ports) {
    return new Case(
        "deny z/* " + side + " at " + ports,
        allBut(side.subject("z/*").and(side.peer("x/*")).and(ports.links())),
        open(
            side,
            "{%sEndpoints: [%s], toPorts: [{ports: [%s]}]}"
                .formatted(side.peers(), IN_X, ports.cilium())));
  }

  private static List<Case> denials(Side side) {
    String peers = side.peers();
    Links subject = side.subject("z/*");
    Links fromX = side.peer("x/*");
    return List.of(
        new Case(
            "deny " + side + " a namespace",
            allBut(subject.and(fromX)),
            open(side, "{%sEndpoints: [%s]}".formatted(peers, IN_X))),
        new Case(
            "deny " + side + " the world",
            allBut(subject.and(side.peer(Plan.PEER, Plan.SERVER))),
            open(side, "{%sEntities: [world]}".formatted(peers))),
        new Case(
            "deny " + side + " all at a port",
            allBut(subject.and(Links.port(81))),
            open(side, "{toPorts: [{ports: [{port: '81'}]}]}")),
        new Case(
            "deny " + side + " nobody",
            Links.ALL,
            open(side, "{%sEndpoints: []}".formatted(peers))),
        new Case(
            "deny " + side + " of a peer beats allow of its port",
            only(subject, side.peer("x/*", "y/*").and(Links.tcp(80)).except(side.peer("x/b"))),
            cnp(
                "z/p",
                ("{endpointSelector: {}, %1$s: [{%2$sEntities: [cluster], toPorts: [{ports: [%3$s]}]}],"
                        + " %1$sDeny: [{%2$sEndpoints: [%4$s]}, {%2$sEndpoints: [{}]}]}")
                    .formatted(
                        side,
                        peers,
                        Ports.TCP_80.cilium(),
                        "{matchLabels: {io.kubernetes.pod.namespace: x, pod: b}}"))),
        new Case(
            "deny " + side + " of a range beats allow of one of its ports",
            only(subject, Links.tcp(80)),
            cnp(
                "z/p",
                ("{endpointSelector: {}, %1$s: [{toPorts: [{ports: [%2$s, {port: '81', protocol: TCP}]}]}],"
                        + " %1$sDeny: [{toPorts: [{ports: [%3$s]}]}]}")
                    .formatted(side, Ports.TCP_80.cilium(), Ports.TCP_81_TO_90.cilium()))),
        new Case(
            "deny " + side + " in one policy beats allow in another kind",
            only(subject, Links.ALL.except(fromX)),
            np(
                "z/open",
                "{podSelector: {}, policyTypes: [%s], %s: [{}]}".formatted(side.type(), side)),
            cnp(
                "z/shut",
                "{endpointSelector: {}, %sDeny: [{%sEndpoints: [%s]}]}"
                    .formatted(side, peers, IN_X))));
  }

  private static List<Case> defaults(Side side) {
    String off = "enableDefaultDeny: {" + side + ": false}";
    String on = "enableDefaultDeny: {" + side + ": true}";
    String deny = "%sDeny: [{%sEndpoints: [%s]}]".formatted(side, side.peers(), IN_X);
    String allow = "%s: [{%sEndpoints: [%s]}]".formatted(side, side.peers(), IN_X);
    Links subject = side.subject("z/a");
    Links fromX = side.peer("x/*");
    return List.of(
        new Case("deny alone isolates " + side, only(subject, Links.NONE), ofA(deny)),
        new Case("deny, default deny off " + side, allBut(subject.and(fromX)), ofA(deny, off)),
        new Case("allow, default deny off " + side, Links.ALL, ofA(allow, off)),
        new Case("no rule, default deny on " + side, only(subject, Links.NONE), ofA(on)),
        new Case("allow, default deny on " + side, only(subject, fromX), ofA(allow, on)),
        new Case(
            "default deny off beside a policy that isolates " + side,
            only(subject, fromX.or(side.peer("y/*"))),
            ofA(allow, off),
            cnp(
                "z/other",
                "{endpointSelector: {matchLabels: {pod: a}}, %s: [{%sEndpoints: [%s]}]}"
                    .formatted(
                        side, side.peers(), "{matchLabels: {io.kubernetes.pod.namespace: y}}"))));
  }

  private static String ofA(String... fields) {
    return cnp(
        "z/p", "{endpointSelector: {matchLabels: {pod: a}}, " + String.join(", ", fields) + "}");
  }

  private static List<Case> clusterwide(Side side) {
    String peers = side.peers();
    Links everyPod = side.subject("*/*");
    return List.of(
        new Case(
            "ccnp nothing " + side,
            only(everyPod, Links.NONE),
            ccnp("p", "{endpointSelector: {}, %s: [{}]}".formatted(side))),
        new Case(
            "ccnp pods of any namespace " + side,
            only(everyPod, side.peer("*/*")),
            ccnp("p", "{endpointSelector: {}, %s: [{%sEndpoints: [{}]}]}".formatted(side, peers))),
        new Case(
            "ccnp subject by label " + side,
            only(side.subject("*/b"), side.peer("*/c").and(Links.udp(81))),
            ccnp(
                "p",
                "{endpointSelector: {matchLabels: {pod: b}}, %s: [{%sEndpoints: [%s], toPorts: [{ports: [%s]}]}]}"
                    .formatted(side, peers, "{matchLabels: {pod: c}}", Ports.UDP_81.cilium()))),
        new Case(
            "ccnp subject by namespace " + side,
            only(side.subject("x/*", "z/*"), side.peer("y/*")),
            ccnp(
                "p",
                ("{endpointSelector: {matchExpressions: [{key: io.kubernetes.pod.namespace,"
                        + " operator: NotIn, values: [y]}]}, %s: [{%sEndpoints: [%s]}]}")
                    .formatted(side, peers, "{matchLabels: {io.kubernetes.pod.namespace: y}}"))),
        new Case(
            "ccnp deny over a namespace's allow " + side,
            only(side.subject("x/*"), side.peer("x/*"))
                .and(allBut(side.subject("*/*").and(side.peer("*/a")))),
            cnp("x/p", "{endpointSelector: {}, %s: [{%sEndpoints: [{}]}]}".formatted(side, peers)),
            ccnp(
                "p",
                "{endpointSelector: {}, enableDefaultDeny: {%1$s: false}, %1$sDeny: [{%2$sEndpoints: [%3$s]}]}"
                    .formatted(side, peers, "{matchLabels: {pod: a}}"))));
  }

  /** Everything is allowed in z but what a rule denies. */
  private static String open(Side side, String deny) {
    return cnp(
        "z/p",
        "{endpointSelector: {}, %1$s: [{%2$sEntities: [all]}], %1$sDeny: [%3$s]}"
            .formatted(side, side.peers(), deny));
  }
}
