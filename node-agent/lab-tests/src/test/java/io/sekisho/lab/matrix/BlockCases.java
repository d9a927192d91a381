package io.sekisho.lab.matrix;

import static io.sekisho.lab.matrix.Draft.audited;
import static io.sekisho.lab.matrix.Draft.ccnp;
import static io.sekisho.lab.matrix.Draft.cluster;
import static io.sekisho.lab.matrix.Draft.cnp;
import static io.sekisho.lab.matrix.Draft.np;
import static io.sekisho.lab.matrix.Links.only;

import java.util.ArrayList;
import java.util.List;

/**
 * An {@code ipBlock} that holds addresses of pods, which have ranges of their node: x/a, x/c, y/b,
 * z/a and z/c are on n1, the others on n2.
 */
final class BlockCases {
  private static final String[] N1 = {"x/a", "x/c", "y/b", "z/a", "z/c"};
  private static final String[] N2 = {"x/b", "y/a", "y/c", "z/b"};
  private static final String PODS_4 = "10.244.0.0/16";
  private static final String N1_4 = "10.244.1.0/24";
  private static final String N2_4 = "10.244.2.0/24";
  private static final String N2_6 = "fd00:10:244:2::/64";
  private static final Links V4 = Links.v4();
  private static final Links V6 = Links.v6();

  private BlockCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (Side side : Side.values()) {
      cases.addAll(plain(side));
      cases.addAll(withOthers(side));
    }
    cases.add(
        new Case(
            "np egress ipBlock of nodes",
            only(Links.from("x/*"), Links.to(Plan.NODES.toArray(String[]::new)).and(V4)),
            np("x/p", spec(Side.EGRESS, "{cidr: 198.18.0.0/27}", "")),
            ccnp("nodes", "{nodeSelector: {}, ingress: [{fromEntities: [all]}]}")));
    return cases;
  }

  private static String spec(Side side, String block, String more) {
    return "{podSelector: {}, policyTypes: [%s], %s: [{%s: [{ipBlock: %s}]%s}]}"
        .formatted(side.type(), side, side.peers(), block, more);
  }

  private static List<Case> plain(Side side) {
    Links subject = side.subject("x/*");
    return List.of(
        new Case(
            "np " + side + " ipBlock of one node's pods",
            only(subject, side.peer(N1).and(V4)),
            np("x/p", spec(side, "{cidr: %s}".formatted(N1_4), ""))),
        new Case(
            "np " + side + " ipBlock of pods except one node's",
            only(subject, side.peer(N1).and(V4)),
            np("x/p", spec(side, "{cidr: %s, except: [%s]}".formatted(PODS_4, N2_4), ""))),
        new Case(
            "np " + side + " ipBlock of pods, IPv6, at a port",
            only(subject, side.peer(N2).and(V6).and(Links.tcp(80))),
            np("x/p", spec(side, "{cidr: '%s'}".formatted(N2_6), ", ports: [{port: 80}]"))),
        new Case(
            "np " + side + " two ipBlocks, one inside of the other, at different ports",
            only(
                subject,
                side.peer("*/*")
                    .and(V4)
                    .and(Links.tcp(80))
                    .or(side.peer(N1).and(V4).and(Links.tcp(81)))),
            np("x/p", spec(side, "{cidr: %s}".formatted(PODS_4), ", ports: [{port: 80}]")),
            np("x/q", spec(side, "{cidr: %s}".formatted(N1_4), ", ports: [{port: 81}]"))),
        new Case(
            "np " + side + " ipBlock that another document excepts from its own",
            only(subject, side.peer("*/*").and(V4))
                .and(only(side.subject("y/*"), side.peer(N1).and(V4))),
            np("x/p", spec(side, "{cidr: %s}".formatted(PODS_4), "")),
            np("y/p", spec(side, "{cidr: %s, except: [%s]}".formatted(PODS_4, N2_4), ""))));
  }

  private static List<Case> withOthers(Side side) {
    Links subject = side.subject("x/*");
    Links pods = side.peer("*/*").and(V4);
    String all = np("x/p", spec(side, "{cidr: %s}".formatted(PODS_4), ""));
    return List.of(
        new Case(
            "np " + side + " ipBlock of pods, some of whom another document denies",
            only(subject, pods.except(side.peer("y/*"))),
            all,
            cnp(
                "x/deny",
                ("{endpointSelector: {}, %1$sDeny: [{%2$sEndpoints: [{matchLabels:"
                        + " {k8s:io.kubernetes.pod.namespace: y}}]}]}")
                    .formatted(side, side.peers()))),
        new Case(
            "np " + side + " ipBlock of pods, and an administrator before it",
            only(
                subject,
                pods.except(side.peer("y/*").and(Links.tcp(80)))
                    .or(side.peer("z/*").and(V6).and(Links.tcp(81)))),
            all,
            cluster(
                "before",
                "Admin",
                3,
                "{namespaces: {matchLabels: {ns: x}}}",
                ("%1$s: [{action: Deny, %2$s: [{namespaces: {matchLabels: {ns: y}}}], protocols:"
                        + " [{tcp: {destinationPort: {number: 80}}}]}, {action: Accept, %2$s:"
                        + " [{namespaces: {matchLabels: {ns: z}}}], protocols: [{tcp:"
                        + " {destinationPort: {number: 81}}}]}, {action: Pass, %2$s:"
                        + " [{namespaces: {}}]}]")
                    .formatted(side, side.peers()))),
        new Case(
            "np " + side + " ipBlock of pods, and a baseline after it",
            only(subject, pods),
            all,
            cluster(
                "after",
                "Baseline",
                3,
                "{namespaces: {matchLabels: {ns: x}}}",
                "%s: [{action: Deny, %s: [{namespaces: {}}]}]".formatted(side, side.peers()))),
        new Case(
            "np " + side + " ipBlock of pods under audit",
            only(subject, side.peer("y/*")),
            audited(all),
            np(
                "x/y",
                ("{podSelector: {}, policyTypes: [%s], %s: [{%s: [{namespaceSelector:"
                        + " {matchLabels: {ns: y}}}]}]}")
                    .formatted(side.type(), side, side.peers()))),
        new Case(
            "cnp " + side + " the same prefix as a CIDR means no pod",
            only(subject, Links.NONE),
            cnp(
                "x/p",
                "{endpointSelector: {}, %s: [{%sCIDR: [%s]}]}"
                    .formatted(side, side.peers(), PODS_4)),
            np("y/p", spec(side, "{cidr: 0.0.0.0/0}", ""))
                .replace("podSelector: {}", "podSelector: {matchLabels: {pod: none}}")));
  }
}
