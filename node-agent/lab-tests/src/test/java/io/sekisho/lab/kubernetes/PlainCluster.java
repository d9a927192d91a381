package io.sekisho.lab.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.lab.Command;
import io.sekisho.lab.Programs;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A control plane and nodes without a network, and the agent's image; {@link #close} ends them. */
final class PlainCluster implements AutoCloseable {
  /** Out of 203.0.113.0/24, set apart for examples by RFC 5737. */
  private static final String SUBNET = "203.0.113.";

  /** Of the same network, for IPv6. */
  private static final String SUBNET6 = "fd00:203:113::";

  private static final String PREFIX = "sin-";
  private static final String SERVERS = SUBNET + "10";

  private static final String LABEL = "app.kubernetes.io/name=";

  private final Programs programs = Programs.ofBuild();
  private final List<PlainNode> nodes = new ArrayList<>();
  private ControlPlane plane;

  PlainCluster(int count) {
    Path image = makeImage();
    try {
      network(count);
      plane =
          ControlPlane.up(
              Map.of(
                  "K8S_BIND",
                  SERVERS,
                  "K8S_PODS",
                  "10.244.0.0/16,fd00:10:244::/56",
                  "K8S_TAINTS",
                  "{key: node.sekisho.io/agent-not-ready, effect: NoSchedule}"),
              Command.entering(PREFIX + 0));
      putImage(image);
      for (int n = 1; n <= count; n++) {
        String addresses = SUBNET + (10 + n) + "," + address6(n);
        nodes.add(new PlainNode(plane, PREFIX + n, "node-" + n, addresses));
      }
      serveApi();
      nodes.forEach(PlainNode::join);
    } catch (RuntimeException | AssertionError e) {
      close();
      throw e;
    }
  }

  private static Path makeImage() {
    try {
      Path image = Files.createTempFile("agent", ".tar");
      Command.Result said =
          LongRun.of(
              List.of(
                  ControlPlane.scripts().resolve("../image/image.bash").toString(),
                  image.toString()),
              // quickly packed, so larger: what it may weigh is asked all the same
              Map.of("JAVA_HOME", System.getProperty("java.home"), "oci_level", "-1"));
      assertEquals(0, said.status(), said::toString);
      return image;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where nodes import their images from. */
  private void putImage(Path image) {
    try {
      Path images = Files.createDirectories(plane.folder().resolve("images"));
      Files.move(image, images.resolve("agent.tar"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void network(int count) {
    for (int n = 0; n <= count; n++) {
      ip("netns", "add", PREFIX + n);
      ip("-n", PREFIX + n, "link", "set", "lo", "up");
    }
    ip("-n", PREFIX + 0, "link", "add", "lan", "type", "bridge");
    ip("-n", PREFIX + 0, "addr", "add", SERVERS + "/24", "dev", "lan");
    ip("-n", PREFIX + 0, "addr", "add", SUBNET6 + "10/64", "dev", "lan", "nodad");
    ip("-n", PREFIX + 0, "link", "set", "lan", "up");
    for (int n = 1; n <= count; n++) {
      String node = PREFIX + n;
      String port = "port" + n;
      ip(
          "-n",
          PREFIX + 0,
          "link",
          "add",
          port,
          "type",
          "veth",
          "peer",
          "name",
          "eth0",
          "netns",
          node);
      ip("-n", PREFIX + 0, "link", "set", port, "master", "lan", "up");
      ip("-n", node, "addr", "add", SUBNET + (10 + n) + "/24", "dev", "eth0");
      ip("-n", node, "addr", "add", address6(n) + "/64", "dev", "eth0", "nodad");
      ip("-n", node, "link", "set", "eth0", "up");
      ip("-n", node, "route", "add", "default", "via", SERVERS);
      ip("-n", node, "route", "add", "default", "via", SUBNET6 + "10");
    }
  }

  /** The IPv6 address of a node. */
  static String address6(int node) {
    return SUBNET6 + (10 + node);
  }

  /**
   * The API server's address as a service, 10.96.0.1:443, which kube-proxy serves on the nodes of a
   * usual cluster: here the nodes' router takes it to the server.
   */
  private void serveApi() {
    String rule = "iptables -t nat -A PREROUTING -d 10.96.0.1 -p tcp --dport 443 -j DNAT --to ";
    Command.of((rule + server()).split(" ")).inside(PREFIX + 0).run();
  }

  private static void ip(String... arguments) {
    var words = new ArrayList<>(List.of("ip"));
    words.addAll(List.of(arguments));
    new Command(words, "", Map.of()).run();
  }

  ControlPlane plane() {
    return plane;
  }

  List<PlainNode> nodes() {
    return nodes;
  }

  /** Address and port of the API server. */
  String server() {
    try {
      return Files.readString(plane.folder().resolve("server")).strip().replace("https://", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The command line with a kubeconfig, beside the API server. */
  Command.Result agent(Path kubeconfig, String... arguments) {
    var words = new ArrayList<>(List.of(arguments));
    words.addAll(List.of("--kubeconfig", kubeconfig.toString()));
    return agent(words);
  }

  /** The command line beside the API server. */
  Command.Result agent(List<String> arguments) {
    var words = new ArrayList<>(Command.entering(PREFIX + 0));
    words.add(programs.agent().toString());
    words.addAll(arguments);
    return LongRun.of(words, Map.of("SEKISHO_JAVA", programs.java().toString()));
  }

  /** Real Helm beside the API server, in the agents' namespace; it must succeed. */
  String helm(String... arguments) {
    var words = new ArrayList<>(Command.entering(PREFIX + 0));
    words.add(ControlPlane.programs().resolve("helm").toString());
    words.addAll(List.of(arguments));
    words.addAll(List.of("-n", "sekisho-system", "--kubeconfig", plane.kubeconfig().toString()));
    String own = plane.folder().resolve("helm").toString();
    Command.Result said =
        LongRun.of(
            words, Map.of("HELM_CACHE_HOME", own, "HELM_CONFIG_HOME", own, "HELM_DATA_HOME", own));
    if (said.status() != 0) {
      throw new AssertionError(String.join(" ", words) + ": " + said + agentsSay());
    }
    return said.output();
  }

  /** What a URL says, asked from beside the API server, outside of all nodes; empty if nothing. */
  String fetch(String url) {
    return Command.of("curl", "--silent", "--globoff", "--noproxy", "*", "--max-time", "5", url)
        .inside(PREFIX + 0)
        .tryRun()
        .output();
  }

  /** The console's session beside the API server. */
  ConsoleProcess console(Path kubeconfig, String reach) throws IOException {
    return ConsoleProcess.start(Command.entering(PREFIX + 0), kubeconfig, reach);
  }

  /** Forwards a port of 127.0.0.1 beside the API server to the agents' one, until it is ended. */
  Process forward(int port) throws IOException {
    var words = new ArrayList<>(Command.entering(PREFIX + 0));
    words.add(ControlPlane.programs().resolve("kubectl").toString());
    words.addAll(List.of("--kubeconfig", plane.kubeconfig().toString(), "-n", "sekisho-system"));
    words.addAll(List.of("port-forward", "daemonset/sekisho-agent", port + ":4244"));
    return new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(plane.folder().resolve("forward.out").toFile())
        .start();
  }

  /** What the agents' pods say, for messages. */
  String agentsSay() {
    var out = new StringBuilder("\n").append(tell("get", "pods", "-A", "-o", "wide"));
    for (String container : List.of("cni", "agent", "clean", "certificates")) {
      String name =
          switch (container) {
            case "clean" -> "sekisho-uninstall";
            case "certificates" -> "sekisho-certificates";
            default -> "sekisho-agent";
          };
      out.append(tell("logs", "--prefix", "--tail=20", "-c", container, "-l", LABEL + name));
    }
    return out.append(tell("get", "events")).toString();
  }

  private String tell(String... arguments) {
    var words = new ArrayList<>(List.of("-n", "sekisho-system"));
    words.addAll(List.of(arguments));
    try {
      return plane.kubectl(words.toArray(String[]::new));
    } catch (AssertionError e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** What is left of any such cluster. */
  static List<String> residue() {
    var left = new ArrayList<String>();
    for (String name : Objects.requireNonNullElse(new File("/run/netns").list(), new String[0])) {
      if (name.startsWith(PREFIX)) {
        left.add("/run/netns/" + name);
      }
    }
    return left;
  }

  @Override
  public void close() {
    if (plane != null) {
      plane.close();
    }
    nodes.forEach(PlainNode::close);
    for (int n = 0; n <= 9; n++) {
      if (Files.exists(Path.of("/run/netns", PREFIX + n))) {
        ip("netns", "del", PREFIX + n);
      }
    }
  }
}
