package io.sekisho.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.netlink.Monitor.Change;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes that the kernel tells of, real ones and broken ones. */
final class MonitorTest {
  private static final int DEADLINE_SECONDS = 60;

  private final TestNamespaces namespaces = new TestNamespaces();
  private final LinkedBlockingQueue<Change> heard = new LinkedBlockingQueue<>();
  private NetworkNamespace host;
  private Monitor monitor;

  @BeforeEach
  void open() {
    host = namespaces.create();
    monitor = host.call(() -> Monitor.open("monitor-test", heard::add));
  }

  @AfterEach
  void close() {
    monitor.close();
    namespaces.close();
  }

  private void run(Request... requests) {
    host.run(
        () -> {
          try (var netlink = Netlink.open()) {
            netlink.run(requests);
          }
        });
  }

  private int index(String name) {
    return host.call(
        () -> {
          try (var netlink = Netlink.open()) {
            return netlink.find(Links.named(name)).orElseThrow().index();
          }
        });
  }

  private void await(Predicate<Change> wanted) throws InterruptedException {
    while (true) {
      Change next = heard.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
      assertTrue(next != null, "the kernel told nothing more");
      if (wanted.test(next)) {
        return;
      }
    }
  }

  @Test
  void link_madeChangedDeleted_isHeard() throws InterruptedException {
    run(Links.addBridge("br7"));
    await(c -> c instanceof Change.LinkChanged l && l.link().name().equals("br7"));

    run(Links.mtu(index("br7"), 1300));
    await(c -> c instanceof Change.LinkChanged l && l.link().mtu() == 1300);

    run(Links.delete("br7"));
    await(c -> c instanceof Change.LinkGone l && l.link().name().equals("br7"));
  }

  @Test
  void address_ofEitherFamily_isHeard() throws InterruptedException {
    run(Links.addBridge("br7"));
    int index = index("br7");
    for (String text : List.of("198.18.7.1", "fd18:7::1")) {
      InetAddress address = InetAddress.ofLiteral(text);
      run(Addresses.add(index, address, 24));
      await(c -> c instanceof Change.AddressChanged a && a.address().address().equals(address));
      run(Addresses.delete(index, address, 24));
      await(c -> c instanceof Change.AddressGone a && a.address().address().equals(address));
    }
  }

  @Test
  void route_ofEitherFamily_isHeardWhenItGoes() throws InterruptedException {
    run(Links.addBridge("br7"));
    int index = index("br7");
    for (String text : List.of("198.51.100.0", "2001:db8:7::")) {
      InetAddress network = InetAddress.ofLiteral(text);
      Route route = Route.direct(network, text.contains(":") ? 48 : 24, index).by(83, 20);
      run(Routes.addNew(route));
      run(Routes.delete(route));
      await(
          c ->
              c instanceof Change.RouteGone r
                  && r.route().destination().equals(network)
                  && r.route().protocol() == 83
                  && r.route().index() == index);
    }
  }

  @Test
  void defaultRoute_ofEitherFamily_isHeardWhenItComesAndGoes() throws InterruptedException {
    run(Links.addBridge("br7"));
    int index = index("br7");
    run(Links.up(index));
    for (String gateway : List.of("198.51.100.1", "fe80::1")) {
      Route route = Route.defaultOnLink(InetAddress.ofLiteral(gateway), index);
      run(Routes.addNew(route));
      await(Change.DefaultRoutesChanged.class::isInstance);
      run(Routes.delete(route));
      await(Change.DefaultRoutesChanged.class::isInstance);
    }
  }

  @Test
  void rule_ofEitherFamily_isHeard() throws InterruptedException {
    for (Rules.Family family : Rules.Family.values()) {
      var rule = new Rules.Rule(family, 100, 0x200, 0xf00, 2005);
      run(Rules.add(rule));
      await(Change.RulesChanged.class::isInstance);
      run(Rules.delete(rule));
      await(Change.RulesChanged.class::isInstance);
    }
  }

  @Test
  void bridgePort_leaves_isNoLinkGone() throws InterruptedException {
    run(
        Links.addBridge("br7"),
        Links.addVeth(
            new Links.End("port7", MacAddress.parse("02:00:00:00:00:01"), 1500),
            new Links.End("far7", MacAddress.parse("02:00:00:00:00:02"), 1500),
            namespaces.create().fd()));
    int bridge = index("br7");
    int port = index("port7");
    run(Links.master(port, bridge));
    run(Links.master(port, 0), Links.addBridge("last7"));
    var before = new ArrayList<Change>();
    await(
        c -> {
          before.add(c);
          return c instanceof Change.LinkChanged l && l.link().name().equals("last7");
        });
    assertTrue(before.stream().noneMatch(Change.LinkGone.class::isInstance), before::toString);
  }

  @Test
  void flood_beyondTheSocket_isToldAsMissed() throws InterruptedException {
    monitor.close();
    var slow = new java.util.concurrent.CountDownLatch(1);
    monitor =
        host.call(
            () ->
                Monitor.open(
                    "monitor-slow",
                    change -> {
                      try {
                        assertTrue(slow.await(DEADLINE_SECONDS, TimeUnit.SECONDS));
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      heard.add(change);
                    }));
    run(Links.addBridge("br7"));
    int index = index("br7");
    for (int i = 0; i < 600; i++) {
      run(Links.mtu(index, 1300 + i % 2));
    }
    slow.countDown();
    await(Change.Missed.class::isInstance);
    run(Links.delete("br7"));
    await(c -> c instanceof Change.LinkGone l && l.link().name().equals("br7"));
  }

  @Test
  void listener_fails_theNextChangeIsHeard() throws InterruptedException {
    monitor.close();
    monitor =
        host.call(
            () ->
                Monitor.open(
                    "monitor-fails",
                    change -> {
                      heard.add(change);
                      throw new IllegalStateException("the listener's own fault");
                    }));
    run(Links.addBridge("br7"));
    run(Links.delete("br7"));
    await(c -> c instanceof Change.LinkGone l && l.link().name().equals("br7"));
  }

  private static List<Change> read(byte[] datagram) {
    var told = new ArrayList<Change>();
    Monitor.read(ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder()), told::add);
    return told;
  }

  @Test
  void read_shorterThanAHeader_isMissed() {
    assertEquals(List.of(new Change.Missed()), read(new byte[] {1, 2, 3}));
  }

  @Test
  void read_linkWithoutBody_isMissed() {
    byte[] message =
        ByteBuffer.allocate(16)
            .order(ByteOrder.nativeOrder())
            .putInt(16)
            .putShort((short) 16)
            .array();
    assertEquals(List.of(new Change.Missed()), read(message));
  }

  @Test
  void read_randomBytes_neverFails() {
    var random = new Random(7);
    int understood = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] datagram = new byte[16 + random.nextInt(64)];
      random.nextBytes(datagram);
      if (i % 2 == 0) {
        ByteBuffer.wrap(datagram)
            .order(ByteOrder.nativeOrder())
            .putInt(datagram.length)
            .putShort((short) (16 + random.nextInt(6)));
      }
      understood += read(datagram).stream().anyMatch(c -> !(c instanceof Change.Missed)) ? 1 : 0;
    }
    assertTrue(understood > 10, "not all should be refused at once, but " + understood + " passed");
  }
}
