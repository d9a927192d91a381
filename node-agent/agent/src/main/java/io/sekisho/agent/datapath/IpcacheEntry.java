package io.sekisho.agent.datapath;

import io.sekisho.libbpf.Codec;
import io.sekisho.policy.Cidr;
import java.nio.ByteBuffer;

/**
 * Who has an address, and where: {@code struct ipcache_entry} of bpf/types.h.
 *
 * @param identity number of the identity
 * @param tunnel underlay address of the node behind which it is, or {@link EndpointEntry#NONE}
 * @param direct whether pods keep their address when they send there
 */
record IpcacheEntry(int identity, Cidr tunnel, boolean direct) {
  /** IPCACHE_DIRECT. */
  private static final int DIRECT = 1;

  static final Codec<IpcacheEntry> CODEC = new EntryCodec();

  /** The entry for a location. */
  static IpcacheEntry of(DesiredState.Location location) {
    return new IpcacheEntry(
        location.identity(),
        location.node().map(Cidr::of).orElse(EndpointEntry.NONE),
        location.direct());
  }

  private static final class EntryCodec implements Codec<IpcacheEntry> {
    @Override
    public int size() {
      return 24;
    }

    @Override
    public void write(IpcacheEntry value, ByteBuffer to) {
      to.putInt(value.identity).putInt(value.direct ? DIRECT : 0).put(value.tunnel.bytes());
    }

    @Override
    public IpcacheEntry read(ByteBuffer from) {
      int identity = from.getInt();
      int flags = from.getInt();
      return new IpcacheEntry(identity, MapCodecs.ADDRESS.read(from), (flags & DIRECT) != 0);
    }
  }
}
