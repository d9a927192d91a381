package io.sekisho.bench;

import io.sekisho.cni.wire.CniCommand;
import io.sekisho.cni.wire.CniRequest;
import io.sekisho.cni.wire.CniResponse;
import io.sekisho.cni.wire.CniResult;
import io.sekisho.lab.Await;
import io.sekisho.lab.CniSocket;
import io.sekisho.lab.Command;
import io.sekisho.lab.Ip;
import io.sekisho.lab.LabException;
import io.sekisho.lab.LabNames;
import io.sekisho.lab.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The one node that is real: a network namespace, an agent in a process of its own with its flags
 * as delivered, and namespaces for its pods. {@link #close} leaves nothing.
 */
final class KubernetesNode implements AutoCloseable {
  /** Where the API server listens: the machine's end of the wire to the node. */
  static final String SERVERS = "198.19.77.254";

  private static final String ADDRESS = "198.19.77.1";
  private static final String NAME = "skk8s";
  private static final Path PINS = Path.of("/sys/fs/bpf", NAME);
  private static final int READY_PORT = 4245;
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Programs programs = Programs.ofBuild();
  private final Path folder;
  private final int pods;
  private final Map<Integer, Integer> wired = new ConcurrentHashMap<>();
  private Process agent;

  /** Makes the namespaces; nothing runs yet. */
  KubernetesNode(Path folder, int pods) {
    this.folder = folder;
    this.pods = pods;
    clean();
    var all = new Ip().add("netns add " + NAME);
    for (String pod : podNames()) {
      all.add("netns add " + pod);
    }
    all.add("link add %s type veth peer name eth0 netns %s".formatted(NAME, NAME))
        .add("addr add " + SERVERS + "/24 dev " + NAME)
        .add("link set " + NAME + " up")
        .add("route add local " + KubernetesObjects.UNDERLAY + "0/24 dev " + NAME)
        .run();
    new Ip()
        .add("link set lo up")
        .add("addr add " + ADDRESS + "/24 dev eth0")
        .add("link set eth0 up")
        .add("route add " + KubernetesObjects.UNDERLAY + "0/24 via " + SERVERS)
        .runIn(NAME);
  }

  /** A pod that comes has another namespace than the one that goes, as a runtime gives it. */
  static String pod(int slot, int generation) {
    return NAME + "-p" + slot + "-" + generation % 2;
  }

  private List<String> podNames() {
    var out = new ArrayList<String>();
    for (int i = 0; i < pods; i++) {
      out.add(pod(i, 0));
      out.add(pod(i, 1));
    }
    return out;
  }

  private void clean() {
    var names = podNames();
    names.add(NAME);
    Ip.deleteNamespaces(names);
  }

  private static Path cgroup() {
    Path all = Path.of("/sys/fs/cgroup");
    Path tree = Files.exists(all.resolve("cgroup.controllers")) ? all : all.resolve("unified");
    return tree.resolve(NAME);
  }

  private Path run() {
    return folder.resolve("run");
  }

  private Path log() {
    return folder.resolve("agent.log");
  }

  private Path configuration() {
    return folder.resolve("agent.yaml");
  }

  /** Starts the agent; seconds until it would serve a pod. */
  double start(Path kubeconfig) {
    try {
      Files.createDirectories(run());
      Files.createDirectories(folder.resolve("state"));
      Files.createDirectories(cgroup());
      Files.writeString(
          configuration(),
          """
          node: {name: %s, cluster: bench}
          underlay: {device: eth0, addresses: [%s]}
          store: {type: kubernetes}
          kubernetes: {kubeconfig: %s}
          services: {cgroup: %s}
          dirs: {run: run, state: state, bpf: %s}
          health: {listen: "%s:%d"}
          probes: {enabled: false}
          policy: {verify_seconds: 0}
          """
              .formatted(
                  KubernetesObjects.node(1),
                  ADDRESS,
                  kubeconfig,
                  cgroup(),
                  PINS,
                  ADDRESS,
                  READY_PORT));
      var words = new ArrayList<>(Command.entering(NAME));
      words.addAll(
          List.of(programs.agent().toString(), "run", "--config", configuration().toString()));
      var builder = new ProcessBuilder(words).redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
      builder.environment().put("SEKISHO_JAVA", programs.java().toString());
      long begun = System.nanoTime();
      agent = builder.start();
      Await.until(PATIENCE, () -> "the agent is not ready: " + tail(), this::isReady);
      return (System.nanoTime() - begun) / 1e9;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isReady() {
    if (!agent.isAlive()) {
      throw new LabException(LabException.Code.PROGRAM_FAILED, "the agent ended: " + tail());
    }
    try {
      var url = URI.create("http://" + ADDRESS + ":" + READY_PORT + "/readyz").toURL();
      return url.openConnection() instanceof HttpURLConnection http
          && http.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false;
    }
  }

  /** The last lines of the agent's log. */
  String tail() {
    try {
      List<String> lines = Files.readAllLines(log());
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Asks the agent to end. */
  void stop() {
    agent.destroy();
    try {
      if (!agent.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        agent.destroyForcibly();
        throw new LabException(LabException.Code.TIMEOUT, "the agent does not end: " + tail());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException(LabException.Code.TIMEOUT, "interrupted", e);
    }
  }

  /** The plugin's call for a pod of this node. */
  void cni(CniCommand command, int pod, int generation) {
    int slot = pod / KubernetesObjects.NODES;
    wired.remove(pod);
    var request =
        new CniRequest(
            command,
            "1.1.0",
            "bench",
            "bench-" + pod + "-" + generation,
            LabNames.file(pod(slot, generation)).toString(),
            "eth0",
            Map.of(
                "K8S_POD_NAMESPACE",
                KubernetesObjects.namespaceOf(KubernetesObjects.appOf(pod)),
                "K8S_POD_NAME",
                KubernetesObjects.podName(pod, generation)),
            CniResult.NONE,
            List.of());
    try {
      CniResponse answer = CniSocket.ask(run().resolve("cni.sock"), request);
      answer
          .failure()
          .ifPresent(
              error -> {
                throw new LabException(LabException.Code.AGENT, command + ": " + error);
              });
      if (command == CniCommand.ADD) {
        wired.put(pod, generation);
      }
    } catch (IOException e) {
      throw new LabException(LabException.Code.AGENT, command + ": " + e.getMessage(), e);
    }
  }

  /** Which generation of a pod of this node can send; empty while it is replaced. */
  OptionalInt wired(int pod) {
    Integer generation = wired.get(pod);
    return generation == null ? OptionalInt.empty() : OptionalInt.of(generation);
  }

  /** The agent's root-only socket. */
  Path socket() {
    return run().resolve("agent.sock");
  }

  /** How many entries the agent has in a folder of proc(5): {@code fd}, {@code task}. */
  long inProc(String folder) {
    try (var entries = Files.list(Path.of("/proc", agent.pid() + "", folder))) {
      return entries.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What its kernel knows. */
  static NodeMaps maps() {
    return new NodeMaps(PINS.resolve(KubernetesObjects.node(1)).resolve("maps"));
  }

  /** One of the agent's metrics. */
  double metric(String name) {
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(run().resolve("metrics.sock")));
      channel.write(ByteBuffer.wrap("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
      try (InputStream in = Channels.newInputStream(channel)) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(l -> l.startsWith(name + " "))
            .mapToDouble(l -> Double.parseDouble(l.substring(name.length() + 1)))
            .findFirst()
            .orElseThrow(
                () -> new LabException(LabException.Code.AGENT, "there is no metric " + name));
      }
    } catch (IOException e) {
      throw new LabException(
          LabException.Code.AGENT, "no metrics: " + e.getMessage() + "; " + tail(), e);
    }
  }

  /** Processor time of the agent, seconds. */
  double processorSeconds() {
    return agent.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  /** What lives in the agent's heap. */
  KubernetesHeap heap() {
    return KubernetesHeap.of(jcmd("GC.class_histogram"));
  }

  private String jcmd(String command) {
    return Command.of(programs.java().resolveSibling("jcmd").toString(), agent.pid() + "", command)
        .run()
        .output();
  }

  /** VmRSS of proc_pid_status(5), MB. */
  double residentMegabytes() {
    return AgentBenchmark.residentKilobytes(agent.pid()) / 1024.0;
  }

  /** What {@code policy verify} says, and whether the kernel is as it should be (status 0). */
  Command.Result verify() {
    var words =
        List.of(programs.agent().toString(), "policy", "verify", "--socket", socket().toString());
    return new Command(words, "", Map.of("SEKISHO_JAVA", programs.java().toString())).tryRun();
  }

  @Override
  public void close() {
    try {
      if (agent != null && agent.isAlive()) {
        stop();
      }
      if (Files.exists(configuration())) {
        var words =
            List.of(
                programs.agent().toString(), "uninstall", "--config", configuration().toString());
        var said =
            new Command(words, "", Map.of("SEKISHO_JAVA", programs.java().toString()))
                .inside(NAME)
                .run();
        assert said.status() == 0;
      }
      Files.deleteIfExists(PINS);
      Files.deleteIfExists(cgroup());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      clean();
    }
  }
}
