package io.sekisho.agent.datapath;

import io.sekisho.libbpf.Codec;
import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A device beside the underlay by which pods' packets leave the cluster.
 *
 * @param index of the interface
 * @param name of it
 * @param source what takes the place of pods' addresses
 * @param addresses all that it has, so that nobody outside may bear one of them
 */
record Uplink(int index, String name, Source source, List<InetAddress> addresses) {
  Uplink {
    addresses = List.copyOf(addresses);
  }

  /**
   * {@code struct uplink} of bpf/types.h.
   *
   * @param ipv4 source of what leaves by IPv4; empty: nothing of pods leaves
   * @param ipv6 the same by IPv6
   */
  record Source(Optional<InetAddress> ipv4, Optional<InetAddress> ipv6) {
    static final Source NONE = new Source(Optional.empty(), Optional.empty());
    static final Codec<Source> CODEC = new SourceCodec();

    Optional<InetAddress> of(boolean isIpv4) {
      return isIpv4 ? ipv4 : ipv6;
    }
  }

  private static final class SourceCodec implements Codec<Source> {
    private static final int ADDRESS = 16;

    @Override
    public int size() {
      return 2 * ADDRESS;
    }

    @Override
    public void write(Source value, ByteBuffer to) {
      to.put(bytes(value.ipv4())).put(bytes(value.ipv6()));
    }

    private static byte[] bytes(Optional<InetAddress> address) {
      return address.map(a -> Cidr.of(a).bytes()).orElse(new byte[ADDRESS]);
    }

    @Override
    public Source read(ByteBuffer from) {
      return new Source(address(from), address(from));
    }

    private static Optional<InetAddress> address(ByteBuffer from) {
      byte[] bytes = new byte[ADDRESS];
      from.get(bytes);
      try {
        return Optional.of(InetAddress.getByAddress(bytes)).filter(a -> !a.isAnyLocalAddress());
      } catch (UnknownHostException e) {
        throw new IllegalStateException("16 bytes are always an address", e);
      }
    }
  }
}
