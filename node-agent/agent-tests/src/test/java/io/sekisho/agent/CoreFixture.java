package io.sekisho.agent;

import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.config.ConfigReader;
import io.sekisho.agent.datapath.FakeDatapath;
import io.sekisho.agent.datapath.FakeNodeKernel;
import io.sekisho.agent.ipam.PodRanges;
import io.sekisho.agent.loop.Ticker;
import io.sekisho.agent.revision.Intent;
import io.sekisho.api.v1.Document;
import io.sekisho.cni.wire.CniCommand;
import io.sekisho.cni.wire.CniLine;
import io.sekisho.cni.wire.CniRequest;
import io.sekisho.cni.wire.CniResponse;
import io.sekisho.cni.wire.CniResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** An agent on a fake kernel and a fake cluster, with real sockets and files in a folder. */
public final class CoreFixture implements AutoCloseable {
  public final FakeCluster cluster;
  public final FakeDatapath.Kernel kernel;
  public final FakeNodeKernel node;
  public final FakeRealization realization = new FakeRealization();
  public final AgentConfig config;
  private final Path folder;
  private PodRanges ranges;
  private Ticker ticker = Ticker.SYSTEM;
  private FakeDatapath datapath;
  private AgentCore core;

  public CoreFixture(Path folder) {
    this(folder, new FakeCluster("n1"), new FakeDatapath.Kernel());
  }

  public CoreFixture(Path folder, FakeCluster cluster, FakeDatapath.Kernel kernel) {
    this(folder, cluster, kernel, new FakeNodeKernel(), false);
  }

  /** With probes, which need a health endpoint, or without. */
  public CoreFixture(
      Path folder,
      FakeCluster cluster,
      FakeDatapath.Kernel kernel,
      FakeNodeKernel node,
      boolean probes) {
    this.node = node;
    this.folder = folder;
    this.cluster = cluster;
    this.kernel = kernel;
    this.config =
        ConfigReader.parse(
            """
            node: {name: n1, cluster: test}
            underlay: {device: lo, addresses: [198.18.0.1]}
            pods: {cidrs: [10.244.1.0/29, "fd00:10:244:1::/64"]}
            dirs: {run: run, state: state}
            flows: {capacity: 1024}
            probes: {enabled: %s, interval_seconds: 1}
            """
                .formatted(probes),
            "test",
            folder);
    this.ranges = PodRanges.fixed(config.pods().cidrs());
    this.datapath = new FakeDatapath(kernel);
    this.core = make();
  }

  private AgentCore make() {
    return new AgentCore(
        config,
        List.of(InetAddress.ofLiteral("198.18.0.1")),
        ranges,
        datapath,
        node,
        cluster,
        realization,
        Clock.systemUTC(),
        ticker);
  }

  /** Starts; the inventory is synced and revision 0 in force. */
  public CoreFixture start() {
    startWithoutStore();
    cluster.sync();
    intend(0);
    return this;
  }

  /** Starts, and nothing is known of the cluster. */
  public CoreFixture startWithoutStore() {
    core.start(Optional.empty(), "test");
    return this;
  }

  /** Addresses come from elsewhere; the agent is made again, not started. */
  public CoreFixture ranges(PodRanges other) {
    ranges = other;
    return restart();
  }

  /** Delays are by this clock; the agent is made again, not started. */
  public CoreFixture ticker(Ticker other) {
    ticker = other;
    return restart();
  }

  /** Ends the agent and makes another on the same kernel and folder, not started. */
  public CoreFixture restart() {
    core.close();
    datapath = new FakeDatapath(kernel);
    core = make();
    return this;
  }

  /** These documents are in force. */
  public void intend(long revision, String... yamls) {
    List<Document> documents =
        Stream.of(yamls).map(y -> Document.newBuilder().setYaml(y).build()).toList();
    core.intended(new Intent(revision, documents, System.nanoTime()));
  }

  public FakeDatapath datapath() {
    return datapath;
  }

  public AgentCore core() {
    return core;
  }

  public Path folder() {
    return folder;
  }

  /** A call as the CNI plugin makes it. */
  public CniResponse call(CniRequest request) {
    return CniLine.readResponse(raw(CniLine.write(request)));
  }

  /** Sends a line and reads one. */
  public String raw(String line) {
    return raw(config.dirs().cniSocket(), line);
  }

  /** The same at any agent's socket. */
  static String raw(Path socket, String line) {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        OutputStream out = Channels.newOutputStream(channel)) {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      var in =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
      return String.valueOf(in.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static CniRequest add(String container, String pod, String labels) {
    return request(CniCommand.ADD, container, pod, labels, CniResult.NONE);
  }

  public static CniRequest delete(String container) {
    return request(CniCommand.DEL, container, "", "", CniResult.NONE);
  }

  /** A GC of a network in which these attachments are valid. */
  public static CniRequest collect(String network, CniRequest.Attachment... valid) {
    return new CniRequest(
        CniCommand.GC, "1.1.0", network, "", "", "", Map.of(), CniResult.NONE, List.of(valid));
  }

  public static CniRequest request(
      CniCommand command, String container, String pod, String labels, CniResult previous) {
    return new CniRequest(
        command,
        "1.1.0",
        "sekisho",
        container,
        "/run/netns/sk-none-" + container,
        "eth0",
        Map.of(
            "K8S_POD_NAMESPACE", "shop",
            "K8S_POD_NAME", pod,
            "SEKISHO_LABELS", labels,
            "SEKISHO_WORKLOAD", pod),
        previous,
        List.of());
  }

  @Override
  public void close() {
    core.close();
  }
}
