package io.sekisho.lab.matrix;

import static io.sekisho.lab.matrix.Draft.admin;
import static io.sekisho.lab.matrix.Draft.cluster;
import static io.sekisho.lab.matrix.Draft.cnp;
import static io.sekisho.lab.matrix.Draft.np;
import static io.sekisho.lab.matrix.Links.allBut;
import static io.sekisho.lab.matrix.Links.only;
import static io.sekisho.lab.matrix.Links.tcp;
import static io.sekisho.lab.matrix.Links.to;
import static io.sekisho.lab.matrix.Links.udp;

import java.util.ArrayList;
import java.util.List;

/**
 * Ports by name: the number is what the serving pod says, pod c says none, and what is outside has
 * none.
 */
final class NameCases {
  private static final Links WEB = to("*/a").and(tcp(80)).or(to("*/b").and(tcp(81)));
  private static final Links DNS = to("*/a").and(udp(80)).or(to("*/b").and(udp(81)));

  /** What a pod that tells no names may mean by any of them. */
  private static final Links UNTOLD = to("*/c");

  private NameCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (Side side : Side.values()) {
      cases.addAll(allow(side));
      cases.addAll(deny(side));
    }
    return cases;
  }

  private static List<Case> allow(Side side) {
    Links subject = side.subject("x/*");
    return List.of(
        new Case(
            "np " + side + " web", only(subject, WEB), network(side, "{ports: [{port: web}]}")),
        new Case(
            "np " + side + " dns by the wrong protocol",
            only(subject, Links.NONE),
            network(side, "{ports: [{port: dns}]}")),
        new Case(
            "np " + side + " dns of one namespace beside a number",
            only(subject, side.peer("y/*").and(DNS.or(tcp(80)))),
            network(
                side,
                ("{%s: [{namespaceSelector: {matchLabels: {ns: y}}}],"
                        + " ports: [{port: dns, protocol: UDP}, {port: 80}]}")
                    .formatted(side.peers()))),
        new Case(
            "cnp " + side + " web of any protocol",
            only(subject, WEB),
            cnp(
                "x/p",
                "{endpointSelector: {}, %s: [{toPorts: [{ports: [{port: web}]}]}]}"
                    .formatted(side))),
        new Case(
            "cnp " + side + " dns of the cluster",
            only(subject, side.peer("*/*").and(DNS)),
            cnp(
                "x/p",
                "{endpointSelector: {}, %s: [{%sEntities: [cluster], toPorts: [{ports: [%s]}]}]}"
                    .formatted(side, side.peers(), "{port: dns, protocol: UDP}"))));
  }

  private static List<Case> deny(Side side) {
    Links subject = side.subject("x/*");
    Links y = side.peer("y/*");
    String namespaceX = "{namespaces: {matchLabels: {ns: x}}}";
    String namespaceY = "{namespaces: {matchLabels: {ns: y}}}";
    return List.of(
        new Case(
            "cnp " + side + " deny web of TCP",
            allBut(subject.and(WEB.or(UNTOLD.and(tcp())))),
            cnp(
                "x/p",
                ("{endpointSelector: {}, %1$s: [{%2$sEntities: [all]}],"
                        + " %1$sDeny: [{toPorts: [{ports: [{port: web, protocol: TCP}]}]}]}")
                    .formatted(side, side.peers()))),
        new Case(
            "admin denies dns " + side,
            allBut(subject.and(y).and(DNS.or(UNTOLD))),
            admin(
                "p",
                2,
                namespaceX,
                "%s: [{action: Deny, %s: [%s], ports: [{namedPort: dns}]}]"
                    .formatted(side, side.peers(), namespaceY))),
        new Case(
            "cluster accepts web before it denies " + side,
            allBut(subject.and(y).except(WEB)),
            cluster(
                "p",
                "Admin",
                2,
                namespaceX,
                ("%1$s: [{action: Accept, %2$s: [%3$s], protocols: [{destinationNamedPort: web}]},"
                        + " {action: Deny, %2$s: [%3$s]}]")
                    .formatted(side, side.peers(), namespaceY))));
  }

  private static String network(Side side, String rule) {
    return np(
        "x/p", "{podSelector: {}, policyTypes: [%s], %s: [%s]}".formatted(side.type(), side, rule));
  }
}
