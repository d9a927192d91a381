package io.sekisho.agent.datapath;

import io.sekisho.libbpf.Codec;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How keys and values of the maps lie in memory, as bpf/types.h has them. */
final class MapCodecs {
  /** {@code union address}: 16 bytes in network order. */
  static final Codec<Cidr> ADDRESS = new AddressCodec();

  /** {@code struct ipcache_key}. */
  static final Codec<Cidr> PREFIX = new PrefixCodec();

  /** {@code struct prefix_ipv4}. */
  static final Codec<Cidr> PREFIX_IPV4 = new Ipv4PrefixCodec();

  /** {@code struct policy_key}. */
  static final Codec<PolicyKey> POLICY_KEY = new PolicyKeyCodec();

  /** {@code struct policy_entry}. */
  static final Codec<PolicyEntry> POLICY_ENTRY = new PolicyEntryCodec();

  private MapCodecs() {}

  private static byte[] bytes(ByteBuffer from, int length) {
    byte[] bytes = new byte[length];
    from.get(bytes);
    return bytes;
  }

  private static final class AddressCodec implements Codec<Cidr> {
    @Override
    public int size() {
      return 16;
    }

    @Override
    public void write(Cidr value, ByteBuffer to) {
      to.put(value.bytes());
    }

    @Override
    public Cidr read(ByteBuffer from) {
      return Cidr.of(bytes(from, 16), 128);
    }
  }

  private static final class PrefixCodec implements Codec<Cidr> {
    @Override
    public int size() {
      return 20;
    }

    @Override
    public void write(Cidr value, ByteBuffer to) {
      to.putInt(value.length128()).put(value.bytes());
    }

    @Override
    public Cidr read(ByteBuffer from) {
      int length = from.getInt();
      return Cidr.of(bytes(from, 16), length);
    }
  }

  private static final class Ipv4PrefixCodec implements Codec<Cidr> {
    /** Where an IPv4 address lies in the 128 bits. */
    private static final int OFFSET = 12;

    @Override
    public int size() {
      return 8;
    }

    @Override
    public void write(Cidr value, ByteBuffer to) {
      to.putInt(value.length128() - 8 * OFFSET).put(value.bytes(), OFFSET, 4);
    }

    @Override
    public Cidr read(ByteBuffer from) {
      int length = from.getInt();
      byte[] address = new byte[16];
      address[10] = -1;
      address[11] = -1;
      from.get(address, OFFSET, 4);
      return Cidr.of(address, 8 * OFFSET + length);
    }
  }

  private static final class PolicyKeyCodec implements Codec<PolicyKey> {
    /** POLICY_PREFIX_STATIC: identity and direction always count. */
    private static final int ANY_PROTOCOL = 40;

    /** POLICY_PREFIX_PROTOCOL: so does the protocol; leading bits of the port come on top. */
    private static final int PROTOCOL = 48;

    @Override
    public int size() {
      return 12;
    }

    @Override
    public void write(PolicyKey value, ByteBuffer to) {
      int prefix = value.protocol() == 0 ? ANY_PROTOCOL : PROTOCOL + value.portPrefixLength();
      to.putInt(prefix)
          .putInt(value.identity())
          .put((byte) (value.egress() ? 1 : 0))
          .put((byte) value.protocol());
      ByteOrder before = to.order();
      to.order(ByteOrder.BIG_ENDIAN).putShort((short) value.port()).order(before);
    }

    @Override
    public PolicyKey read(ByteBuffer from) {
      int prefix = from.getInt();
      int identity = from.getInt();
      boolean egress = from.get() != 0;
      int protocol = from.get() & 0xff;
      ByteOrder before = from.order();
      int port = from.order(ByteOrder.BIG_ENDIAN).getShort() & 0xffff;
      from.order(before);
      return new PolicyKey(identity, egress, protocol, port, Math.max(0, prefix - PROTOCOL));
    }
  }

  private static final class PolicyEntryCodec implements Codec<PolicyEntry> {
    /** POLICY_DENY_FLAG. */
    private static final int DENY = 1;

    /** POLICY_AUDIT_FLAG. */
    private static final int AUDIT = 2;

    @Override
    public int size() {
      return 12;
    }

    @Override
    public void write(PolicyEntry value, ByteBuffer to) {
      to.putInt(value.ruleId())
          .putInt(value.precedence())
          .putShort((short) value.proxyPort())
          .putShort((short) ((value.deny() ? DENY : 0) | (value.audit() ? AUDIT : 0)));
    }

    @Override
    public PolicyEntry read(ByteBuffer from) {
      int rule = from.getInt();
      int precedence = from.getInt();
      int proxyPort = from.getShort() & 0xffff;
      int flags = from.getShort();
      boolean audit = (flags & AUDIT) != 0;
      return new PolicyEntry((flags & DENY) != 0, audit, precedence, rule, proxyPort);
    }
  }
}
