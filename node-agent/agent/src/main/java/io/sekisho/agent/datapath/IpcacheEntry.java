package io.sekisho.agent.datapath;

import io.sekisho.libbpf.Codec;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import java.nio.ByteBuffer;

/**
 * Who has an address, and where: {@code struct ipcache_entry} of bpf/types.h.
 *
 * @param identity number of the identity
 * @param tunnel underlay address of the node behind which it is, or {@link EndpointEntry#NONE}
 * @param direct whether pods keep their address when they send there
 * @param own whether this node's pods have it, and nobody else
 * @param elsewhere whether another node's pod or another node has it, and no pod of this node
 */
record IpcacheEntry(int identity, Cidr tunnel, boolean direct, boolean own, boolean elsewhere) {
  /** IPCACHE_DIRECT. */
  private static final int DIRECT = 1;

  /** IPCACHE_OWN. */
  private static final int OWN = 1 << 1;

  /** IPCACHE_ELSEWHERE. */
  private static final int ELSEWHERE = 1 << 2;

  /** REMOTE_NODES: high byte of other nodes that policies tell apart. */
  private static final int REMOTE_NODES = 2;

  static final Codec<IpcacheEntry> CODEC = new EntryCodec();

  /** The entry for a location. */
  static IpcacheEntry of(DesiredState.Location location) {
    return new IpcacheEntry(
        location.identity(),
        location.node().map(Cidr::of).orElse(EndpointEntry.NONE),
        location.direct(),
        location.own(),
        !location.own() && isOfAnotherNode(location.identity()));
  }

  private static boolean isOfAnotherNode(int identity) {
    return Identity.isPod(identity)
        || identity == Identity.REMOTE_NODE.number()
        || identity >>> 24 == REMOTE_NODES;
  }

  private static final class EntryCodec implements Codec<IpcacheEntry> {
    @Override
    public int size() {
      return 24;
    }

    @Override
    public void write(IpcacheEntry value, ByteBuffer to) {
      int flags = (value.direct ? DIRECT : 0) | (value.own ? OWN : 0);
      flags |= value.elsewhere ? ELSEWHERE : 0;
      to.putInt(value.identity).putInt(flags).put(value.tunnel.bytes());
    }

    @Override
    public IpcacheEntry read(ByteBuffer from) {
      int identity = from.getInt();
      int flags = from.getInt();
      Cidr tunnel = MapCodecs.ADDRESS.read(from);
      return new IpcacheEntry(
          identity, tunnel, (flags & DIRECT) != 0, (flags & OWN) != 0, (flags & ELSEWHERE) != 0);
    }
  }
}
