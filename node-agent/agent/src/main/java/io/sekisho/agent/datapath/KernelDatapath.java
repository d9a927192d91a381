package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.DatapathException.Code;
import io.sekisho.libbpf.BpfObject;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The dataplane in the kernel of this machine, in the network namespace of the thread that opens
 * it; all other calls must come from threads of the same namespace.
 */
public final class KernelDatapath implements Datapath {
  private final NodeOpening opening;
  private Optional<NodeConfig> config = Optional.empty();
  private Optional<OpenNode> open = Optional.empty();
  private EventSink sink = event -> {};
  private volatile NodeChangeSink changes = change -> {};

  /** Not opened yet; the clock seeds policy revisions. */
  public KernelDatapath(InstantSource clock) {
    this(clock, BpfObject::openResource);
  }

  /** With other compiled objects, by their names: those of an older or newer agent. */
  KernelDatapath(InstantSource clock, Function<String, BpfObject> objects) {
    this.opening = new NodeOpening(clock, objects);
  }

  @Override
  public List<WiredEndpoint> open(NodeConfig nodeConfig) {
    if (open.isPresent()) {
      throw new IllegalStateException("the datapath is open");
    }
    config = Optional.of(nodeConfig);
    OpenNode node =
        explained(nodeConfig.routing(), () -> opening.open(nodeConfig, OptionalLong.empty()));
    start(node);
    return node.endpoints().wired();
  }

  private void start(OpenNode node) {
    open = Optional.of(node);
    Failures.translated(
        Code.WIRING_FAILED, "watch", () -> node.start(sink, change -> changes.accept(change)));
  }

  /** A program that cannot be loaded often is a kernel that is too old: then that is said. */
  private static OpenNode explained(Routing routing, Supplier<OpenNode> opened) {
    try {
      return Failures.translated(Code.LOAD_FAILED, "open", opened);
    } catch (DatapathException e) {
      Optional<String> lack = NodeFeature.lack(NodeFeatures.probe(), routing);
      if (lack.isEmpty()) {
        throw e;
      }
      String kernel = System.getProperty("os.version");
      throw new DatapathException(
          Code.UNSUPPORTED_FEATURE, "kernel " + kernel + " has " + lack.get(), e);
    }
  }

  private OpenNode node() {
    return open.orElseThrow(() -> new IllegalStateException("the datapath is not open"));
  }

  @Override
  public void reconfigure(NodeConfig nodeConfig) {
    OpenNode old = node();
    boolean done =
        Failures.translated(
            Code.WIRING_FAILED, "reconfigure", () -> NodeOpening.adjust(old, nodeConfig));
    if (!done) {
      exchange(old, nodeConfig);
    }
    config = Optional.of(nodeConfig);
  }

  /**
   * As a restart of the agent does: the new one comes up over the old one's pins, then that goes.
   */
  private void exchange(OpenNode old, NodeConfig nodeConfig) {
    Set<Integer> undeleted = old.endpoints().awaitDeletions();
    OpenNode next =
        explained(
            nodeConfig.routing(),
            () -> opening.open(nodeConfig, OptionalLong.of(old.lostBefore())));
    old.stop();
    start(next);
    undeleted.forEach(next.endpoints()::unwire);
    for (int id : old.endpoints().byId().keySet()) {
      if (!next.endpoints().byId().containsKey(id)) {
        changes.accept(new NodeChange.InterfaceGone(id));
      }
    }
    old.close();
  }

  @Override
  public WiredEndpoint wire(Wiring wiring) {
    return Failures.translated(
        Code.WIRING_FAILED,
        "endpoint " + wiring.endpointId(),
        () -> node().endpoints().wire(wiring));
  }

  @Override
  public void unwire(int endpointId) {
    Failures.translated(
        Code.WIRING_FAILED, "endpoint " + endpointId, () -> node().endpoints().unwire(endpointId));
  }

  @Override
  public Set<Integer> missing() {
    return Failures.translated(
        Code.WIRING_FAILED, "list interfaces", () -> node().endpoints().missing());
  }

  @Override
  public Optional<PodState> inspect(Path networkNamespace, String interfaceName) {
    return Failures.translated(
        Code.WIRING_FAILED,
        "look into " + networkNamespace,
        () -> PodInterface.inspect(networkNamespace, interfaceName));
  }

  @Override
  public List<RealizeError> apply(DesiredState desired) {
    return Failures.translated(Code.LOAD_FAILED, "apply", () -> node().apply(desired));
  }

  @Override
  public List<MapDifference> audit(DesiredState.Endpoint expected) {
    return Failures.translated(Code.LOAD_FAILED, "audit", () -> node().audit().endpoint(expected));
  }

  @Override
  public List<MapDifference> auditShared(DesiredState expected) {
    return Failures.translated(
        Code.LOAD_FAILED,
        "audit",
        () -> {
          var out = new ArrayList<>(node().audit().shared(expected));
          out.addAll(node().auditServices(expected));
          return out;
        });
  }

  @Override
  public List<MapDifference> auditPrefilter(DesiredState.PrefixFilter expected) {
    return Failures.translated(
        Code.LOAD_FAILED, "audit", () -> node().parts().prefilter().audit(expected));
  }

  @Override
  public void reread() {
    Failures.translated(Code.LOAD_FAILED, "read back", () -> node().reread());
  }

  @Override
  public List<Repair> repair() {
    return Failures.translated(Code.WIRING_FAILED, "repair", () -> node().repair());
  }

  @Override
  public void followWays() {
    Failures.translated(Code.WIRING_FAILED, "ways", () -> node().parts().routes().hearOfWays());
  }

  @Override
  public void onEvents(EventSink newSink) {
    sink = newSink;
    open.ifPresent(node -> node.sink(newSink));
  }

  @Override
  public void onChange(NodeChangeSink newSink) {
    changes = newSink;
  }

  @Override
  public List<MapFill> fill() {
    return Failures.translated(Code.LOAD_FAILED, "fill", () -> node().fill());
  }

  @Override
  public PrefilterState prefilter() {
    return Failures.translated(Code.LOAD_FAILED, "prefilter", () -> node().prefilter());
  }

  @Override
  public List<UplinkState> uplinks() {
    return node().parts().uplinks().states();
  }

  @Override
  public long lostEvents() {
    return node().lostEvents();
  }

  @Override
  public void close() {
    open.ifPresent(OpenNode::close);
    open = Optional.empty();
  }

  @Override
  public void uninstall() {
    NodeConfig last =
        config.orElseThrow(() -> new IllegalStateException("the datapath was never opened"));
    close();
    uninstall(last.node(), last.pinRoot(), last.underlayDevice());
  }

  /**
   * Removes everything of a node whose agent has ended; in the node's network namespace.
   *
   * @param pinRoot holds the node's pin folder
   * @throws DatapathException with WIRING_FAILED
   */
  public static void uninstall(String node, Path pinRoot, String underlayDevice) {
    Failures.translated(
        Code.WIRING_FAILED,
        "uninstall",
        () -> NodeOpening.uninstall(node, pinRoot, underlayDevice));
  }
}
