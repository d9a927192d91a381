package io.sekisho.netlink;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;

/** Rules that say which routing table is asked (RTM_*RULE, linux/fib_rules.h). */
public final class Rules {
  private static final int NEW = 32;
  private static final int DELETE = 33;
  private static final int GET = 34;
  private static final int HEADER = 12;
  private static final int FRA_SOURCE = 2;
  private static final int FRA_PRIORITY = 6;
  private static final int FRA_MARK = 10;
  private static final int FRA_TABLE = 15;
  private static final int FRA_MARK_MASK = 16;
  private static final int TO_TABLE = 1;

  /**
   * FRA_DST, _SRC, _IIFNAME, _GOTO, _PRIORITY, from _FWMARK to _IP_PROTO, _DSCP, both of a flow
   * label, _DSCP_MASK: all that say nothing of ports.
   */
  private static final Set<Integer> WITHOUT_PORTS =
      Set.of(1, 2, 3, 4, 6, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 25, 26, 27, 30);

  private Rules() {}

  /** Address family of a rule. */
  public enum Family {
    IPV4(2),
    IPV6(10);

    private final int number;

    Family(int number) {
      this.number = number;
    }
  }

  /**
   * A rule.
   *
   * @param family whose packets
   * @param priority lower is asked first
   * @param mark packets with this mark under the mask; 0 with mask 0 for all
   * @param mask which bits of the mark count
   * @param source packets from this address; empty for all
   * @param table table to ask
   */
  public record Rule(
      Family family, int priority, int mark, int mask, Optional<InetAddress> source, int table) {
    /** A rule for packets of any source. */
    public Rule(Family family, int priority, int mark, int mask, int table) {
      this(family, priority, mark, mask, Optional.empty(), table);
    }

    /** A rule for packets from one address. */
    public static Rule from(InetAddress source, int priority, int table) {
      Family family = source.getAddress().length == 4 ? Family.IPV4 : Family.IPV6;
      return new Rule(family, priority, 0, 0, Optional.of(source), table);
    }
  }

  /** Adds a rule. */
  public static Request add(Rule rule) {
    int flags = Netlink.Flags.CREATE | Netlink.Flags.EXCLUSIVE;
    return new Request("add rule " + rule.priority(), NEW, flags, body(rule).bytes());
  }

  /** Deletes a rule. */
  public static Request delete(Rule rule) {
    return new Request("delete rule " + rule.priority(), DELETE, 0, body(rule).bytes());
  }

  /** All rules of a family. */
  public static Query<Rule> all(Family family) {
    var body = new Body();
    body.u8(family.number);
    for (int i = 1; i < HEADER; i++) {
      body.u8(0);
    }
    return new Query<>(
        new Request("list rules", GET, Netlink.Flags.DUMP, body.bytes()),
        NEW,
        answer -> parse(family, answer));
  }

  /**
   * Of each rule of a family, whether it looks at ports, or at something that is not known here.
   */
  public static Query<Boolean> lookAtPorts(Family family) {
    return new Query<>(
        all(family).request(),
        NEW,
        answer -> Optional.of(!Attributes.after(answer, HEADER).onlyOf(WITHOUT_PORTS)));
  }

  private static Body body(Rule rule) {
    var body = new Body();
    int sourceLength = rule.source().map(a -> a.getAddress().length * 8).orElse(0);
    body.u8(rule.family().number).u8(0).u8(sourceLength).u8(0);
    body.u8(rule.table() < 256 ? rule.table() : 0).u8(0).u8(0).u8(TO_TABLE).u32(0);
    rule.source().ifPresent(source -> body.attribute(FRA_SOURCE, source));
    body.attribute32(FRA_PRIORITY, rule.priority()).attribute32(FRA_TABLE, rule.table());
    if (rule.mask() != 0) {
      body.attribute32(FRA_MARK, rule.mark()).attribute32(FRA_MARK_MASK, rule.mask());
    }
    return body;
  }

  static Optional<Rule> parse(Family family, ByteBuffer body) {
    Attributes attributes = Attributes.after(body, HEADER);
    return Optional.of(
        new Rule(
            family,
            attributes.u32(FRA_PRIORITY).orElse(0),
            attributes.u32(FRA_MARK).orElse(0),
            attributes.u32(FRA_MARK_MASK).orElse(0),
            attributes.address(FRA_SOURCE),
            attributes.u32(FRA_TABLE).orElse(body.get(4) & 0xff)));
  }
}
