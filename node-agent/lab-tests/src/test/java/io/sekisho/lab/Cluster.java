package io.sekisho.lab;

import io.sekisho.lab.traffic.Echo;
import io.sekisho.lab.traffic.Exchange;
import io.sekisho.lab.traffic.Place;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A lab for tests, in a folder of its own: a client and a server on the first node, a server on the
 * second one, and echoes in servers, on nodes and outside.
 */
final class Cluster implements AutoCloseable {
  static final int PORT = 7007;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Lab lab;
  private final Map<String, Echo> echoes = new LinkedHashMap<>();
  private final Map<String, Pod> pods = new LinkedHashMap<>();

  /** Brings it up; the name has up to four letters. */
  Cluster(String name, Lab.Wish wish) throws IOException {
    LabNames names = new LabNames(name + ProcessHandle.current().pid() % 100_000);
    lab =
        new Lab(
            names,
            new LabFolder(Files.createTempDirectory(name)),
            Programs.ofBuild(),
            line -> System.out.println(name + ": " + line));
    try {
      lab.up(wish);
      addPod("client", "n1");
      addServer("near", "n1");
      addServer("far", "n2");
      serve("n1", lab.names().node("n1"));
      serve("n2", lab.names().node("n2"));
      if (wish.outside()) {
        for (World world : List.of(Outside.SERVER, Outside.PEER, Outside.BEYOND)) {
          serve(world.name(), lab.names().world(world.name()));
        }
      }
    } catch (RuntimeException e) {
      lab.down();
      throw e;
    }
  }

  Pod addPod(String name, String node) {
    Pod pod = lab.addPod("test", name, node, Map.of("app", name));
    pods.put(name, pod);
    return pod;
  }

  Pod addServer(String name, String node) {
    Pod pod = addPod(name, node);
    serve(name, lab.names().pod("test", name));
    return pod;
  }

  private void serve(String name, String namespace) {
    echoes.put(name, new Echo(new Place(namespace), PORT));
  }

  Lab lab() {
    return lab;
  }

  Pod pod(String name) {
    return pods.get(name);
  }

  /** Who listens there. */
  Echo echo(String name) {
    return echoes.get(name);
  }

  /** Where a pod is. */
  Place place(String pod) {
    return new Place(lab.names().pod("test", pod));
  }

  /** Where a node is. */
  Place node(String node) {
    return new Place(lab.names().node(node));
  }

  /** Where an outside machine is. */
  Place world(World world) {
    return new Place(lab.names().world(world.name()));
  }

  /** A pod's address; family 0 is IPv4, 1 is IPv6. */
  InetAddress address(String pod, int family) {
    return InetAddress.ofLiteral(pods.get(pod).addresses().get(family));
  }

  /** A node's address now. */
  InetAddress nodeAddress(String node, int family) {
    return InetAddress.ofLiteral(lab.node(node).addresses().get(family));
  }

  static InetAddress address(World world, int family) {
    return InetAddress.ofLiteral(world.addresses().get(family));
  }

  /** Waits until the client reaches a server over TCP. */
  void awaitReach(String server, int family) {
    InetAddress to = address(server, family);
    Await.until(
        PATIENCE,
        () -> "the client does not reach " + server + " at " + to,
        () -> Exchange.tcp(place("client"), to, PORT, 10));
  }

  @Override
  public void close() throws IOException {
    for (Echo echo : echoes.values()) {
      echo.close();
    }
    lab.down();
  }
}
