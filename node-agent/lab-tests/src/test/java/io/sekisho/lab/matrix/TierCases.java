package io.sekisho.lab.matrix;

import static io.sekisho.lab.matrix.Draft.admin;
import static io.sekisho.lab.matrix.Draft.baseline;
import static io.sekisho.lab.matrix.Draft.cluster;
import static io.sekisho.lab.matrix.Draft.cnp;
import static io.sekisho.lab.matrix.Draft.np;
import static io.sekisho.lab.matrix.Links.allBut;
import static io.sekisho.lab.matrix.Links.only;

import java.util.ArrayList;
import java.util.List;

/**
 * The administrators' policies: tiers, priorities, order of rules, accept, deny and pass. Without
 * more words the subject is namespace x and the peer namespace y.
 */
final class TierCases {
  private static final String X = "{namespaces: {matchLabels: {ns: x}}}";
  private static final String Y = "{namespaces: {matchLabels: {ns: y}}}";
  private static final String Y_B =
      "{pods: {namespaceSelector: {matchLabels: {ns: y}}, podSelector: {matchLabels: {pod: b}}}}";
  private static final String EVERY_POD = "{namespaces: {}}";

  private TierCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (Side side : Side.values()) {
      Ports.EACH.forEach(ports -> cases.addAll(ports(side, ports)));
      cases.addAll(order(side));
      cases.addAll(overNamespaces(side));
      cases.addAll(baselines(side));
    }
    return cases;
  }

  /** A rule, with {@code ports} or {@code protocols} or neither. */
  private static String rule(Side side, String action, String peer, String... more) {
    String fields = more.length == 0 ? "" : ", " + String.join(", ", more);
    return "{action: %s, %s: [%s]%s}".formatted(action, side.peers(), peer, fields);
  }

  private static String rules(Side side, String... rules) {
    return side + ": [" + String.join(", ", rules) + "]";
  }

  private static Links subject(Side side) {
    return side.subject("x/*");
  }

  private static Links y(Side side) {
    return side.peer("y/*");
  }

  private static List<Case> ports(Side side, Ports ports) {
    Links allowed = allBut(subject(side).and(y(side)).and(ports.links()));
    String admin = rule(side, "Deny", Y, "ports: [" + ports.admin() + "]");
    String cluster = rule(side, "Deny", Y, "protocols: [" + ports.cluster() + "]");
    return List.of(
        new Case(
            "admin denies " + side + " at " + ports, allowed, admin("p", 5, X, rules(side, admin))),
        new Case(
            "cluster baseline denies " + side + " at " + ports,
            allowed,
            cluster("p", "Baseline", 5, X, rules(side, cluster))));
  }

  private static List<Case> order(Side side) {
    String allowB = rule(side, "Allow", Y_B);
    String acceptB = rule(side, "Accept", Y_B);
    String denyY = rule(side, "Deny", Y);
    Links deniedY = subject(side).and(y(side));
    Links toB = side.peer("y/b");
    return List.of(
        new Case(
            "admin allows one before it denies all of them " + side,
            allBut(deniedY.except(toB)),
            admin("p", 5, X, rules(side, allowB, denyY))),
        new Case(
            "admin denies all of them before it allows one " + side,
            allBut(deniedY),
            admin("p", 5, X, rules(side, denyY, allowB))),
        new Case(
            "lower priority number allows first " + side,
            allBut(deniedY.except(toB)),
            admin("allows", 4, X, rules(side, allowB)),
            admin("denies", 5, X, rules(side, denyY))),
        new Case(
            "lower priority number denies first " + side,
            allBut(deniedY),
            admin("allows", 6, X, rules(side, allowB)),
            admin("denies", 5, X, rules(side, denyY))),
        new Case(
            "cluster accepts before an admin policy denies " + side,
            allBut(deniedY.except(toB)),
            cluster("accepts", "Admin", 0, X, rules(side, acceptB)),
            admin("denies", 1000, X, rules(side, denyY))),
        new Case(
            "pass skips the rest of the tier " + side,
            allBut(deniedY.except(toB)),
            admin("passes", 1, X, rules(side, rule(side, "Pass", Y_B))),
            admin("denies", 2, X, rules(side, denyY))),
        new Case(
            "a subject of pods " + side,
            allBut(side.subject("*/a").and(y(side))),
            admin(
                "p",
                7,
                "{pods: {namespaceSelector: {}, podSelector: {matchLabels: {pod: a}}}}",
                rules(side, denyY))),
        new Case(
            "admin denies every pod " + side,
            allBut(subject(side).and(side.peer("*/*"))),
            admin("p", 7, X, rules(side, rule(side, "Deny", EVERY_POD)))));
  }

  private static List<Case> overNamespaces(Side side) {
    String closed = np("x/p", "{podSelector: {}, policyTypes: [%s]}".formatted(side.type()));
    String open = closed.replace("]}", "], %s: [{}]}".formatted(side));
    String ports = "ports: [" + Ports.TCP_80.admin() + "]";
    Links allOfY = y(side);
    return List.of(
        new Case(
            "admin allows what a namespace isolates " + side,
            only(subject(side), allOfY.and(Links.tcp(80))),
            closed,
            admin("p", 5, X, rules(side, rule(side, "Allow", Y, ports)))),
        new Case(
            "admin denies what a namespace allows " + side,
            allBut(subject(side).and(allOfY).and(Links.tcp(80))),
            open,
            admin("p", 5, X, rules(side, rule(side, "Deny", Y, ports)))),
        new Case(
            "admin allows what Cilium's policy denies " + side,
            only(subject(side), allOfY.and(Links.tcp(80))),
            cnp(
                "x/p",
                "{endpointSelector: {}, %sDeny: [{toPorts: [{ports: [{port: '80'}]}]}]}"
                    .formatted(side)),
            admin("p", 5, X, rules(side, rule(side, "Allow", Y, ports)))),
        new Case(
            "pass leaves it to a namespace that isolates " + side,
            only(subject(side), Links.NONE),
            closed,
            admin("p", 5, X, rules(side, rule(side, "Pass", Y), rule(side, "Deny", EVERY_POD)))),
        new Case(
            "pass leaves it to a namespace that allows " + side,
            allBut(subject(side).and(side.peer("x/*", "z/*"))),
            open,
            admin("p", 5, X, rules(side, rule(side, "Pass", Y), rule(side, "Deny", EVERY_POD)))),
        new Case(
            "pass of a port, deny of the rest " + side,
            allBut(subject(side).and(allOfY).except(Links.tcp(80))),
            admin("p", 5, X, rules(side, rule(side, "Pass", Y, ports), rule(side, "Deny", Y)))));
  }

  private static List<Case> baselines(Side side) {
    String denyPods = rules(side, rule(side, "Deny", EVERY_POD));
    String fromX =
        "{podSelector: {matchLabels: {pod: a}}, policyTypes: [%s], %s: [{%s: [{podSelector: {}}]}]}"
            .formatted(side.type(), side, side.peers());
    Links pods = side.peer("*/*");
    return List.of(
        new Case(
            "baseline denies every pod " + side,
            allBut(subject(side).and(pods)),
            baseline(X, denyPods)),
        new Case(
            "baseline allows one, denies the rest " + side,
            allBut(subject(side).and(pods).except(side.peer("y/b"))),
            baseline(X, rules(side, rule(side, "Allow", Y_B), rule(side, "Deny", EVERY_POD)))),
        new Case(
            "baseline is not asked where a namespace isolates " + side,
            only(side.subject("x/a"), side.peer("x/*"))
                .and(allBut(side.subject("x/b", "x/c").and(pods))),
            baseline(X, denyPods),
            np("x/p", fromX)),
        new Case(
            "admin passes to the baseline " + side,
            allBut(subject(side).and(y(side))),
            baseline(X, denyPods),
            admin("p", 5, X, rules(side, rule(side, "Pass", Y), rule(side, "Allow", EVERY_POD)))),
        new Case(
            "three tiers " + side,
            only(side.subject("x/a"), side.peer("x/*", "z/c"))
                .and(allBut(side.subject("x/b", "x/c").and(pods).except(side.peer("z/c")))),
            admin(
                "p",
                5,
                X,
                rules(
                    side,
                    rule(side, "Deny", Y, "ports: [" + Ports.TCP_80.admin() + "]"),
                    rule(
                        side,
                        "Allow",
                        "{pods: {namespaceSelector: {matchLabels: {ns: z}}, podSelector: {matchLabels:"
                            + " {pod: c}}}}"))),
            np("x/p", fromX),
            baseline(X, denyPods)));
  }
}
