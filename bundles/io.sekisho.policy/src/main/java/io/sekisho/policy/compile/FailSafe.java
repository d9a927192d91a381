package io.sekisho.policy.compile;

import io.sekisho.policy.Identity;
import io.sekisho.policy.NodeLabels;
import io.sekisho.policy.PortRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What of a node's own traffic always passes, in and out, whatever documents say about the node: so
 * that nobody locks himself out. Ports are those of who serves.
 *
 * @param everybody passes with any peer
 * @param nodes passes with other nodes of the cluster
 */
public record FailSafe(List<PortRange> everybody, List<PortRange> nodes) {
  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;

  /** IP protocol numbers that have no ports (IANA protocol numbers). */
  private static final Map<String, Integer> WITHOUT_PORTS = Map.of("IGMP", 2, "VRRP", 112);

  private static final Map<String, Integer> WITH_PORTS =
      Map.of("TCP", PortRange.TCP, "UDP", PortRange.UDP, "SCTP", PortRange.SCTP);

  private static final Pattern PORTS =
      Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?/([A-Za-z]+)");

  /** Agent, SSH, etcd, Kubernetes' API, DHCP of both families, and router redundancy. */
  public static final List<String> USUAL_PORTS =
      List.of(
          "4244/TCP",
          "22/TCP",
          "2379-2380/TCP",
          "6443/TCP",
          "67-68/UDP",
          "546-547/UDP",
          "VRRP",
          "IGMP");

  /**
   * What says that a packet did not arrive: path MTU discovery needs it (RFC 1191, RFC 8201).
   * Neighbour discovery never comes to policy.
   */
  private static final List<PortRange> ERRORS =
      List.of(new PortRange(ICMP, 3, 3), new PortRange(ICMP, 11, 12), new PortRange(ICMPV6, 1, 4));

  /** Echo requests: the probes between nodes. */
  private static final List<PortRange> PINGS =
      List.of(new PortRange(ICMP, 8, 8), new PortRange(ICMPV6, 128, 128));

  /** The usual ports. */
  public static final FailSafe USUAL = of(USUAL_PORTS.stream().map(FailSafe::parse).toList());

  /** Keeps immutable copies. */
  public FailSafe {
    everybody = List.copyOf(everybody);
    nodes = List.copyOf(nodes);
  }

  /** These ports, ICMP errors, and pings between nodes. */
  public static FailSafe of(List<PortRange> ports) {
    return new FailSafe(Stream.concat(ports.stream(), ERRORS.stream()).distinct().toList(), PINGS);
  }

  /**
   * Reads {@code 22/TCP}, {@code 2379-2380/TCP}, or the name of a protocol without ports.
   *
   * @throws IllegalArgumentException if the text is none of these
   */
  public static PortRange parse(String text) {
    Integer alone = WITHOUT_PORTS.get(text.toUpperCase(Locale.ROOT));
    if (alone != null) {
      return new PortRange(alone, 0, 65_535);
    }
    Matcher ports = PORTS.matcher(text);
    if (ports.matches()) {
      Integer protocol = WITH_PORTS.get(ports.group(3).toUpperCase(Locale.ROOT));
      int first = Integer.parseInt(ports.group(1));
      int last = ports.group(2) == null ? first : Integer.parseInt(ports.group(2));
      if (protocol != null && first >= 1 && first <= last && last <= 65_535) {
        return new PortRange(protocol, first, last);
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not like 22/TCP, 2379-2380/TCP, VRRP or IGMP");
  }

  /** Whether traffic with the peer passes in any case. */
  public boolean passes(Identity peer, int protocol, int port) {
    return everybody.stream().anyMatch(r -> r.contains(protocol, port))
        || (isOther(peer) && nodes.stream().anyMatch(r -> r.contains(protocol, port)));
  }

  /** Whether a node's table has entries of this peer alone because of it. */
  public boolean names(Identity peer) {
    return !nodes.isEmpty() && isOther(peer);
  }

  private static boolean isOther(Identity peer) {
    return peer.labels().get(NodeLabels.REMOTE).isPresent();
  }

  /**
   * Puts entries above all others into a direction of a node's table. Entries of documents inside
   * of the same ports would be longer matches, and go.
   */
  void addTo(boolean egress, PeerIndex peers, Map<PolicyKey, PolicyEntry> entries) {
    everybody.forEach(range -> put(range, 0, egress, entries));
    for (Identity peer : peers.all()) {
      if (isOther(peer)) {
        nodes.forEach(range -> put(range, peer.number(), egress, entries));
      }
    }
  }

  private static void put(
      PortRange range, int identity, boolean egress, Map<PolicyKey, PolicyEntry> entries) {
    entries
        .keySet()
        .removeIf(
            k ->
                k.identity() == identity
                    && k.egress() == egress
                    && k.protocol() == range.protocol()
                    && k.portPrefixLength() > 0
                    && range.contains(k.protocol(), k.port())
                    && range.contains(k.protocol(), k.port() | 0xffff >> k.portPrefixLength()));
    Ports.of(range)
        .forEach(
            p ->
                entries.put(
                    new PolicyKey(identity, egress, p.protocol(), p.port(), p.length()),
                    new PolicyEntry(false, Precedence.FAIL_SAFE, RuleIds.FAIL_SAFE, 0)));
  }

  /** What a node lets pass, with this on top. */
  PeerVerdicts over(PeerVerdicts verdicts, PeerIndex peers) {
    var named = new HashMap<Integer, List<PeerVerdicts.Verdict>>();
    verdicts.named().forEach((peer, list) -> named.put(peer, with(list, everybody)));
    for (Identity peer : peers.all()) {
      if (isOther(peer)) {
        named.compute(
            peer.number(),
            (number, list) ->
                with(list == null ? with(verdicts.others(), everybody) : list, nodes));
      }
    }
    return new PeerVerdicts(named, with(verdicts.others(), everybody), verdicts.blocks());
  }

  private static List<PeerVerdicts.Verdict> with(
      List<PeerVerdicts.Verdict> verdicts, List<PortRange> passing) {
    var out = new ArrayList<>(verdicts);
    passing.forEach(r -> out.add(new PeerVerdicts.Verdict(r, true, false)));
    return out;
  }
}
