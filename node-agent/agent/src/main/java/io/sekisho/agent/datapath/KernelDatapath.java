package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.DatapathException.Code;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The dataplane in the kernel of this machine, in the network namespace of the thread that opens
 * it; all other calls must come from threads of the same namespace.
 */
public final class KernelDatapath implements Datapath {
  private final InstantSource clock;
  private Optional<NodeConfig> config = Optional.empty();
  private Optional<OpenNode> open = Optional.empty();
  private EventSink sink = event -> {};

  /** Not opened yet; the clock seeds policy revisions. */
  public KernelDatapath(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public List<WiredEndpoint> open(NodeConfig nodeConfig) {
    if (open.isPresent()) {
      throw new IllegalStateException("the datapath is open");
    }
    config = Optional.of(nodeConfig);
    OpenNode node = opened(nodeConfig);
    node.events().sink(sink);
    open = Optional.of(node);
    return node.endpoints().wired();
  }

  /** A program that cannot be loaded often is a kernel that is too old: then that is said. */
  private OpenNode opened(NodeConfig nodeConfig) {
    try {
      return Failures.translated(
          Code.LOAD_FAILED, "open", () -> NodeOpening.open(nodeConfig, clock));
    } catch (DatapathException e) {
      Optional<String> lack = NodeFeature.lack(NodeFeatures.probe(), nodeConfig.routing());
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
  public List<RealizeError> apply(DesiredState desired) {
    return Failures.translated(
        Code.LOAD_FAILED,
        "apply",
        () -> node().realizer().apply(desired, node().endpoints().byId()));
  }

  @Override
  public void onEvents(EventSink newSink) {
    sink = newSink;
    open.ifPresent(node -> node.events().sink(newSink));
  }

  @Override
  public List<MapFill> fill() {
    return Failures.translated(Code.LOAD_FAILED, "fill", () -> node().fill());
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
    Failures.translated(Code.WIRING_FAILED, "uninstall", () -> NodeOpening.uninstall(last));
  }
}
