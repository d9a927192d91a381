package io.sekisho.agent.cluster;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.RangeLease;
import io.sekisho.api.v1.Realized;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;

/**
 * The cluster over a {@link ClusterStore}: own objects are written by {@link OwnObjects},
 * everybody's are read by one watch for each prefix, and become a new {@link Inventory} at most
 * once in {@link #COALESCE}.
 */
public final class StoreCluster implements Cluster {
  private static final System.Logger LOG = System.getLogger(StoreCluster.class.getName());
  private static final Duration COALESCE = Duration.ofMillis(10);
  private static final Duration RETRY = Duration.ofMillis(500);

  /** A store that answers tells all within this time, on a busy machine, too. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Between two writes of what is known. */
  private static final Duration KEEP = Duration.ofSeconds(5);

  private final String node;
  private final ClusterStore store;
  private final OwnObjects own;
  private final IdentityAllocator allocator;
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<Labels, Identity> known = new ConcurrentHashMap<>();
  private final Map<Labels, CompletableFuture<Identity>> asked = new ConcurrentHashMap<>();
  private final Snapshots snapshots;
  private final DepartureGrace grace;
  private final Table<Node, Node> nodes;
  private final Table<Endpoint, Endpoint> endpoints;
  private final Table<io.sekisho.api.v1.Identity, Identity> identities;
  private final Table<Realized, Realized> realized;
  private final Table<RangeLease, RangeLease> leases;

  /** Made when it is asked for; belongs to the thread of snapshots. */
  private Optional<KnownRanges> ranges = Optional.empty();

  private volatile boolean rangesFull;
  private final LetGoRanges letGo;
  private final Renamed<String, Node> namedNodes = Renamed.without(Keys.NODES);
  private final Renamed<String, Endpoint> namedEndpoints = Renamed.without(Keys.ENDPOINTS);
  private final Renamed<Integer, Identity> numbered = new Renamed<>((k, i) -> i.number());
  private final Renamed<String, Realized> namedRealized = Renamed.without(Keys.REALIZED);
  private final List<ClusterStore.Watch> watches;
  private final Optional<InventoryFile> file;
  private final Duration patience;

  /** What the node told of itself last. */
  private volatile Optional<Node> published = Optional.empty();

  /** What was known before the start, while the store has not answered since. */
  private volatile Optional<Inventory> kept = Optional.empty();

  /** The cluster as one node sees it; closes the store with itself. */
  public StoreCluster(String node, ClusterStore store) {
    this(node, store, Optional.empty(), PATIENCE, DepartureGrace.NODES);
  }

  /**
   * The same; what is known is kept in a file, and counts after a start until the store answers.
   *
   * @param known the file; it need not exist
   */
  public StoreCluster(String node, ClusterStore store, Path known) {
    this(node, store, Optional.of(new InventoryFile(known, KEEP)), PATIENCE, DepartureGrace.NODES);
  }

  StoreCluster(
      String node,
      ClusterStore store,
      Optional<InventoryFile> file,
      Duration patience,
      Duration grace) {
    this.node = node;
    this.store = store;
    this.file = file;
    this.patience = patience;
    this.grace = new DepartureGrace(grace);
    own = new OwnObjects(store, RETRY);
    allocator = new IdentityAllocator(store);
    letGo = new LetGoRanges(node, store, blocking);
    snapshots = new Snapshots(COALESCE, this::next);
    nodes = new Table<>(Node.parser(), n -> n, new OwnPrefix(Keys.NODES));
    endpoints = new Table<>(Endpoint.parser(), e -> e, new OwnPrefix(Keys.ENDPOINTS));
    identities = new Table<>(io.sekisho.api.v1.Identity.parser(), this::learn, snapshots::changed);
    realized = new Table<>(Realized.parser(), r -> r, new OwnPrefix(Keys.REALIZED));
    leases = new Table<>(RangeLease.parser(), l -> l, snapshots::changed);
    watches =
        List.of(
            store.watch(Keys.NODES, nodes),
            store.watch(Keys.ENDPOINTS, endpoints),
            store.watch(Keys.IDENTITIES, identities),
            store.watch(Keys.REALIZED, realized),
            store.watch(Keys.RANGES, leases));
    file.ifPresent(f -> snapshots.later(patience, () -> recall(f)));
  }

  /** A store that does not answer leaves the node with what it knew. */
  private void recall(InventoryFile from) {
    if (isSynced()) {
      return;
    }
    if (store.health().available()) {
      snapshots.later(patience, () -> recall(from));
      return;
    }
    kept = from.read();
    kept.ifPresent(k -> k.identities().values().forEach(i -> known.putIfAbsent(i.labels(), i)));
    LOG.log(
        System.Logger.Level.WARNING,
        "the store does not answer: {0}",
        kept.isPresent() ? "what was known last counts" : "nothing is known of the cluster");
    snapshots.changed();
  }

  private boolean isSynced() {
    return nodes.isSynced() && endpoints.isSynced() && identities.isSynced() && realized.isSynced();
  }

  private Identity learn(io.sekisho.api.v1.Identity message) {
    int number = message.getNumber();
    if (number < Identity.FIRST_CLUSTER || number >= Identity.FIRST_LOCAL) {
      throw new IllegalArgumentException("the number " + number + " is not the cluster's");
    }
    var identity = new Identity(number, Labels.of(message.getLabelsList()));
    known.put(identity.labels(), identity);
    return identity;
  }

  /** Tells {@link OwnObjects} what a prefix holds, and that a new snapshot is due. */
  private final class OwnPrefix implements Table.Changes {
    private final String prefix;

    private OwnPrefix(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public void changed() {
      snapshots.changed();
    }

    @Override
    public void synced(Set<String> keys) {
      own.compare(prefix, keys);
    }

    @Override
    public void deleted(String key) {
      own.deleted(key);
    }
  }

  private Inventory next(long version) {
    boolean synced = isSynced();
    Optional<Inventory> before = kept;
    if (!synced && before.isPresent()) {
      return before.get().at(version);
    }
    DepartureGrace.View counts =
        grace.see(
            namedNodes.of(nodes.snapshot()),
            namedEndpoints.of(endpoints.snapshot()),
            leases.snapshot(),
            System.nanoTime());
    counts.next().ifPresent(wait -> snapshots.later(Duration.ofNanos(wait), snapshots::changed));
    Map<String, Node> byName = counts.nodes();
    var now =
        new Inventory(
            version,
            synced,
            byName,
            counts.endpoints(),
            numbered.of(identities.snapshot()),
            namedRealized.of(realized.snapshot()),
            ranges().of(leases.snapshot(), byName));
    rangesFull = ranges().full();
    if (synced) {
      letGo.takeBack(leases.snapshot(), byName);
      kept = Optional.empty();
      file.filter(f -> f.offer(now)).ifPresent(f -> blocking.execute(f::write));
    }
    return now;
  }

  private KnownRanges ranges() {
    KnownRanges known =
        ranges.orElseGet(() -> new KnownRanges(file.map(InventoryFile::ranges).orElse(Map.of())));
    ranges = Optional.of(known);
    return known;
  }

  /**
   * A table under other keys; the same map while the table does not change, so that nobody looks at
   * thousands of endpoints because a node told of itself. Belongs to the thread of snapshots.
   */
  private static final class Renamed<K, V> {
    private final BiFunction<String, V, K> name;
    private Map<String, V> last = Map.of();
    private Map<K, V> renamed = Map.of();

    private Renamed(BiFunction<String, V, K> name) {
      this.name = name;
    }

    private static <V> Renamed<String, V> without(String prefix) {
      return new Renamed<>((key, value) -> key.substring(prefix.length()));
    }

    @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
    private Map<K, V> of(Map<String, V> table) {
      if (table != last) {
        var out = HashMap.<K, V>newHashMap(table.size());
        table.forEach((key, value) -> out.put(name.apply(key, value), value));
        last = table;
        renamed = Map.copyOf(out);
      }
      return renamed;
    }
  }

  @Override
  public void publish(Node value) {
    published = Optional.of(value);
    own.want(Keys.node(node), value.toByteArray());
    if (untold().isPresent()) {
      snapshots.changed(); // whoever watches this node asks for it then
    }
  }

  @Override
  public Optional<Node> untold() {
    return store.health().available() ? Optional.empty() : published;
  }

  @Override
  public void publish(Endpoint value) {
    own.want(Keys.endpoint(node, value.getId()), value.toByteArray());
  }

  @Override
  public void withdraw(int endpointId) {
    own.drop(Keys.endpoint(node, endpointId));
  }

  @Override
  public void publish(Realized value) {
    own.want(Keys.realized(node), value.toByteArray());
  }

  @Override
  public CompletableFuture<Identity> identity(Labels labels) {
    Identity present = known.get(labels);
    if (present != null) {
      return CompletableFuture.completedFuture(present);
    }
    return asked.computeIfAbsent(labels, this::allocate).copy();
  }

  private CompletableFuture<Identity> allocate(Labels labels) {
    var answer = CompletableFuture.supplyAsync(() -> allocator.allocate(labels), blocking);
    return answer.whenComplete(
        (identity, error) -> {
          if (identity != null) {
            known.put(labels, identity);
          }
          blocking.execute(() -> asked.remove(labels));
        });
  }

  @Override
  public Optional<List<Cidr>> freeRanges(String gone) {
    return letGo.free(gone, inventory());
  }

  @Override
  public Optional<String> forgets() {
    return rangesFull
        ? Optional.of(
            "the pod ranges of nodes that are gone are "
                + KnownRanges.GONE
                + ", and no more are remembered: of the next ones those that went first become the"
                + " world's; let go of what will not come back with sekisho-agent nodes remove"
                + " RANGE")
        : Optional.empty();
  }

  @Override
  public Inventory inventory() {
    return snapshots.latest();
  }

  @Override
  public void listen(Listener listener) {
    snapshots.listen(listener);
  }

  @Override
  public ClusterStore.Health health() {
    ClusterStore.Health now = store.health();
    return kept.isPresent() && !now.available()
        ? new ClusterStore.Health(
            now.store(), false, now.message() + "; what was known before the start counts")
        : now;
  }

  @Override
  public void close() {
    own.close();
    watches.forEach(ClusterStore.Watch::close);
    snapshots.close();
    file.ifPresent(InventoryFile::write);
    store.close();
    blocking.shutdown();
  }
}
