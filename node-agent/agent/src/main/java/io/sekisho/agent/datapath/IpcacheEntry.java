package io.sekisho.agent.datapath;

import io.sekisho.libbpf.Codec;
import io.sekisho.policy.Cidr;
import java.nio.ByteBuffer;

/**
 * Who has an address, and where: {@code struct ipcache_entry} of bpf/types.h.
 *
 * @param identity number of the identity
 * @param tunnel underlay address of the node behind which it is, or {@link EndpointEntry#NONE}
 */
record IpcacheEntry(int identity, Cidr tunnel) {
  static final Codec<IpcacheEntry> CODEC = new EntryCodec();

  /** The entry for a location. */
  static IpcacheEntry of(DesiredState.Location location) {
    return new IpcacheEntry(
        location.identity(), location.node().map(Cidr::of).orElse(EndpointEntry.NONE));
  }

  private static final class EntryCodec implements Codec<IpcacheEntry> {
    @Override
    public int size() {
      return 24;
    }

    @Override
    public void write(IpcacheEntry value, ByteBuffer to) {
      to.putInt(value.identity).putInt(0).put(value.tunnel.bytes());
    }

    @Override
    public IpcacheEntry read(ByteBuffer from) {
      int identity = from.getInt();
      from.getInt();
      return new IpcacheEntry(identity, MapCodecs.ADDRESS.read(from));
    }
  }
}
