package io.sekisho.lab.matrix;

import static io.sekisho.lab.matrix.Draft.cluster;
import static io.sekisho.lab.matrix.Draft.cnp;
import static io.sekisho.lab.matrix.Draft.np;
import static io.sekisho.lab.matrix.Links.allBut;
import static io.sekisho.lab.matrix.Links.only;

import io.sekisho.lab.Outside;
import java.util.ArrayList;
import java.util.List;

/**
 * Prefixes: they mean machines outside, of which one is at .203 (opens and serves) and one at .201
 * (serves), and never pods; but an {@code ipBlock} means pods and nodes, too, see {@link
 * BlockCases}.
 */
final class CidrCases {
  private static final String PEER_4 = Outside.PEER.addresses().get(0) + "/32";
  private static final String PEER_6 = Outside.PEER.addresses().get(1) + "/128";
  private static final String UNDERLAY_4 = "198.18.0.0/24";
  private static final String UNDERLAY_6 = "fd18::/64";
  private static final String PODS_4 = "10.244.0.0/16";

  private CidrCases() {}

  /**
   * An item of a list of sets, with whom it lets pass.
   *
   * @param allowed outside
   * @param pods of those whom it means besides if it is an {@code ipBlock}
   */
  private record Block(String yaml, Links allowed, Links pods) {
    Block(String yaml, Links allowed) {
      this(yaml, allowed, Links.NONE);
    }
  }

  private static final Links V4 = Links.v4();
  private static final Links V6 = Links.v6();

  private static List<Block> blocks(Side side) {
    Links peer = side.peer(Plan.PEER);
    Links outside = side.peer(Plan.PEER, Plan.SERVER);
    Links server = outside.except(peer);
    Links pods = side.peer("*/*").and(V4);
    return List.of(
        new Block("{cidr: %s}".formatted(PEER_4), peer.and(V4)),
        new Block("{cidr: '%s'}".formatted(PEER_6), peer.and(V6)),
        new Block("{cidr: %s}".formatted(UNDERLAY_4), outside.and(V4)),
        new Block("{cidr: '%s'}".formatted(UNDERLAY_6), outside.and(V6)),
        new Block("{cidr: %s, except: [%s]}".formatted(UNDERLAY_4, PEER_4), server.and(V4)),
        new Block("{cidr: '%s', except: ['%s']}".formatted(UNDERLAY_6, PEER_6), server.and(V6)),
        new Block("{cidr: 0.0.0.0/0}", outside.and(V4), pods),
        new Block("{cidr: 0.0.0.0/0, except: [%s]}".formatted(UNDERLAY_4), Links.NONE, pods),
        new Block("{cidr: %s}".formatted(PODS_4), Links.NONE, pods));
  }

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (Side side : Side.values()) {
      for (Block block : blocks(side)) {
        cases.add(network(side, block));
        cases.add(cilium(side, block));
      }
      cases.addAll(mixed(side));
    }
    cases.addAll(networks());
    return cases;
  }

  private static Case network(Side side, Block block) {
    return new Case(
        "np " + side + " " + block.yaml,
        only(side.subject("z/*"), block.allowed.or(block.pods)),
        np(
            "z/p",
            "{podSelector: {}, policyTypes: [%s], %s: [{%s: [{ipBlock: %s}]}]}"
                .formatted(side.type(), side, side.peers(), block.yaml)));
  }

  private static Case cilium(Side side, Block block) {
    return new Case(
        "cnp " + side + " deny " + block.yaml,
        allBut(side.subject("z/*").and(block.allowed)),
        cnp(
            "z/p",
            "{endpointSelector: {}, %1$s: [{%2$sEntities: [all]}], %1$sDeny: [{%2$sCIDRSet: [%3$s]}]}"
                .formatted(side, side.peers(), block.yaml)));
  }

  private static List<Case> mixed(Side side) {
    Links subject = side.subject("x/a", "x/b", "x/c");
    Links outside = side.peer(Plan.PEER, Plan.SERVER);
    Links peer = side.peer(Plan.PEER);
    return List.of(
        new Case(
            "cnp " + side + " both families of one machine",
            only(subject, peer),
            ofX(side, "{%sCIDR: [%s, '%s']}".formatted(side.peers(), PEER_4, PEER_6))),
        new Case(
            "cnp " + side + " world-ipv4",
            only(subject, outside.and(V4)),
            ofX(side, "{%sEntities: [world-ipv4]}".formatted(side.peers()))),
        new Case(
            "cnp " + side + " world-ipv6 at a port",
            only(subject, outside.and(V6).and(Links.tcp(80))),
            ofX(
                side,
                "{%sEntities: [world-ipv6], toPorts: [{ports: [%s]}]}"
                    .formatted(side.peers(), Ports.TCP_80.cilium()))),
        new Case(
            "cnp " + side + " world beside a narrower prefix",
            only(subject, outside.except(peer.and(V4).and(Links.port(81)))),
            cnp(
                "x/p",
                ("{endpointSelector: {}, %1$s: [{%2$sEntities: [world]}],"
                        + " %1$sDeny: [{%2$sCIDR: [%3$s], toPorts: [{ports: [{port: '81'}]}]}]}")
                    .formatted(side, side.peers(), PEER_4))),
        new Case(
            "np " + side + " prefix and pods in one rule",
            only(subject, side.peer("y/*").or(peer.and(V4)).and(Links.udp(80))),
            np(
                "x/p",
                ("{podSelector: {}, policyTypes: [%s], %s: [{%s: [{ipBlock: {cidr: %s}},"
                        + " {namespaceSelector: {matchLabels: {ns: y}}}],"
                        + " ports: [{protocol: UDP, port: 80}]}]}")
                    .formatted(side.type(), side, side.peers(), PEER_4))));
  }

  /** Networks in the administrators' policies, where only what goes out may name them. */
  private static List<Case> networks() {
    String subject = "{namespaces: {matchLabels: {ns: x}}}";
    String rule = "egress: [{action: %s, to: [{networks: [%s]}]}]";
    Links peer = Links.to(Plan.PEER);
    return List.of(
        new Case(
            "cluster denies a network",
            allBut(Links.from("x/*").and(Links.to(Plan.PEER, Plan.SERVER)).and(V4)),
            cluster("p", "Admin", 3, subject, rule.formatted("Deny", UNDERLAY_4))),
        new Case(
            "cluster accepts one machine before it denies all addresses",
            only(Links.from("x/*"), peer.and(V6)),
            cluster("first", "Admin", 3, subject, rule.formatted("Accept", "'" + PEER_6 + "'")),
            cluster("then", "Admin", 4, subject, rule.formatted("Deny", "0.0.0.0/0, '::/0'"))));
  }

  private static String ofX(Side side, String rule) {
    return cnp("x/p", "{endpointSelector: {}, %s: [%s]}".formatted(side, rule));
  }
}
