package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.sekisho.agent.Eventually;
import io.sekisho.cni.CniPlugin;
import io.sekisho.netlink.Link;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetlinkException;
import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.testkit.Residue;
import io.sekisho.testkit.TestNamespaces;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole agent, our plugin as a program, and the project's own plugins before and after it: run by
 * cnitool, as a container runtime runs a chain.
 */
final class ChainTest {
  private static final int BYTES = 1000;
  private static final int HOST_PORT = 8080;
  private static final String NODE = "198.18.0.1";

  @TempDir Path folder;
  private final TestNamespaces namespaces = new TestNamespaces("chain");
  private Residue before;
  private RealPlugins plugins;
  private NetworkNamespace node;
  private NetworkNamespace world;
  private AgentProcess agent;

  /** What a program said. */
  private record Said(int status, String output) {}

  @BeforeEach
  void start() throws Exception {
    Optional<RealPlugins> real = RealPlugins.find();
    assumeTrue(real.isPresent(), "the real plugins are built with Go, and there is none");
    plugins = real.get();
    before = Residue.of(namespaces.prefix());
    NetworkNamespace underlay = TestNode.underlay(namespaces);
    node = namespaces.create("n1");
    TestNode.connect(underlay, node, "n1", 1);
    world = namespaces.create("world");
    TestNode.connect(underlay, world, "world", 200);
    Files.writeString(
        folder.resolve("agent.yaml"),
        """
        node: {name: n1}
        underlay: {device: eth0, addresses: [198.18.0.1, "fd18::1"]}
        pods: {cidrs: [10.244.1.0/24, "fd00:10:244:1::/64"]}
        dirs: {run: run, state: state, bpf: %s}
        probes: {enabled: false}
        """
            .formatted(TestNode.pinRoot(namespaces)));
    startAgent();
    Path program = Files.createDirectory(folder.resolve("bin")).resolve("sekisho");
    Files.writeString(
        program,
        "#!/bin/sh\nexec %s -cp %s:%s %s\n"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                place(CniPlugin.class),
                place(Gson.class),
                CniPlugin.class.getName()));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  private void startAgent() {
    agent = new AgentProcess(node, folder.resolve("agent.yaml"));
  }

  private static Path place(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  @AfterEach
  void stop() throws IOException {
    if (agent == null) {
      return;
    }
    if (!agent.isAlive()) {
      startAgent();
    }
    agent.uninstall();
    Files.deleteIfExists(TestNode.pinRoot(namespaces));
    namespaces.close();
    assertEquals(Set.of(), Residue.of(namespaces.prefix()).since(before));
  }

  private void chain(String... chained) throws IOException {
    Path folderOfNetworks = Files.createDirectories(folder.resolve("net.d"));
    Files.writeString(
        folderOfNetworks.resolve("10-chain.conflist"),
        "{\"cniVersion\":\"1.0.0\",\"name\":\"%s\",\"plugins\":[%s]}"
            .formatted(name(), String.join(",", chained)));
  }

  private String name() {
    return namespaces.prefix() + "chain";
  }

  private String own() {
    return """
        {"type":"sekisho","agentSocket":"%s","args":{"cni":{"labels":[{"key":"app","value":"a"}]}}}
        """
        .formatted(folder.resolve("run/cni.sock"));
  }

  private static String portmap() {
    return "{\"type\":\"portmap\",\"backend\":\"nftables\",\"capabilities\":{\"portMappings\":true}}";
  }

  private String routed(String type) {
    return """
        {"type":"%s","ipam":{"type":"host-local","dataDir":"%s",
         "ranges":[[{"subnet":"10.9.0.0/24"}]],"routes":[{"dst":"0.0.0.0/0"}]}}
        """
        .formatted(type, folder.resolve("host-local"));
  }

  private Said cnitool(String command, NetworkNamespace pod) throws Exception {
    var run =
        new ProcessBuilder(
            "nsenter",
            "--net=" + node.path(),
            plugins.folder().resolve("cnitool").toString(),
            command,
            name(),
            pod.path().toString());
    run.redirectErrorStream(true);
    run.environment()
        .putAll(
            Map.of(
                "CNI_PATH",
                folder.resolve("bin") + ":" + plugins.folder(),
                "NETCONFPATH",
                folder.resolve("net.d").toString(),
                "CNI_ARGS",
                "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME="
                    + pod.path().getFileName()
                    + ";SEKISHO_WORKLOAD=server",
                "CAP_ARGS",
                "{\"portMappings\":[{\"hostPort\":8080,\"containerPort\":80,\"protocol\":\"tcp\"}]}"));
    Process process = run.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), output);
  }

  private JsonObject done(String command, NetworkNamespace pod) throws Exception {
    Said said = cnitool(command, pod);
    assertEquals(0, said.status(), said::output);
    return said.output().isBlank()
        ? new JsonObject()
        : JsonParser.parseString(said.output()).getAsJsonObject();
  }

  private static String address(JsonObject result) {
    String text =
        result.getAsJsonArray("ips").get(0).getAsJsonObject().get("address").getAsString();
    return text.substring(0, text.indexOf('/'));
  }

  private List<String> links() {
    return node.call(
        () -> {
          try (var netlink = Netlink.open()) {
            return netlink.list(Links.all()).stream().map(Link::name).sorted().toList();
          }
        });
  }

  @Test
  void first_beforePortmap_hostPortIsReachedFromOutsideAndFromPods() throws Exception {
    chain(own(), portmap());
    NetworkNamespace server = namespaces.create("server");
    String address = address(done("add", server));
    assertTrue(address.startsWith("10.244.1."), address);
    done("check", server);
    NetworkNamespace client = clientOfNoPort();
    try (ServerSocket socket = Traffic.serve(server, address, 80, BYTES)) {
      assertEquals(80, socket.getLocalPort());
      assertEquals(BYTES, Traffic.fetch(client, address, 80), "a pod reaches it itself");
      assertEquals(BYTES, Traffic.fetch(world, NODE, HOST_PORT), "outside reaches the host's port");
      assertEquals(BYTES, Traffic.fetch(client, NODE, HOST_PORT), "a pod reaches the host's port");
    }
    done("del", server);
    done("del", server);
    assertThrows(
        NetlinkException.class,
        () -> Traffic.fetch(world, NODE, HOST_PORT),
        "the host's port is closed");
    done("del", client);
  }

  /** A second pod, by our plugin alone. */
  private NetworkNamespace clientOfNoPort() throws Exception {
    NetworkNamespace client = namespaces.create("client");
    String ports = Files.readString(folder.resolve("net.d/10-chain.conflist"));
    chain(own());
    done("add", client);
    Files.writeString(folder.resolve("net.d/10-chain.conflist"), ports);
    return client;
  }

  @Test
  void behindPtpAndPortmap_adoptsAndOutlivesARestart() throws Exception {
    chain(routed("ptp"), portmap(), own());
    NetworkNamespace server = namespaces.create("server");
    JsonObject result = done("add", server);
    String address = address(result);
    assertTrue(address.startsWith("10.9.0."), address);
    assertEquals(2, result.getAsJsonArray("interfaces").size(), result::toString);
    done("check", server);
    NetworkNamespace client = clientOfNoPort();
    try (ServerSocket socket = Traffic.serve(server, address, 80, BYTES)) {
      assertEquals(80, socket.getLocalPort());
      assertEquals(BYTES, Traffic.fetch(client, address, 80));
      assertEquals(BYTES, Traffic.fetch(world, NODE, HOST_PORT), "the host's port");
      agent.end();
      assertEquals(BYTES, Traffic.fetch(client, address, 80), "while no agent runs");
      startAgent();
      Eventually.holds(() -> agent.endpoints().equals("2 2"));
      assertEquals(BYTES, Traffic.fetch(client, address, 80), "after a restart");
    }
    done("check", server);
    done("del", server);
    Eventually.holds(() -> links().stream().noneMatch(name -> name.startsWith("veth")));
    assertEquals("1 1", agent.endpoints());
    done("del", server);
    done("del", client);
  }

  @Test
  void behindBridge_isRefusedWithAReasonAndLeavesNothing() throws Exception {
    chain(
        routed("bridge").replace("\"ipam\"", "\"bridge\":\"cni0\",\"isGateway\":true,\"ipam\""),
        own());
    NetworkNamespace pod = namespaces.create("pod");
    Said said = cnitool("add", pod);
    assertEquals(1, said.status());
    assertTrue(said.output().contains("below a bridge"), said::output);
    assertEquals("0 0", agent.endpoints());
    done("del", pod);
    node.run(
        () -> {
          try (var netlink = Netlink.open()) {
            netlink.run(Links.delete("cni0"));
          }
        });
  }

  @Test
  void agentAway_addIsToBeTriedAgainAndDelWorksLater() throws Exception {
    chain(own());
    NetworkNamespace pod = namespaces.create("pod");
    done("add", pod);
    agent.end();
    Said said = cnitool("del", pod);
    assertEquals(1, said.status());
    assertTrue(said.output().contains("is it running"), said::output);
    startAgent();
    done("del", pod);
    assertEquals("0 0", agent.endpoints());
  }
}
