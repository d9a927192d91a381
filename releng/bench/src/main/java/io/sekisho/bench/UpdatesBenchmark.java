package io.sekisho.bench;

import io.sekisho.agent.AgentCore;
import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.config.ConfigReader;
import io.sekisho.agent.datapath.KernelDatapath;
import io.sekisho.agent.datapath.LinuxKernel;
import io.sekisho.agent.ipam.PodRanges;
import io.sekisho.agent.loop.Ticker;
import io.sekisho.agent.revision.Intent;
import io.sekisho.agent.revision.Realization;
import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.EnforcementMode;
import io.sekisho.api.v1.SetEnforcementRequest;
import io.sekisho.cni.wire.CniCommand;
import io.sekisho.cni.wire.CniRequest;
import io.sekisho.cni.wire.CniResult;
import io.sekisho.lab.Await;
import io.sekisho.lab.CniSocket;
import io.sekisho.lab.Ip;
import io.sekisho.lab.LabException;
import io.sekisho.lab.LabNames;
import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.policy.Labels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a change costs on a full node: 250 endpoints, 1,000 policies, 3,000 identities, on an agent
 * in this process with real interfaces and maps, from the moment that it hears of the change until
 * the kernel has it.
 */
final class UpdatesBenchmark implements Benchmark {
  private static final int NAMESPACES = 100;
  private static final int APPS = 10;
  private static final int TRACKS = 3;
  private static final int ENDPOINTS = 250;
  private static final int CHANGES = 200;
  private static final int WARM = 40;
  private static final String NODE = "skup-node";
  private static final Path PINS = Path.of("/sys/fs/bpf/skup");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private long revision;
  private volatile long realized = -1;
  private volatile long realizedAt;
  private volatile String failure = "";

  @Override
  public String name() {
    return "updates";
  }

  @Override
  public void run(Consumer<Result> told) {
    clean();
    var all = new Ip().add("netns add " + NODE);
    for (int i = 0; i < ENDPOINTS; i++) {
      all.add("netns add " + pod(i));
    }
    all.run();
    try {
      new Ip()
          .add("link add eth0 type veth peer name eth1")
          .add("addr add 198.18.0.1/24 dev eth0")
          .add("link set eth0 up")
          .add("link set eth1 up")
          .runIn(NODE);
      try (var node = NetworkNamespace.open(LabNames.file(NODE))) {
        // Threads that are made there stay there.
        node.call(() -> measured(told));
      }
    } finally {
      clean();
    }
  }

  private static String pod(int number) {
    return "skup-p" + number;
  }

  private static void clean() {
    var names = new ArrayList<>(List.of(NODE));
    for (int i = 0; i < ENDPOINTS; i++) {
      names.add(pod(i));
    }
    Ip.deleteNamespaces(names);
  }

  private boolean measured(Consumer<Result> told) throws IOException {
    Path folder = Files.createTempDirectory("skup");
    var cluster = new MadeCluster();
    var datapath = new KernelDatapath(Clock.systemUTC());
    AgentConfig config = config(folder);
    Files.createDirectories(config.dirs().run());
    Files.createDirectories(config.dirs().state());
    try (var core =
        new AgentCore(
            config,
            List.of(InetAddress.ofLiteral("198.18.0.1")),
            PodRanges.fixed(config.pods().cidrs()),
            datapath,
            new LinuxKernel(),
            cluster,
            realization(),
            Clock.systemUTC(),
            Ticker.SYSTEM)) {
      core.start(Optional.empty(), "bench");
      cluster.add(identities());
      push(core, List.of());
      for (int i = 0; i < ENDPOINTS; i++) {
        add(config.dirs().cniSocket(), i);
      }
      for (Width width : Width.values()) {
        changes(core, cluster, width, told);
      }
    } finally {
      datapath.uninstall();
      Files.deleteIfExists(PINS);
    }
    return true;
  }

  private static AgentConfig config(Path folder) {
    return ConfigReader.parse(
        """
        node: {name: skup, cluster: bench}
        underlay: {device: eth0, addresses: [198.18.0.1]}
        pods: {cidrs: [10.244.0.0/22]}
        dirs: {run: run, state: state, bpf: %s}
        probes: {enabled: false}
        policy: {verify_seconds: 0}
        """
            .formatted(PINS),
        "bench",
        folder);
  }

  private Realization realization() {
    return new Realization() {
      @Override
      public void realized(long number, int endpoints) {
        realizedAt = System.nanoTime();
        realized = number;
      }

      @Override
      public void failed(long number, String message) {
        failure = message;
      }
    };
  }

  private static Labels labels(int identity) {
    int namespace = identity / (APPS * TRACKS);
    int app = identity / TRACKS % APPS;
    return Labels.of(
        "k8s:" + Labels.NAMESPACE + "=ns" + namespace,
        "k8s:app=app" + app,
        "k8s:track=t" + identity % TRACKS);
  }

  private static List<Labels> identities() {
    var out = new ArrayList<Labels>();
    for (int i = 0; i < NAMESPACES * APPS * TRACKS; i++) {
      out.add(labels(i));
    }
    return out;
  }

  /** What the policies say beside what they always say. */
  private enum Width {
    NARROW("", ""),
    EVERY_POD(", every pod", "- {from: [{namespaceSelector: {}}], ports: [{port: 9100}]}"),
    EACH_POD(
        ", each pod by name",
        "- {from: [{namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name,"
            + " operator: NotIn, values: [nobody]}]}}], ports: [{port: 9100}]}");

    private final String text;
    private final String rule;

    Width(String text, String rule) {
      this.text = text;
      this.rule = rule;
    }
  }

  private static String policy(int number, int port, Width width) {
    int namespace = number / APPS;
    int app = number % APPS;
    return """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: app%2$d, namespace: ns%1$d}
    spec:
      podSelector: {matchLabels: {app: app%2$d}}
      policyTypes: [Ingress, Egress]
      ingress:
      - from: [{podSelector: {matchLabels: {app: app%3$d}}}, {podSelector: {matchLabels: {app: app%4$d}}}]
        ports: [{port: %5$d}, {port: 8443}]
      - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ns%6$d}}}]
        ports: [{port: 9090}]
      %7$s
      egress:
      - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ns0}}}]
        ports: [{port: 53, protocol: UDP}]
      - to: [{podSelector: {}}, {ipBlock: {cidr: 10.%1$d.0.0/16}}]
    """
        .formatted(
            namespace,
            app,
            (app + 1) % APPS,
            (app + 2) % APPS,
            port,
            (namespace + 1) % NAMESPACES,
            width.rule);
  }

  private static List<Document> documents(Width width) {
    var out = new ArrayList<Document>();
    for (int i = 0; i < NAMESPACES * APPS; i++) {
      out.add(Document.newBuilder().setYaml(policy(i, 8000, width)).build());
    }
    return out;
  }

  private static void add(Path socket, int number) {
    Labels labels = labels(number * NAMESPACES * APPS * TRACKS / ENDPOINTS);
    var request =
        new CniRequest(
            CniCommand.ADD,
            "1.1.0",
            "bench",
            "bench-" + number,
            LabNames.file(pod(number)).toString(),
            "eth0",
            Map.of(
                "K8S_POD_NAMESPACE", labels.namespace(),
                "K8S_POD_NAME", "p" + number,
                "SEKISHO_LABELS",
                    "app=%s,track=%s"
                        .formatted(
                            labels.get("k8s:app").orElseThrow(),
                            labels.get("k8s:track").orElseThrow())),
            CniResult.NONE,
            List.of());
    try {
      CniSocket.ask(socket, request)
          .failure()
          .ifPresent(
              error -> {
                throw new LabException(LabException.Code.AGENT, "ADD: " + error);
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From the moment that the agent hears of the documents until they are realized, ms. */
  private double push(AgentCore core, List<Document> documents) {
    long number = ++revision;
    long begun = System.nanoTime();
    core.intended(new Intent(number, documents, begun));
    Await.until(
        PATIENCE,
        () -> "revision " + number + " is not realized " + failure,
        () -> realized >= number || !failure.isEmpty());
    return (realizedAt - begun) / 1e6;
  }

  private static long processorNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  private static double settle(AgentCore core, SetEnforcementRequest request) {
    long begun = System.nanoTime();
    core.enforcement().set(request);
    return (System.nanoTime() - begun) / 1e6;
  }

  private void changes(AgentCore core, MadeCluster cluster, Width width, Consumer<Result> told) {
    var documents = new ArrayList<>(documents(width));
    double first = push(core, documents);
    long entries = core.enforcement().verify(false).getPolicyEntries();
    String size =
        "%d endpoints, %d policies, %d identities, %d entries"
            .formatted(ENDPOINTS, documents.size(), NAMESPACES * APPS * TRACKS, entries);
    told.accept(Result.plain("push of all policies" + width.text, first, "ms", size));
    var one = new double[CHANGES];
    long processor = 0;
    for (int i = -WARM; i < CHANGES; i++) {
      int which = Math.floorMod(i * 37, documents.size());
      String text = policy(which, 8001 + i + WARM, width);
      documents.set(which, Document.newBuilder().setYaml(text).build());
      long before = processorNanos();
      double took = push(core, documents);
      if (i >= 0) {
        one[i] = took;
        processor += processorNanos() - before;
      }
    }
    var ones = new Series(one);
    String spread = "%s, worst %.4g ms".formatted(ones.spread(1, "ms"), ones.at(1));
    told.accept(
        Result.plain(
            "one changed policy to kernel, p50" + width.text, ones.median(), "ms", spread));
    told.accept(
        Result.atMost(
            "one changed policy to kernel, p99" + width.text, ones.at(0.99), "ms", 50, spread));
    told.accept(
        Result.plain(
            "processor time of one changed policy" + width.text,
            processor / 1e6 / CHANGES,
            "ms",
            "all threads of the agent, mean"));
    identities(core, cluster, width, told);
    recompute(core, width, told);
  }

  private static void identities(
      AgentCore core, MadeCluster cluster, Width width, Consumer<Result> told) {
    var took = new double[CHANGES / 4];
    for (int i = 0; i < took.length; i++) {
      long begun = System.nanoTime();
      cluster.add(
          List.of(
              Labels.of(
                  "k8s:" + Labels.NAMESPACE + "=ns" + i,
                  "k8s:app=app1",
                  "k8s:track=" + width.name())));
      core.enforcement().set(SetEnforcementRequest.getDefaultInstance());
      took[i] = (System.nanoTime() - begun) / 1e6;
    }
    var series = new Series(took);
    told.accept(
        Result.plain(
            "one new identity to kernel, p99" + width.text,
            series.at(0.99),
            "ms",
            series.spread(1, "ms")));
  }

  private static void recompute(AgentCore core, Width width, Consumer<Result> told) {
    var took = new double[width == Width.EACH_POD ? 4 : 12];
    var none = SetEnforcementRequest.newBuilder().setMode(EnforcementMode.ENFORCE_NEVER).build();
    var usual = SetEnforcementRequest.newBuilder().setMode(EnforcementMode.ENFORCE_DEFAULT).build();
    for (int i = -took.length / 3; i < took.length; i++) {
      settle(core, none);
      double millis = settle(core, usual);
      if (i >= 0) {
        took[i] = millis;
      }
    }
    var series = new Series(took);
    told.accept(
        Result.atMost(
            "all tables made and written anew, p50" + width.text,
            series.median(),
            "ms",
            500,
            series.spread(1, "ms")));
    long begun = System.nanoTime();
    var verified = core.enforcement().verify(false);
    told.accept(
        Result.plain(
            "policy verify of all of it" + width.text,
            (System.nanoTime() - begun) / 1e6,
            "ms",
            verified.getPolicyEntries()
                + " entries, "
                + verified.getDifferenceCount()
                + " differ"));
  }
}
