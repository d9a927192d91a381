package io.sekisho.agent.cluster;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sekisho.agent.cluster.ClusterStore.Entry;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.RangeLease;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What this node knew of the cluster last, in a file: an agent that starts while its store is away
 * does with it what one would that had gone on. Of nodes only what others do with them is kept, so
 * that a node that tells of itself is no reason to write. Any thread.
 */
final class InventoryFile {
  private static final System.Logger LOG = System.getLogger(InventoryFile.class.getName());
  private static final String FORMAT = "SKINVEN1";

  private final ChecksummedFile file;
  private final Duration interval;
  private final ReentrantLock writing = new ReentrantLock();
  private Optional<Kept> offered = Optional.empty();
  private Optional<Kept> written = Optional.empty();
  private long writtenNanos;

  /** What a file holds. */
  private record Kept(
      Map<String, Node> nodes,
      Map<String, Endpoint> endpoints,
      Map<Integer, Identity> identities,
      Map<Cidr, String> ranges) {
    static Kept of(Inventory inventory) {
      var nodes = new HashMap<String, Node>();
      inventory.nodes().forEach((name, node) -> nodes.put(name, place(node)));
      return new Kept(
          Map.copyOf(nodes), inventory.endpoints(), inventory.identities(), inventory.ranges());
    }

    private static Node place(Node node) {
      return Node.newBuilder()
          .setName(node.getName())
          .addAllAddresses(node.getAddressesList())
          .addAllPodCidrs(node.getPodCidrsList())
          .addAllHealthAddresses(node.getHealthAddressesList())
          .addAllLabels(node.getLabelsList())
          .setGrpcAddress(node.getGrpcAddress())
          .setRouting(node.getRouting())
          .build();
    }
  }

  /**
   * A file; it need not exist.
   *
   * @param interval between two writes
   */
  InventoryFile(Path path, Duration interval) {
    file = new ChecksummedFile(path, FORMAT);
    this.interval = interval;
  }

  /** Whether an inventory is to be kept now, since it says something else and none was lately. */
  synchronized boolean offer(Inventory now) {
    Kept next = Kept.of(now);
    offered = Optional.of(next);
    return !offered.equals(written)
        && (written.isEmpty() || System.nanoTime() - writtenNanos >= interval.toNanos());
  }

  /** Writes what was offered last; a disk that fails costs the next start, not this one. */
  void write() {
    writing.lock();
    try {
      Optional<Kept> now = due();
      if (now.isPresent()) {
        file.write(new FileSnapshot(0, entries(now.get())).encode());
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "what is known of the cluster is not kept: {0}", "" + e);
    } finally {
      writing.unlock();
    }
  }

  /** What is to be written, if it is not; counts as written, so that a bad disk is left alone. */
  private synchronized Optional<Kept> due() {
    if (offered.equals(written)) {
      return Optional.empty();
    }
    written = offered;
    writtenNanos = System.nanoTime();
    return offered;
  }

  private static List<Entry> entries(Kept kept) {
    var out = new ArrayList<Entry>();
    kept.nodes().forEach((n, node) -> out.add(new Entry(Keys.node(n), node.toByteArray(), 0)));
    kept.endpoints()
        .forEach((e, value) -> out.add(new Entry(Keys.ENDPOINTS + e, value.toByteArray(), 0)));
    kept.identities()
        .forEach((n, i) -> out.add(new Entry(Keys.identity(n), message(i).toByteArray(), 0)));
    kept.ranges()
        .forEach((r, n) -> out.add(new Entry(Keys.RANGES + r, lease(r, n).toByteArray(), 0)));
    return out;
  }

  private static RangeLease lease(Cidr range, String node) {
    return RangeLease.newBuilder().setCidr(range.toString()).setNode(node).build();
  }

  private static io.sekisho.api.v1.Identity message(Identity identity) {
    return io.sekisho.api.v1.Identity.newBuilder()
        .setNumber(identity.number())
        .addAllLabels(identity.labels().texts())
        .build();
  }

  /** What was kept; empty if nothing was, or if the file is broken, which is set aside then. */
  Optional<Inventory> read() {
    try {
      Optional<byte[]> content = file.read();
      return content.isPresent() ? Optional.of(decode(content.get())) : Optional.empty();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "what was known of the cluster is lost: {0}", "" + e);
      return Optional.empty();
    }
  }

  /** The ranges that were kept, to the node that has or had each; none as in {@link #read}. */
  Map<Cidr, String> ranges() {
    return read().map(Inventory::ranges).orElse(Map.of());
  }

  private Inventory decode(byte[] content) throws IOException {
    try {
      return inventory(FileSnapshot.decode(content).entries());
    } catch (ClusterStoreException | InvalidProtocolBufferException | IllegalArgumentException e) {
      throw file.setAside("is not an inventory: " + e.getMessage());
    }
  }

  private static Inventory inventory(List<Entry> entries) throws InvalidProtocolBufferException {
    var nodes = new HashMap<String, Node>();
    var endpoints = new HashMap<String, Endpoint>();
    var identities = new HashMap<Integer, Identity>();
    var ranges = new HashMap<Cidr, String>();
    for (Entry entry : entries) {
      String key = entry.key();
      if (key.startsWith(Keys.NODES)) {
        nodes.put(key.substring(Keys.NODES.length()), Node.parseFrom(entry.value()));
      } else if (key.startsWith(Keys.ENDPOINTS)) {
        endpoints.put(key.substring(Keys.ENDPOINTS.length()), Endpoint.parseFrom(entry.value()));
      } else if (key.startsWith(Keys.IDENTITIES)) {
        var message = io.sekisho.api.v1.Identity.parseFrom(entry.value());
        identities.put(
            message.getNumber(),
            new Identity(message.getNumber(), Labels.of(message.getLabelsList())));
      } else if (key.startsWith(Keys.RANGES)) {
        var lease = RangeLease.parseFrom(entry.value());
        ranges.put(Cidr.parse(lease.getCidr()), lease.getNode());
      } else {
        throw new IllegalArgumentException("what is " + key + "?");
      }
    }
    return new Inventory(
        0,
        false,
        true,
        Map.copyOf(nodes),
        Map.copyOf(endpoints),
        Map.copyOf(identities),
        Map.of(),
        Map.copyOf(ranges));
  }
}
