package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.TestNamespaces;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Services at the sockets of a real process in a cgroup of its own. */
final class KernelServicesTest {
  private static final int TCP = 6;
  private static final int UDP = 17;

  /** Out of 192.0.2.0/24 and 2001:db8::/32, set apart for documents: nobody is there. */
  private static final InetAddress SERVICE = InetAddress.ofLiteral("192.0.2.80");

  private static final InetAddress SERVICE6 = InetAddress.ofLiteral("2001:db8::80");
  private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress LOCAL6 = InetAddress.ofLiteral("::1");

  private static TestNamespaces namespaces;
  private static TestNode node;
  private static Path cgroup;
  private static final List<AutoCloseable> SERVERS = new ArrayList<>();
  private static int one;
  private static int two;
  private static int six;
  private static int datagrams;
  private static int others;

  @BeforeAll
  static void open() throws IOException {
    namespaces = new TestNamespaces("svc");
    node = new TestNode(1, namespaces, TestNode.underlay(namespaces));
    Path tree = Path.of("/sys/fs/cgroup");
    if (!Files.exists(tree.resolve("cgroup.controllers"))) {
      tree = tree.resolve("unified");
    }
    cgroup = Files.createDirectory(tree.resolve(namespaces.prefix()));
    node.config(withServices(node.config(), cgroup));
    node.open();
    one = server(LOCAL, "one");
    two = server(LOCAL, "two");
    six = server(LOCAL6, "six");
    datagrams = datagramServer("datagram");
    others = datagramServer("other");
  }

  @AfterAll
  static void close() throws Exception {
    for (AutoCloseable server : SERVERS) {
      server.close();
    }
    node.close();
    namespaces.close();
    Files.delete(cgroup);
    Files.deleteIfExists(TestNode.pinRoot(namespaces));
  }

  private static NodeConfig withServices(NodeConfig old, Path folder) {
    return new NodeConfig(
        old.node(),
        old.pinRoot(),
        old.underlayDevice(),
        old.underlayAddresses(),
        old.podCidrs(),
        old.routing(),
        old.overlay(),
        old.masquerade(),
        old.conntrackEntries(),
        old.natEntries(),
        old.eventRingBytes(),
        old.aggregationSeconds(),
        Optional.of(folder));
  }

  /** Says its name to everybody; the port. */
  private static int server(InetAddress address, String name) throws IOException {
    var server = new ServerSocket(0, 50, address);
    SERVERS.add(server);
    Thread.ofVirtual()
        .start(
            () -> {
              while (!server.isClosed()) {
                try (var client = server.accept()) {
                  client.getOutputStream().write(name.getBytes());
                } catch (IOException e) {
                  // the client, or the test, has gone
                }
              }
            });
    return server.getLocalPort();
  }

  private static int datagramServer(String name) throws IOException {
    var server = new DatagramSocket(0, LOCAL);
    SERVERS.add(server);
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              var packet = new DatagramPacket(new byte[64], 64);
              while (!server.isClosed()) {
                try {
                  server.receive(packet);
                  byte[] answer = name.getBytes();
                  server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                } catch (IOException e) {
                  // the test is over
                }
              }
            });
    return server.getLocalPort();
  }

  private static ServiceBackends backends(int affinity, int... ports) {
    var all = new ArrayList<InetSocketAddress>();
    for (int port : ports) {
      all.add(new InetSocketAddress(LOCAL, port));
    }
    return new ServiceBackends(all, affinity);
  }

  private static DesiredState state(Map<ServiceAddress, ServiceBackends> services) {
    return DesiredState.EMPTY.with(Optional.of(services));
  }

  private static void realize(Map<ServiceAddress, ServiceBackends> services) {
    assertEquals(List.of(), node.datapath().apply(state(services)));
    assertEquals(List.of(), node.datapath().auditShared(state(services)));
  }

  /** What a process of the cgroup was answered. */
  private static List<String> ask(String protocol, InetAddress address, int port, int times) {
    var words =
        List.of(
            "bash",
            "-c",
            "echo $$ >\"$0\" && exec \"$@\"",
            cgroup.resolve("cgroup.procs").toString(),
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            ServiceClient.class.getName(),
            protocol,
            address.getHostAddress(),
            Integer.toString(port),
            Integer.toString(times));
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      return process.inputReader().readAllLines();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void connect_toAService_reachesEachBackend() {
    var service = new ServiceAddress(SERVICE, 80, TCP);
    realize(
        Map.of(
            service,
            backends(0, one, two),
            new ServiceAddress(SERVICE6, 80, TCP),
            new ServiceBackends(List.of(new InetSocketAddress(LOCAL6, six)), 0)));
    assertEquals(Set.of("one", "two"), new HashSet<>(ask("tcp", SERVICE, 80, 60)));
    assertEquals(List.of("six"), ask("tcp", SERVICE6, 80, 1));
    realize(Map.of(service, backends(0, two)));
    assertEquals(Set.of("two"), new HashSet<>(ask("tcp", SERVICE, 80, 20)));
  }

  @Test
  void connect_withoutBackends_isRefused() {
    realize(Map.of(new ServiceAddress(SERVICE, 81, TCP), backends(0)));
    assertEquals(List.of("Connection refused"), ask("tcp", SERVICE, 81, 1));
  }

  @Test
  void connect_withAffinity_keepsItsBackendWhileItIsOne() {
    var service = new ServiceAddress(SERVICE, 82, TCP);
    realize(Map.of(service, backends(60, one, two)));
    var first = new HashSet<>(ask("tcp", SERVICE, 82, 30));
    assertEquals(1, first.size(), first::toString);
    boolean isOne = first.contains("one");
    realize(Map.of(service, backends(60, isOne ? two : one)));
    assertEquals(Set.of(isOne ? "two" : "one"), new HashSet<>(ask("tcp", SERVICE, 82, 5)));
  }

  @Test
  void datagrams_ofAnUnconnectedSocket_comeFromTheService() {
    realize(Map.of(new ServiceAddress(SERVICE, 53, UDP), backends(0, datagrams)));
    assertEquals(List.of("datagram from 192.0.2.80:53"), ask("udp", SERVICE, 53, 1));
  }

  @Test
  void datagrams_ofOneSocket_goToOneBackend() {
    realize(Map.of(new ServiceAddress(SERVICE, 54, UDP), backends(0, datagrams, others)));
    List<String> answers = ask("same", SERVICE, 54, 20);
    assertEquals(20, answers.size(), answers::toString);
    assertEquals(1, Set.copyOf(answers).size(), answers::toString);
    assertEquals(
        Set.of("datagram from 192.0.2.80:54", "other from 192.0.2.80:54"),
        new HashSet<>(ask("udp", SERVICE, 54, 40)));
  }

  @Test
  void apply_moreBackendsThanThereIsRoomFor_theOtherServicesGetTheirs() {
    var large = new ServiceAddress(SERVICE, 85, TCP);
    var small = new ServiceAddress(SERVICE, 86, TCP);
    var before = Map.of(large, many(0), small, backends(0, one));
    assertEquals(List.of(), node.datapath().apply(state(before)));
    var errors = node.datapath().apply(state(Map.of(large, many(1), small, backends(0, two))));
    assertEquals(List.of("services"), errors.stream().map(e -> e.object()).toList());
    assertTrue(errors.getFirst().message().startsWith("1 keep"), errors::toString);
    assertEquals(List.of("two"), ask("tcp", SERVICE, 86, 1));
    realize(Map.of(small, backends(0, one)));
    assertEquals(List.of("one"), ask("tcp", SERVICE, 86, 1));
  }

  /** More than half of what the map holds, so that no second list of them fits beside the first. */
  private static ServiceBackends many(int network) {
    var all = new ArrayList<InetSocketAddress>();
    for (int i = 0; i < 140_000; i++) {
      byte[] address = {10, (byte) (network << 4 | i >> 16), (byte) (i >> 8), (byte) i};
      try {
        all.add(new InetSocketAddress(InetAddress.getByAddress(address), 80));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    return new ServiceBackends(all, 0);
  }

  @Test
  void apply_cgroupThatIsNotThere_isAnErrorOfServicesAlone() {
    NodeConfig before = node.config();
    try {
      node.config(withServices(before, cgroup.resolve("gone")));
      node.reopen();
      var errors = node.datapath().apply(state(Map.of()));
      assertEquals(List.of("services"), errors.stream().map(e -> e.object()).toList());
    } finally {
      node.config(before);
      node.reopen();
    }
    realize(Map.of(new ServiceAddress(SERVICE, 84, TCP), backends(0, two)));
    assertEquals(List.of("two"), ask("tcp", SERVICE, 84, 1));
  }

  @Test
  void reopen_goesOn_andReadsBackWhatItServes() {
    var services = Map.of(new ServiceAddress(SERVICE, 83, TCP), backends(0, one));
    realize(services);
    node.reopen();
    assertEquals(List.of("one"), ask("tcp", SERVICE, 83, 1));
    // what is not known stays
    assertEquals(List.of(), node.datapath().apply(DesiredState.EMPTY));
    assertEquals(List.of(), node.datapath().auditShared(state(services)));
    var none = Map.<ServiceAddress, ServiceBackends>of();
    assertEquals(1, node.datapath().auditShared(state(none)).size());
    realize(none);
    assertTrue(
        node.datapath().fill().stream()
            .filter(f -> f.name().equals("services") || f.name().equals("backends"))
            .allMatch(f -> f.entries() == 0));
  }
}
