package io.sekisho.testkit.dataplane;

import io.sekisho.libbpf.BpfLink;
import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.BpfObject;
import io.sekisho.libbpf.BpfProgram;
import io.sekisho.libbpf.Codec;
import io.sekisho.libbpf.MapInfo;
import io.sekisho.libbpf.RingBuffer;
import io.sekisho.libbpf.TestRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * The dataplane of a node with the addresses 198.18.0.1 and fd18::1, loaded but attached to
 * nothing: packets are handed in, and their fate is read. Tests use it from one thread.
 */
public final class Dataplane implements AutoCloseable {
  /** The node's own address. */
  public static final String NODE_IPV4 = "198.18.0.1";

  /** The node's own address. */
  public static final String NODE_IPV6 = "fd18::1";

  /** How often an open connection is reported without news, ns. */
  public static final long AGGREGATION = 5_000_000_000L;

  /** MAC of the underlay's device: only frames to it are the node's. */
  public static final byte[] UNDERLAY_MAC = HexFormat.of().parseHex("02cc00000001");

  /** skb->mark of what to_netdev is to masquerade (MARK_MASQUERADE of lib/mark.h). */
  public static final int MARK_MASQUERADE = 0x5e000000;

  /** skb->mark of what has been masqueraded. */
  public static final int MARK_MASQUERADED = 0x5f000000;

  private static final List<String> SHARED =
      List.of(
          "endpoints",
          "endpoint_config",
          "node_state",
          "ipcache",
          "ipcache_version",
          "ipcache_recent",
          "policies",
          "policy_blocks",
          "fragments",
          "conntrack_tcp",
          "conntrack_any",
          "events",
          "events_lost",
          "metrics");

  private final TestNetwork network = new TestNetwork();
  private final Map<Integer, Integer> interfaces = new HashMap<>();
  private final Map<String, BpfMap<byte[], byte[]>> maps = new HashMap<>();
  private final Map<String, BpfProgram> programs = new HashMap<>();
  private final List<BpfLink> links = new ArrayList<>();
  private final MapInfo policyTable;
  private final RingBuffer ring;
  private ByteBuffer lastContext = ByteBuffer.allocate(192);

  /** Loads the objects. */
  public Dataplane(NodeSettings settings) {
    byte[] config = settings.config(network.index("overlay"), network.index("underlay"));
    try (var endpoint = BpfObject.openResource("endpoint");
        var overlay = BpfObject.openResource("overlay");
        var netdev = BpfObject.openResource("netdev");
        var tunnel = BpfObject.open("tunnel", resource("tunnel.bpf.o"))) {
      endpoint.set("config", config).maxEntries("events", settings.eventRingBytes());
      overlay.set("config", config);
      netdev.set("config", config);
      policyTable = endpoint.declaredInner("policies");
      take(endpoint.load());
      SHARED.forEach(name -> overlay.reuse(name, map(name)));
      take(overlay.load());
      SHARED.forEach(name -> netdev.reuse(name, map(name)));
      take(netdev.load());
      take(tunnel.load());
      for (Hook hook : Hook.values()) {
        int program = program(hook.program()).fd();
        map("next").as(Codec.u32(), Codec.u32()).put(hook.ordinal(), program);
      }
      ring = new RingBuffer(map("events"));
    }
  }

  /** A dataplane of a usual node. */
  public static Dataplane load() {
    return new Dataplane(NodeSettings.USUAL);
  }

  private static byte[] resource(String name) {
    try (var in = Dataplane.class.getResourceAsStream("/io/sekisho/testkit/" + name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(BpfObject object) {
    object.mapNames().forEach(name -> maps.computeIfAbsent(name, object::map));
    object.programNames().forEach(name -> programs.put(name, object.program(name)));
  }

  /** All maps by their names in the source; they stay the dataplane's. */
  public Map<String, BpfMap<byte[], byte[]>> maps() {
    return Map.copyOf(maps);
  }

  /** Shape of a policy table. */
  public MapInfo policyTable() {
    return policyTable;
  }

  private BpfMap<byte[], byte[]> map(String name) {
    BpfMap<byte[], byte[]> found = maps.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no map " + name);
    }
    return found;
  }

  private BpfProgram program(String name) {
    BpfProgram found = programs.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no program " + name);
    }
    return found;
  }

  /** Makes a pod known, or known anew; its policy begins empty. */
  public void wire(Pod pod) {
    update(pod);
    policy(pod, List.of());
  }

  /** Changes what is known of a pod; its policy stays. */
  public void update(Pod pod) {
    Codec<Pod> layout = Layouts.endpoint(ifindex(pod));
    pod.addresses().forEach(a -> map("endpoints").as(Layouts.ADDRESS, layout).put(a, pod));
    map("endpoint_config").as(Codec.u32(), layout).put(ifindex(pod), pod);
  }

  /** Forgets a pod; its interface stays. */
  public void unwire(Pod pod) {
    BpfMap<String, byte[]> endpoints = map("endpoints").as(Layouts.ADDRESS, Codec.bytes(64));
    pod.addresses().forEach(endpoints::remove);
    map("endpoint_config").as(Codec.u32(), Codec.bytes(64)).remove(ifindex(pod));
    dropPolicy(pod);
  }

  /** Replaces a pod's policy in one step. */
  public void policy(Pod pod, List<PolicyRow> rows) {
    try (BpfMap<byte[], byte[]> table = BpfMap.create(policyTable)) {
      rows.forEach(row -> table.as(Layouts.POLICY_KEY, Layouts.POLICY_ENTRY).put(row, row));
      map("policies").as(Codec.u32(), Codec.u32()).put(pod.id(), table.fd());
    }
  }

  /** Takes a pod's policy table away, as if it had not fitted. */
  public void dropPolicy(Pod pod) {
    map("policies").as(Codec.u32(), Codec.u32()).remove(pod.id());
  }

  /**
   * Puts the node's own traffic under policy; the node is {@link Pod#host}.
   *
   * @param flags as a pod's
   */
  public void enforceHost(int flags, int revision, List<PolicyRow> rows) {
    Pod host = Pod.host().flags(flags).policyRevision(revision);
    policy(host, rows);
    map("endpoint_config").as(Codec.u32(), Layouts.endpoint(0)).put(0, host);
    map("node_state").as(Codec.u32(), Codec.u32()).put(0, 1);
  }

  /** No policy speaks of the node any more. */
  public void releaseHost() {
    map("node_state").as(Codec.u32(), Codec.u32()).put(0, 0);
    map("endpoint_config").as(Codec.u32(), Codec.bytes(64)).remove(0);
    dropPolicy(Pod.host());
  }

  /** Writes an entry of the ipcache. */
  public void locate(Location location) {
    map("ipcache").as(Layouts.IPCACHE_KEY, Layouts.IPCACHE_ENTRY).put(location, location);
    ipcacheVersion(ipcacheVersion() + 2);
  }

  /** Has policy tables know who has an address of a prefix by the number of a location. */
  public void block(Location prefix) {
    map("policy_blocks").as(Layouts.IPCACHE_KEY, Codec.u32()).put(prefix, prefix.identity());
  }

  /** Takes a prefix of {@link #block} away. */
  public void unblock(Location prefix) {
    map("policy_blocks").as(Layouts.IPCACHE_KEY, Codec.u32()).remove(prefix);
  }

  /** Number of the ipcache's changes; odd while it changes. */
  public int ipcacheVersion() {
    return map("ipcache_version").as(Codec.u32(), Codec.u32()).get(0).orElseThrow();
  }

  /** Sets the number of the ipcache's changes: what programs remember of it is old. */
  public void ipcacheVersion(int number) {
    map("ipcache_version").as(Codec.u32(), Codec.u32()).put(0, number);
  }

  /** What the pod sends. */
  public Outcome fromEndpoint(Pod pod, byte[] frame) {
    return run("from_endpoint", frame, context(0, 0, ifindex(pod)));
  }

  /** What the pod sends with a mark on it, as if marks did not end where its namespace does. */
  public Outcome fromEndpoint(int mark, Pod pod, byte[] frame) {
    return run("from_endpoint", frame, context(mark, 0, ifindex(pod)));
  }

  /** What comes in by the underlay. */
  public Outcome fromNetdev(byte[] frame) {
    int underlay = network.index("underlay");
    return run("from_netdev", frame, context(0, underlay, underlay));
  }

  /** What leaves by the underlay with the mark. */
  public Outcome toNetdev(int mark, byte[] frame) {
    return run("to_netdev", frame, context(mark, 0, network.index("underlay")));
  }

  /** What another device of the node received and its stack sends on by the underlay. */
  public Outcome forwardToNetdev(byte[] frame) {
    int overlay = network.index("overlay");
    return run("to_netdev", frame, context(0, overlay, network.index("underlay")));
  }

  /** Does something in the node's network namespace, such as opening sockets. */
  public <T> T onNode(Callable<T> work) {
    return network.run(work);
  }

  /** Attaches a program to a device of the node until the dataplane is closed. */
  public void attach(String program, int ifindex, BpfLink.Hook hook) {
    links.add(network.run(() -> BpfLink.attach(program(program), ifindex, hook)));
  }

  /** Index of the underlay's device. */
  public int underlay() {
    return network.index("underlay");
  }

  /**
   * What the pod sends as a super-packet, to be cut into segments with so many bytes of payload.
   */
  public Outcome fromEndpoint(Pod pod, byte[] frame, int segment) {
    byte[] context = context(0, 0, ifindex(pod));
    ByteBuffer.wrap(context).order(ByteOrder.nativeOrder()).putInt(164, 2).putInt(176, segment);
    return run("from_endpoint", frame, context);
  }

  /** What another device of the node received for the pod and the stack hands on. */
  public Outcome toEndpoint(Pod pod, byte[] frame) {
    return run("to_endpoint", frame, context(0, network.index("underlay"), ifindex(pod)));
  }

  /** What the node itself sends to the pod. */
  public Outcome hostToEndpoint(Pod pod, byte[] frame) {
    return run("to_endpoint", frame, context(0, 0, ifindex(pod)));
  }

  /** What another pod of the node sent and the stack hands on. */
  public Outcome podToEndpoint(Pod from, Pod pod, byte[] frame) {
    return run("to_endpoint", frame, context(0, ifindex(from), ifindex(pod)));
  }

  /** What came through the overlay, was for the node, and is handed on by its stack. */
  public Outcome overlayToEndpoint(Pod pod, byte[] frame) {
    return run("to_endpoint", frame, context(0, network.index("overlay"), ifindex(pod)));
  }

  /** What came through the overlay from the node of all tests, with the identity as tunnel id. */
  public Outcome fromOverlay(int identity, byte[] frame) {
    return fromOverlay("198.18.0.2", identity, frame);
  }

  /**
   * What came through the overlay.
   *
   * @param remote address of the tunnel's other end
   * @param identity the tunnel id
   */
  public Outcome fromOverlay(String remote, int identity, byte[] frame) {
    return run("through_tunnel", frame, tunnel(remote, identity));
  }

  private byte[] tunnel(String remote, int identity) {
    byte[] context = context(identity, 0, network.index("overlay"));
    ByteBuffer scratch = ByteBuffer.wrap(context).order(ByteOrder.nativeOrder());
    return scratch.position(48).put(Layouts.ADDRESS.encode(remote)).array();
  }

  /** What the node itself sends into the overlay. */
  public Outcome hostToOverlay(byte[] frame) {
    return run("to_overlay", frame, context(0, 0, network.index("overlay")));
  }

  /** What the pod sent and the stack routes into the overlay. */
  public Outcome podToOverlay(Pod pod, byte[] frame) {
    return run("to_overlay", frame, context(0, ifindex(pod), network.index("overlay")));
  }

  /** What came from outside and the stack routes into the overlay, with a mark. */
  public Outcome forwardToOverlay(int mark, byte[] frame) {
    int overlay = network.index("overlay");
    return run("to_overlay", frame, context(mark, network.index("underlay"), overlay));
  }

  /** The mark that the packet of the last run bears after it. */
  public int markAfter() {
    return lastContext.getInt(8);
  }

  /** What is on the overlay device without having come through a tunnel. */
  public Outcome besideOverlay(byte[] frame) {
    return run("from_overlay", frame, context(0, 0, network.index("overlay")));
  }

  /** How long its programs take. */
  public Timing timing() {
    return new Timing(this);
  }

  /** The time of a run, ns on average; events are thrown away. */
  long nanosOf(String program, TestRun run) {
    long nanos = network.run(() -> program(program).testRun(run)).nanosPerRun();
    drain();
    return nanos;
  }

  /** Index of a device of the node. */
  int device(String name) {
    return network.index(name);
  }

  private Outcome run(String program, byte[] frame, byte[] context) {
    TestRun run = TestRun.of(frame).context(context);
    TestRun.Result result = network.run(() -> program(program).testRun(run));
    lastContext = ByteBuffer.wrap(result.context()).order(ByteOrder.nativeOrder());
    return new Outcome(result.returnValue(), result.packet(), markAfter(), drain());
  }

  /** Events that nobody has read yet, in order. */
  public List<DatapathEvent> drain() {
    var events = new ArrayList<DatapathEvent>();
    ring.consume(
        (segment, offset, length) ->
            events.addAll(
                Layouts.events(
                    segment.asSlice(offset, length).asByteBuffer().order(ByteOrder.nativeOrder()))),
        Integer.MAX_VALUE);
    return events;
  }

  /** A struct __sk_buff; only these fields may be set by a test. */
  static byte[] context(int mark, int ingressIfindex, int ifindex) {
    ByteBuffer context = ByteBuffer.allocate(192).order(ByteOrder.nativeOrder());
    return context.putInt(8, mark).putInt(36, ingressIfindex).putInt(40, ifindex).array();
  }

  /** Index of the pod's interface. */
  public int ifindex(Pod pod) {
    return interfaces.computeIfAbsent(interfaceOf(pod), network::pod);
  }

  /** A pod that takes over another's addresses takes over its interface as well. */
  private static int interfaceOf(Pod pod) {
    return InetAddress.ofLiteral(pod.ipv4()).getAddress()[3];
  }

  /** All connections of both tables. */
  public Map<Tuple, Connection> connections() {
    var all = new HashMap<Tuple, Connection>();
    all.putAll(map("conntrack_tcp").as(Layouts.TUPLE, Layouts.CONNECTION).entries());
    all.putAll(map("conntrack_any").as(Layouts.TUPLE, Layouts.CONNECTION).entries());
    return all;
  }

  /** Overwrites a connection: how tests let time pass. */
  public void rewrite(Tuple tuple, Connection connection) {
    map(tuple.tcp() ? "conntrack_tcp" : "conntrack_any")
        .as(Layouts.TUPLE, Layouts.CONNECTION)
        .put(tuple, connection);
  }

  /** Both halves of all masqueraded connections. */
  public Map<Tuple, Mapping> mappings() {
    return map("nat").as(Layouts.TUPLE, Layouts.MAPPING).entries();
  }

  /** Overwrites one half of a masqueraded connection. */
  public void rewrite(Tuple tuple, Mapping mapping) {
    map("nat").as(Layouts.TUPLE, Layouts.MAPPING).put(tuple, mapping);
  }

  /** Forgets one half of a masqueraded connection, as a full table would. */
  public void forgetMapping(Tuple tuple) {
    map("nat").as(Layouts.TUPLE, Layouts.MAPPING).remove(tuple);
  }

  /** Forgets all masqueraded connections. */
  public void forgetMappings() {
    var map = map("nat").as(Codec.bytes(40), Codec.bytes(32));
    map.entries().keySet().forEach(map::remove);
  }

  /** Forgets all connections. */
  public void forgetConnections() {
    for (String table : List.of("conntrack_tcp", "conntrack_any")) {
      // by their bytes: a key that a test could not have written must go too
      var map = map(table).as(Codec.bytes(40), Codec.bytes(112));
      map.entries().keySet().forEach(map::remove);
    }
  }

  /** Lets all fragments that are remembered have been seen so many ns earlier. */
  public void ageFragments(long nanos) {
    BpfMap<byte[], byte[]> fragments = map("fragments").as(Codec.bytes(40), Codec.bytes(24));
    fragments
        .entries()
        .forEach(
            (key, entry) -> {
              ByteBuffer aged = ByteBuffer.wrap(entry).order(ByteOrder.nativeOrder());
              fragments.put(key, aged.putLong(0, aged.getLong(0) - nanos).array());
            });
  }

  /** Forgets all fragments. */
  public void forgetFragments() {
    var fragments = map("fragments").as(Codec.bytes(40), Codec.bytes(24));
    fragments.entries().keySet().forEach(fragments::remove);
  }

  /** Sums over all CPUs of what became of packets since the load. */
  public Fates fates() {
    var sides = List.of(new HashMap<Integer, Fates.Sum>(), new HashMap<Integer, Fates.Sum>());
    BpfMap<Integer, byte[]> metrics =
        map("metrics").as(Codec.u32(), Codec.bytes(perCpuBytes("metrics")));
    metrics
        .entries()
        .forEach(
            (key, raw) -> {
              ByteBuffer values = ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder());
              long packets = 0;
              long bytes = 0;
              while (values.hasRemaining()) {
                packets += values.getLong();
                bytes += values.getLong();
              }
              if (packets > 0) {
                sides.get(key >> 8).put(key & 255, new Fates.Sum(packets, bytes));
              }
            });
    return new Fates(sides.get(1), sides.get(0));
  }

  private int perCpuBytes(String map) {
    return map(map).get(new byte[4]).orElseThrow().length;
  }

  /** Events that did not fit into the ring since the load. */
  public long lostEvents() {
    ByteBuffer values =
        ByteBuffer.wrap(map("events_lost").get(new byte[4]).orElseThrow())
            .order(ByteOrder.nativeOrder());
    long lost = 0;
    while (values.hasRemaining()) {
      lost += values.getLong();
    }
    return lost;
  }

  /** Fills the ring: runs the program so often without reading its events. */
  public void flood(Pod pod, byte[] frame, int times) {
    TestRun run = TestRun.of(frame).context(context(0, 0, ifindex(pod))).repeat(times);
    network.run(() -> program("from_endpoint").testRun(run));
  }

  @Override
  public void close() {
    links.forEach(BpfLink::close);
    ring.close();
    maps.values().forEach(BpfMap::close);
    programs.values().forEach(BpfProgram::close);
    network.close();
  }
}
