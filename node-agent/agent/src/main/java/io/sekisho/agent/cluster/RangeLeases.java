package io.sekisho.agent.cluster;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sekisho.agent.cluster.ClusterStore.Entry;
import io.sekisho.agent.cluster.ClusterStore.Lifetime;
import io.sekisho.agent.cluster.ClusterStoreException.Code;
import io.sekisho.api.v1.RangeLease;
import io.sekisho.policy.Cidr;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which node has which range of the cluster's address pools: one key for each range, written by
 * compare-and-set alone, so that a range never has two nodes. A lease is for good: it outlives the
 * node's session, because its pods outlive its agent. A freed range stays as a key without a node.
 * Calls block, and fail as those of the store.
 */
public final class RangeLeases {
  private final ClusterStore store;
  private final String node;

  /** The leases as one node takes them. */
  public RangeLeases(ClusterStore store, String node) {
    this.store = store;
    this.node = node;
  }

  /**
   * A range of the whole cluster.
   *
   * @param cidr the whole
   * @param nodeLength prefix length of a node's part, in the family's own bits
   */
  public record Pool(Cidr cidr, int nodeLength) {
    private int length128() {
      return cidr.isV4() ? 96 + nodeLength : nodeLength;
    }

    /** How many nodes it serves. */
    public int parts() {
      return 1 << (length128() - cidr.length128());
    }

    /** Whether a range is one of the parts. */
    public boolean isPart(Cidr range) {
      return range.length128() == length128() && cidr.contains(range);
    }

    private Cidr part(int number) {
      BigInteger offset = BigInteger.valueOf(number).shiftLeft(128 - length128());
      byte[] sum = new BigInteger(1, cidr.bytes()).add(offset).toByteArray();
      byte[] address = new byte[16];
      int length = Math.min(16, sum.length);
      System.arraycopy(sum, sum.length - length, address, 16 - length, length);
      return Cidr.of(Arrays.copyOf(address, 16), length128());
    }

    @Override
    public String toString() {
      return cidr + ":" + nodeLength;
    }
  }

  /** The node's range of a pool: the one it has, else the first that is free; empty: none is. */
  public Optional<Cidr> lease(Pool pool) {
    Map<Cidr, Entry> known = known();
    for (var entry : known.entrySet()) {
      if (pool.isPart(entry.getKey()) && owner(entry.getValue()).equals(node)) {
        return Optional.of(entry.getKey());
      }
    }
    for (int number = 0; number < pool.parts(); number++) {
      Cidr range = pool.part(number);
      Entry entry = known.get(range);
      boolean free = entry == null || owner(entry).isEmpty();
      if (free && write(range, entry == null ? 0 : entry.version(), node)) {
        return Optional.of(range);
      }
    }
    return Optional.empty();
  }

  /** Takes a certain range if it is free; whether it is the node's. */
  public boolean claim(Cidr range) {
    Optional<Entry> entry = store.get(Keys.range(range));
    String owner = entry.map(RangeLeases::owner).orElse("");
    return owner.equals(node)
        || owner.isEmpty() && write(range, entry.map(Entry::version).orElse(0L), node);
  }

  /**
   * Frees all ranges of the node, which must be gone with all its pods.
   *
   * @param fixed ranges that it had without a lease: all nodes are told by a key that nobody has
   *     them
   * @return which ones they were
   */
  public List<Cidr> free(Collection<Cidr> fixed) {
    Map<Cidr, Entry> known = known();
    var freed = new TreeSet<Cidr>();
    known.forEach(
        (range, entry) -> {
          if (owner(entry).equals(node) && write(range, entry.version(), "")) {
            freed.add(range);
          }
        });
    for (Cidr range : fixed) {
      if (!known.containsKey(range) && write(range, 0, "")) {
        freed.add(range);
      }
    }
    return List.copyOf(freed);
  }

  /** Frees one range of the node, as {@link #free}; empty if another one has it. */
  public List<Cidr> freeOne(Cidr range) {
    Optional<Entry> entry = store.get(Keys.range(range));
    boolean own = entry.map(e -> owner(e).equals(node)).orElse(true);
    return own && write(range, entry.map(Entry::version).orElse(0L), "")
        ? List.of(range)
        : List.of();
  }

  private boolean write(Cidr range, long expected, String owner) {
    var lease = RangeLease.newBuilder().setCidr(range.toString()).setNode(owner).build();
    return store
        .compareAndSet(Keys.range(range), expected, lease.toByteArray(), Lifetime.PERSISTENT)
        .isPresent();
  }

  private Map<Cidr, Entry> known() {
    var known = new HashMap<Cidr, Entry>();
    for (Entry entry : store.list(Keys.RANGES)) {
      try {
        known.put(Cidr.parse(entry.key().substring(Keys.RANGES.length())), entry);
      } catch (IllegalArgumentException e) {
        throw new ClusterStoreException(Code.CORRUPT, entry.key() + " is no range", e);
      }
    }
    return known;
  }

  private static String owner(Entry entry) {
    try {
      return RangeLease.parseFrom(entry.value()).getNode();
    } catch (InvalidProtocolBufferException e) {
      throw new ClusterStoreException(
          Code.CORRUPT, "the value of " + entry.key() + " is not a lease", e);
    }
  }
}
