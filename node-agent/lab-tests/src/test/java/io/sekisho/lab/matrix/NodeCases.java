package io.sekisho.lab.matrix;

import static io.sekisho.lab.matrix.Draft.audited;
import static io.sekisho.lab.matrix.Draft.ccnp;
import static io.sekisho.lab.matrix.Links.from;
import static io.sekisho.lab.matrix.Links.only;
import static io.sekisho.lab.matrix.Links.tcp;
import static io.sekisho.lab.matrix.Links.to;

import io.sekisho.policy.Enforcement;
import io.sekisho.policy.EnforcementMode;
import java.util.List;

/** Policies of the nodes' own traffic. */
final class NodeCases {
  private static final String[] NODES = {"n1", "n2"};
  private static final String N1 = "{matchLabels: {kubernetes.io/hostname: n1}}";

  private NodeCases() {}

  static List<Case> all() {
    return List.of(
        new Case(
            "nodes: closed to all but what is fail-safe",
            only(to(NODES), Links.NONE),
            ccnp("p", "{nodeSelector: {}, ingress: []}")),
        new Case(
            "nodes: one of them is closed",
            only(to("n1"), Links.NONE),
            ccnp("p", "{nodeSelector: " + N1 + ", ingress: []}")),
        new Case(
            "nodes: pods of a namespace may come in, at a port",
            only(to(NODES), from("y/*").and(tcp(80))),
            ccnp(
                "p",
                "{nodeSelector: {}, ingress: [{fromEndpoints: [{matchLabels:"
                    + " {k8s:io.kubernetes.pod.namespace: y}}],"
                    + " toPorts: [{ports: [{port: '80', protocol: TCP}]}]}]}")),
        new Case(
            "nodes: only each other",
            only(to(NODES), from(NODES)),
            ccnp("p", "{nodeSelector: {}, ingress: [{fromEntities: [remote-node]}]}")),
        new Case(
            "nodes: the world is denied",
            Links.allBut(from(Plan.PEER).and(to(NODES))),
            ccnp(
                "p",
                "{nodeSelector: {}, ingress: [{fromEntities: [all]}],"
                    + " ingressDeny: [{fromEntities: [world]}]}")),
        new Case(
            "nodes: nothing goes out",
            only(from(NODES), Links.NONE),
            ccnp("p", "{nodeSelector: {}, egress: []}")),
        new Case(
            "nodes: out to pods of a namespace",
            only(from(NODES), to("z/*")),
            ccnp(
                "p",
                "{nodeSelector: {}, egress: [{toEndpoints: [{matchLabels:"
                    + " {k8s:io.kubernetes.pod.namespace: z}}]}]}")),
        new Case(
            "nodes: a policy of pods is none of nodes",
            only(to("x/*"), from(NODES).and(sameNode("x/*"))),
            ccnp(
                "pods",
                "{endpointSelector: {matchLabels: {k8s:io.kubernetes.pod.namespace: x}},"
                    + " ingress: []}"),
            ccnp("p", "{nodeSelector: {}, ingress: [{fromEntities: [all]}]}")),
        new Case(
                "nodes: under audit all passes",
                Links.ALL,
                audited(ccnp("p", "{nodeSelector: {}, ingress: []}")))
            .auditing(to(NODES)),
        new Case(
            "nodes: never, all passes",
            Links.ALL,
            new Enforcement(EnforcementMode.NEVER, false),
            ccnp("p", "{nodeSelector: {}, ingress: []}")));
  }

  /** A pod's own node comes in whatever its policies say. */
  private static Links sameNode(String pods) {
    return link -> to(pods).has(link) && Plan.nodeOf(link.to()).equals(link.from());
  }
}
