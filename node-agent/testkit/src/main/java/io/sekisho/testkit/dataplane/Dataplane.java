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
public final class Dataplane extends DataplaneMaps {
  /** The node's own address. */
  public static final String NODE_IPV4 = "198.18.0.1";

  /** The node's own address. */
  public static final String NODE_IPV6 = "fd18::1";

  /** The longest time between two ticks of a kernel, ns: so much may programs' time be late. */
  public static final long TICK = 10_000_000;

  /** The gateway of its pods, an address of the node, too. */
  public static final String GATEWAY_IPV4 = "169.254.1.1";

  /** The same on the link of each of them. */
  public static final String GATEWAY_IPV6 = "fe80::1";

  /** How often an open connection is reported without news, ns. */
  public static final long AGGREGATION = 5_000_000_000L;

  /** The node's address on its uplink. */
  public static final String UPLINK_IPV4 = "198.19.0.1";

  /** The node's address on its uplink. */
  public static final String UPLINK_IPV6 = "fd19::1";

  /** MAC of the uplink's device. */
  public static final byte[] UPLINK_MAC = HexFormat.of().parseHex("02cc00000002");

  /** MAC of the underlay's device: only frames to it are the node's. */
  public static final byte[] UNDERLAY_MAC = HexFormat.of().parseHex("02cc00000001");

  /** skb->mark of what to_netdev is to masquerade (MARK_MASQUERADE of lib/mark.h). */
  public static final int MARK_MASQUERADE = 0x5e000000;

  /** skb->mark of what has been masqueraded. */
  public static final int MARK_MASQUERADED = 0x5f000000;

  /** So many connections each of its tables is meant for, unless told otherwise. */
  public static final int CONNECTIONS = 4096;

  /** As many as tables of a small node are meant for: what is measured must not fit into caches. */
  public static final int USUAL_CONNECTIONS = 65_536;

  private static final List<String> SHARED =
      List.of(
          "endpoints",
          "endpoint_config",
          "node_state",
          "ipcache",
          "ipcache_version",
          "ipcache_recent",
          "endpoint_recent",
          "interface_recent",
          "policies",
          "policy_blocks",
          "fragments",
          "uplinks",
          "uplink_addresses",
          "uplink_count",
          ConnectionTables.TCP,
          ConnectionTables.ANY,
          MOVING,
          "events",
          "events_lost",
          "metrics");

  private final TestNetwork network = new TestNetwork();
  private final Map<Integer, Integer> interfaces = new HashMap<>();
  private final Map<String, BpfProgram> programs = new HashMap<>();
  private final List<BpfLink> links = new ArrayList<>();
  private final MapInfo policyTable;
  private final RingBuffer ring;
  private final ConnectionTables connections;
  private ByteBuffer lastContext = ByteBuffer.allocate(192);

  /** Loads the objects, with tables for {@link #CONNECTIONS}. */
  public Dataplane(NodeSettings settings) {
    this(settings, CONNECTIONS);
  }

  /**
   * Loads the objects.
   *
   * @param connections that each conntrack table is meant for; mappings, too, may be as many
   */
  public Dataplane(NodeSettings settings, int connections) {
    byte[] config = settings.config(network.index("overlay"), network.index("underlay"));
    try (var conntrack = BpfObject.openResource("conntrack");
        var endpoint = BpfObject.openResource("endpoint");
        var overlay = BpfObject.openResource("overlay");
        var netdev = BpfObject.openResource("netdev");
        var tunnel = BpfObject.open("tunnel", resource("tunnel.bpf.o"))) {
      int elements = ConnectionTables.elements(connections);
      conntrack.maxEntries(ConnectionTables.TCP, elements);
      take(conntrack.maxEntries(ConnectionTables.ANY, elements).load());
      this.connections = makeTables();
      endpoint.set("config", config).maxEntries("events", settings.eventRingBytes());
      List.of(ConnectionTables.TCP, ConnectionTables.ANY, MOVING)
          .forEach(name -> endpoint.reuse(name, map(name)));
      overlay.set("config", config);
      netdev.set("config", config).maxEntries("nat", 2 * connections);
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
    takeMaps(object);
    object.programNames().forEach(name -> programs.put(name, object.program(name)));
  }

  private ConnectionTables makeTables() {
    var tables =
        new ConnectionTables(
            map(ConnectionTables.TCP),
            map(ConnectionTables.ANY),
            program("conntrack_ask"),
            program("conntrack_carry"));
    tables.begin(0);
    return tables;
  }

  @Override
  ConnectionTables connectionTables() {
    return connections;
  }

  /** Shape of a policy table. */
  public MapInfo policyTable() {
    return policyTable;
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
    forget();
  }

  /** Forgets a pod; its interface stays. */
  public void unwire(Pod pod) {
    BpfMap<String, byte[]> endpoints = map("endpoints").as(Layouts.ADDRESS, Codec.bytes(64));
    pod.addresses().forEach(endpoints::remove);
    map("endpoint_config").as(Codec.u32(), Codec.bytes(64)).remove(ifindex(pod));
    forget();
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

  /**
   * Has the node masquerade on its other device {@code uplink}.
   *
   * @param ipv4 as what; empty for not at all
   * @param ipv6 as what; empty for not at all
   */
  public void useUplink(String ipv4, String ipv6) {
    int uplink = network.index("uplink");
    byte[] source = new byte[32];
    System.arraycopy(Layouts.ADDRESS.encode(ipv4), 0, source, 0, 16);
    System.arraycopy(Layouts.ADDRESS.encode(ipv6), 0, source, 16, 16);
    map("uplinks").as(Codec.u32(), Codec.bytes(32)).put(uplink, source);
    for (String address : List.of(UPLINK_IPV4, UPLINK_IPV6)) {
      map("uplink_addresses").as(Layouts.ADDRESS, Codec.u32()).put(address, uplink);
    }
    map("uplink_count").as(Codec.u32(), Codec.u32()).put(0, 1);
  }

  /** The device {@code uplink} is no concern of the programs. */
  public void leaveUplink() {
    map("uplinks").as(Codec.u32(), Codec.bytes(32)).remove(network.index("uplink"));
    for (String address : List.of(UPLINK_IPV4, UPLINK_IPV6)) {
      map("uplink_addresses").as(Layouts.ADDRESS, Codec.u32()).remove(address);
    }
    map("uplink_count").as(Codec.u32(), Codec.u32()).put(0, 0);
  }

  /** What comes in by the uplink. */
  public Outcome fromUplink(byte[] frame) {
    int uplink = network.index("uplink");
    return run("from_netdev", frame, context(0, uplink, uplink));
  }

  /** What leaves by the uplink with the mark. */
  public Outcome toUplink(int mark, byte[] frame) {
    return run("to_netdev", frame, context(mark, 0, network.index("uplink")));
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

  /** Fills the ring: runs the program so often without reading its events. */
  public void flood(Pod pod, byte[] frame, int times) {
    TestRun run = TestRun.of(frame).context(context(0, 0, ifindex(pod))).repeat(times);
    network.run(() -> program("from_endpoint").testRun(run));
  }

  /**
   * Has the pod open so many connections for each packet, with source ports that count up from the
   * packet's, at the same time for all packets; events are thrown away.
   *
   * @param first of each series, TCP over IPv4; its own source port is left out
   */
  public void openAtOnce(Pod pod, List<byte[]> first, int each) {
    var runs =
        first.stream()
            .map(frame -> timing().run(Hook.FROM_ENDPOINT, pod, "", 0, true, frame, each))
            .toList();
    BpfProgram again = program("again");
    network.runAtOnce(runs.stream().<Runnable>map(run -> () -> again.testRun(run)).toList());
    drain();
  }

  @Override
  public void close() {
    links.forEach(BpfLink::close);
    ring.close();
    super.close();
    programs.values().forEach(BpfProgram::close);
    network.close();
  }
}
