package io.sekisho.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.config.AgentConfig.StoreType;
import io.sekisho.agent.datapath.Masquerade;
import io.sekisho.agent.datapath.Overlay;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.EnforcementMode;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
  private static final String LEAST =
      """
      node: {name: n1}
      underlay: {device: eth0}
      pods: {cidrs: [10.244.1.0/24]}
      """;

  private static final String FULL =
      """
      node:
        name: n2
        cluster: shop
      underlay:
        device: eth1
        addresses: [198.18.0.2, "fd18::2"]
      pods:
        cidrs: [10.244.2.0/24, "fd00:10:244:2::/64"]
      overlay: {port: 9999, outer: device}
      store:
        type: etcd
        endpoints: ["https://198.18.0.250:2379", "https://etcd.example"]
        ca: pki/ca.crt
        certificate: pki/n2.crt
        key: /abs/n2.key
      grpc: {listen: "198.18.0.2:4244", ca: ca.crt, certificate: n2.crt, key: n2.key}
      dirs: {run: /r, state: /s, bpf: /b}
      flows: {capacity: 1024, aggregation_seconds: 1}
      conntrack: {entries: 2048}
      health: {lease_seconds: 3}
      policy: {enforcement: always, audit: true, verify_seconds: 60}
      """;

  @Test
  void parse_kubernetes_givesRangesAndStore() {
    AgentConfig config =
        parse(
            """
            node: {name: n1}
            underlay: {device: eth0}
            store: {type: kubernetes}
            kubernetes:
              kubeconfig: agent.kubeconfig
              namespace: net
              pod_timeout_seconds: 3
              requests_per_second: 50
              include_labels: ["team"]
              exclude_labels: ["job-.*"]
            """);
    var kubernetes = config.kubernetes().orElseThrow();
    assertEquals(Path.of("/etc/sekisho/agent.kubeconfig"), kubernetes.kubeconfig().orElseThrow());
    assertEquals("n1", kubernetes.nodeName());
    assertEquals("net", kubernetes.namespace());
    assertEquals(3, kubernetes.podTimeout().toSeconds());
    assertEquals(50, kubernetes.requestsPerSecond());
    assertEquals("team", kubernetes.includeLabels().getFirst().pattern());
    assertEquals("job-.*", kubernetes.excludeLabels().getFirst().pattern());
    assertEquals(AgentConfig.StoreType.KUBERNETES, config.store().type());
    assertTrue(config.pods().cidrs().isEmpty() && config.pods().pools().isEmpty());
  }

  @Test
  void parse_services_needKubernetes() {
    String kubernetes = LEAST + "kubernetes: {}\n";
    assertEquals(
        Optional.of(Path.of("/etc/sekisho/pods")),
        parse(kubernetes + "services: {cgroup: pods}\n").services());
    assertEquals(
        Optional.empty(),
        parse(kubernetes + "services: {enabled: false, cgroup: pods}\n").services());
    assertEquals(Optional.empty(), parse(LEAST).services());
    assertTrue(problems(LEAST + "services: {enabled: true}\n").toString().contains("'kubernetes'"));
  }

  @Test
  void parse_kubernetesWrong_saysEachProblem() {
    String all =
        problems(
                """
                node: {name: n1}
                underlay: {device: eth0}
                kubernetes: {exclude_labels: ["("], namespaces: x}
                """)
            .toString();
    assertTrue(all.contains("no regular expression"), all);
    assertTrue(all.contains("did you mean 'namespace'"), all);
    assertTrue(problems(LEAST + "store: {type: kubernetes}\n").toString().contains("'kubernetes'"));
  }

  private static AgentConfig parse(String yaml) {
    return ConfigReader.parse(yaml, "test.yaml", Path.of("/etc/sekisho"));
  }

  private static List<String> problems(String yaml) {
    var e = assertThrows(ConfigException.class, () -> parse(yaml));
    return e.problems().stream().map(Object::toString).toList();
  }

  @Test
  void parse_leastFile_hasDefaults() {
    AgentConfig config = parse(LEAST);
    assertEquals(
        new AgentConfig.NodeName("n1", "default", List.of("k8s:kubernetes.io/hostname=n1")),
        config.node());
    assertEquals(new AgentConfig.Underlay("eth0", List.of()), config.underlay());
    assertEquals(List.of(Cidr.parse("10.244.1.0/24")), config.pods().cidrs());
    assertEquals(Overlay.at(8472), config.overlay());
    assertEquals(StoreType.FILE, config.store().type());
    assertEquals(Optional.empty(), config.grpc());
    assertEquals(Path.of("/run/sekisho/n1/cni.sock"), config.dirs().cniSocket());
    assertEquals(Path.of("/var/lib/sekisho/n1"), config.dirs().state());
    assertEquals(Path.of("/sys/fs/bpf/sekisho"), config.dirs().bpf());
    assertEquals(new AgentConfig.Flows(65_536, 5), config.flows());
    assertEquals(OptionalInt.empty(), config.conntrackEntries());
    assertEquals(OptionalInt.empty(), config.natEntries());
    assertEquals(300, config.health().leaseSeconds());
    assertEquals(new AgentConfig.PolicyConfig(Enforcement.USUAL, 300, List.of()), config.policy());
  }

  @Test
  void parse_unknownEnforcement_saysWhatThereIs() {
    assertTrue(
        problems(LEAST + "policy: {enforcement: sometimes}\n")
            .getFirst()
            .contains("'sometimes' is neither default, always nor never"));
  }

  @Test
  void parse_unknownMakerOfOuterHeaders_saysWhatThereIs() {
    assertTrue(
        problems(LEAST + "overlay: {outer: nobody}\n")
            .getFirst()
            .contains("'nobody' is neither programs nor device"));
  }

  @Test
  void parse_fullFile_takesEveryValue() {
    AgentConfig config = parse(FULL);
    assertEquals(
        new AgentConfig.NodeName("n2", "shop", List.of("k8s:kubernetes.io/hostname=n2")),
        config.node());
    assertEquals(
        List.of(InetAddress.ofLiteral("198.18.0.2"), InetAddress.ofLiteral("fd18::2")),
        config.underlay().addresses());
    assertEquals(2, config.pods().cidrs().size());
    assertEquals(new Overlay(9999, true), config.overlay());
    assertEquals(
        new AgentConfig.PolicyConfig(new Enforcement(EnforcementMode.ALWAYS, true), 60, List.of()),
        config.policy());
    assertEquals(
        List.of(URI.create("https://198.18.0.250:2379"), URI.create("https://etcd.example:2379")),
        config.store().endpoints());
    var tls = config.store().tls().orElseThrow();
    assertEquals(Path.of("/etc/sekisho/pki/ca.crt"), tls.ca());
    assertEquals(Path.of("/abs/n2.key"), tls.key());
    assertEquals(4244, config.grpc().orElseThrow().listen().getPort());
    assertFalse(config.grpc().orElseThrow().loopback());
    assertEquals(Path.of("/r/agent.sock"), config.dirs().agentSocket());
    assertEquals(new AgentConfig.Flows(1024, 1), config.flows());
    assertEquals(OptionalInt.of(2048), config.conntrackEntries());
    assertEquals(3, config.health().leaseSeconds());
  }

  @Test
  void parse_masqueradeDevices_areNamedOrThoseOfRoutes() {
    assertEquals(Masquerade.USUAL, parse(LEAST).masquerade().ports());
    String named = "masquerade: {ports: 50000-60000, devices: [eth1, eth0.100]}\n";
    assertEquals(
        new Masquerade(50_000, 60_000).on(List.of("eth1", "eth0.100")),
        parse(LEAST + named).masquerade().ports());
    assertEquals(
        Masquerade.USUAL.on(List.of()),
        parse(LEAST + "masquerade: {devices: []}\n").masquerade().ports());
    assertEquals(2, problems(LEAST + "masquerade: {devices: [a/b, longer-than-a-name]}\n").size());
  }

  @Test
  void parse_labelsFailSafePortsAndApiServers_areTaken() {
    AgentConfig config =
        parse(
            LEAST.replace("node: {name: n1}", "node: {name: n1, labels: {zone: a, disk: ssd}}")
                + "hostFirewall: {failSafePorts: [2222/TCP, 67-68/UDP, vrrp]}\n"
                + "cluster: {apiServers: [203.0.113.6, \"2001:db8::/64\"]}\n"
                + "policy: {spare: [198.18.0.0/24]}\n");
    assertEquals(List.of(Cidr.parse("198.18.0.0/24")), config.policy().spared());
    assertEquals(
        List.of("k8s:disk=ssd", "k8s:kubernetes.io/hostname=n1", "k8s:zone=a"),
        config.node().labels());
    var world = io.sekisho.policy.Identity.WORLD;
    assertEquals(
        List.of(true, false, true, true),
        java.util.stream.Stream.of(
                new int[] {6, 2222}, new int[] {6, 22}, new int[] {17, 68}, new int[] {112, 0})
            .map(l4 -> config.failSafe().passes(world, l4[0], l4[1]))
            .toList());
    assertEquals(
        List.of(Cidr.parse("203.0.113.6"), Cidr.parse("2001:db8::/64")), config.apiServers());
  }

  @Test
  void parse_brokenLabelsAndPorts_areErrors() {
    List<String> problems =
        problems(
            LEAST.replace("node: {name: n1}", "node: {name: n1, labels: {\"a b\": c, d: \"e f\"}}")
                + "hostFirewall: {failSafePorts: [22, 0/TCP, 5-4/UDP]}\n"
                + "cluster: {apiServers: [api.example]}\n");
    assertEquals(6, problems.size(), problems::toString);
  }

  @Test
  void parse_unknownKeys_areErrorsWithWhatWasMeant() {
    List<String> problems =
        problems(LEAST + "overlai: {port: 1}\nflows: {capacty: 1024}\nzzz: 1\n");
    assertEquals(
        List.of(
            "line 4, column 1: unknown key 'overlai'; did you mean 'overlay'?",
            "line 5, column 9: unknown key 'flows.capacty'; did you mean 'capacity'?",
            "line 6, column 1: unknown key 'zzz'"),
        problems);
  }

  @Test
  void parse_manyErrors_areToldAtOnce() {
    List<String> problems =
        problems(
            """
            node: {name: "Bad Name"}
            underlay: {addresses: [nonsense]}
            pods: {cidrs: [10.0.0.0/24, 10.1.0.0/24]}
            overlay: {port: 70000}
            flows: {capacity: 1025}
            store: {type: zookeeper}
            grpc: {listen: "localhost"}
            """);
    assertEquals(11, problems.size(), problems::toString);
    assertTrue(problems.get(0).startsWith("line 1, column 14: node.name: 'Bad Name'"));
    assertTrue(problems.toString().contains("underlay.device is required"));
    assertTrue(problems.toString().contains("'nonsense' is not an address"));
    assertTrue(problems.toString().contains("at most one range of each family"));
    assertTrue(problems.toString().contains("not a whole number from 1 to 65535"));
    assertTrue(problems.toString().contains("1025 is not a power of two"));
    assertTrue(problems.toString().contains("neither file, etcd nor kubernetes"));
    assertTrue(problems.toString().contains("is not like 192.0.2.1:4244"));
    assertTrue(problems.toString().contains("grpc.key is required"));
  }

  @Test
  void parse_emptyFile_namesWhatIsRequired() {
    List<String> problems = problems("");
    assertEquals(3, problems.size(), problems::toString);
  }

  @Test
  void parse_keyTwice_isAnError() {
    assertTrue(
        problems(LEAST + "conntrack: {entries: 2048, entries: 4096}\n")
            .toString()
            .contains("conntrack.entries is given twice"));
  }

  @Test
  void parse_etcdWithoutEndpoints_isAnError() {
    assertTrue(
        problems(LEAST + "store: {type: etcd}\n").toString().contains("needs at least one URL"));
  }

  @Test
  void parse_httpsEtcdWithoutCertificates_namesThem() {
    List<String> problems = problems(LEAST + "store: {type: etcd, endpoints: [https://e:2379]}\n");
    assertEquals(3, problems.size(), problems::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"node: [", "\tnode: x", "node: {name: n1", "a: b: c", "\u0000", "- 1\n- 2", "42"})
  void parse_brokenText_isAConfigException(String yaml) {
    assertTrue(!problems(yaml).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"node: x", "pods: {cidrs: 10.0.0.0/8}", "pods: {cidrs: [[1]]}"})
  void parse_wrongKindOfValue_isAnError(String yaml) {
    assertTrue(problems(yaml).toString().contains("must be"));
  }

  private static final String SHARED =
      """
      node: {name: "${NODE}"}
      underlay: {deviceOf: "${ADDRESS}"}
      pods: {cidrs: [10.244.1.0/24]}
      grpc: {listen: "[${ADDRESS}]:4244", ca: c, certificate: c, key: k, serverName: agents,
             loopback: true}
      health: {listen: 127.0.0.1:4245}
      """;

  @Test
  void parse_variables_areReplaced() {
    var variables = Map.of("NODE", "n7", "ADDRESS", "127.0.0.1");
    AgentConfig config = ConfigReader.parse(SHARED, "x", Path.of("/etc"), variables::get);
    assertEquals("n7", config.node().name());
    assertEquals("lo", config.underlay().device());
    var grpc = config.grpc().orElseThrow();
    assertEquals("127.0.0.1:4244", grpc.listen().getHostString() + ":" + grpc.listen().getPort());
    assertEquals(Optional.of("agents"), grpc.serverName());
    assertTrue(grpc.loopback());
    assertEquals(4245, config.health().listen().orElseThrow().getPort());
  }

  @Test
  void parse_variableNotSet_isAnErrorWithItsPlace() {
    var e =
        assertThrows(
            ConfigException.class,
            () -> ConfigReader.parse(SHARED, "x", Path.of("/etc"), Map.of("NODE", "n7")::get));
    assertEquals(
        List.of(
            "line 2, column 22: underlay.deviceOf: the variable ADDRESS is not set",
            "line 4, column 16: grpc.listen: the variable ADDRESS is not set"),
        e.problems().stream().map(Object::toString).toList());
  }

  @Test
  void parse_addressOfNobody_isAnError() {
    String yaml = LEAST.replace("device: eth0", "deviceOf: 192.0.2.77");
    assertTrue(problems(yaml).toString().contains("no network interface has the address"));
  }

  @Test
  void parse_deviceNamedAndFound_isAnError() {
    String yaml = LEAST.replace("device: eth0", "device: eth0, deviceOf: 127.0.0.1");
    assertTrue(problems(yaml).toString().contains("not both"));
  }

  @Test
  void read_missingFile_isUnreadable() {
    var e =
        assertThrows(
            ConfigException.class, () -> ConfigReader.read(Path.of("/does/not/exist.yaml")));
    assertEquals(ConfigException.Code.UNREADABLE, e.code());
  }

  @Test
  void read_file_resolvesAgainstItsFolder(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("a.yaml");
    Files.writeString(file, LEAST + "dirs: {run: run}\n");
    assertEquals(folder.resolve("run"), ConfigReader.read(file).dirs().run());
  }

  @ParameterizedTest
  @CsvSource({"capacty,capacity,1", "x,capacity,8", "'','',0", "abc,abc,0", "ab,ba,2"})
  void edits_words_areCounted(String from, String to, int edits) {
    assertEquals(edits, Spelling.edits(from, to));
  }
}
