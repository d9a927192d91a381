package io.sekisho.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Echo between two namespaces of a real kernel. */
final class IcmpSocketTest {
  private static final int WAIT_MILLIS = 5_000;

  private final TestNamespaces namespaces = new TestNamespaces();
  private NetworkNamespace here;
  private NetworkNamespace there;

  @BeforeEach
  void connect() {
    here = namespaces.create();
    there = namespaces.create();
    here.run(
        () -> {
          try (var netlink = Netlink.open()) {
            var near = new Links.End("e0", MacAddress.parse("02:00:00:00:00:01"), 1500);
            var far = new Links.End("e0", MacAddress.parse("02:00:00:00:00:02"), 1500);
            netlink.run(Links.addVeth(near, far, there.fd()));
          }
        });
    address(here, 1);
    address(there, 2);
  }

  private static void address(NetworkNamespace namespace, int last) {
    namespace.run(
        () -> {
          try (var netlink = Netlink.open()) {
            int index = netlink.find(Links.named("e0")).orElseThrow().index();
            netlink.run(
                Links.up(index),
                Addresses.add(index, ip("198.51.100." + last), 24),
                Addresses.add(index, ip("2001:db8::" + last), 64));
          }
        });
  }

  private static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  @AfterEach
  void delete() {
    namespaces.close();
  }

  private IcmpSocket open(boolean ipv4) {
    return here.call(() -> IcmpSocket.open(ipv4));
  }

  private static Optional<IcmpSocket.Reply> await(IcmpSocket socket) {
    return IcmpSocket.await(List.of(socket), WAIT_MILLIS) ? socket.receive() : Optional.empty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"198.51.100.2", "2001:db8::2"})
  void send_toNeighbour_isAnswered(String address) {
    try (var socket = open(!address.contains(":"))) {
      assertTrue(socket.reaches(ip(address)));
      var message = new EchoMessage(77, 3, 0xabcdefL);
      socket.send(ip(address), message);
      assertEquals(Optional.of(new IcmpSocket.Reply(ip(address), message)), await(socket));
      assertEquals(Optional.empty(), socket.receive());
    }
  }

  /** Raw sockets see all replies of their namespace, those for others too. */
  @Test
  void receive_repliesOfOthers_areSeenToo() {
    try (var socket = open(true);
        var other = open(true)) {
      other.send(ip("198.51.100.2"), new EchoMessage(1, 1, 1));
      assertEquals(1, await(socket).orElseThrow().message().id());
    }
  }

  /** Requests that others send to us are not for this socket. */
  @Test
  void receive_requests_areFiltered() {
    try (var socket = open(true);
        var other = there.call(() -> IcmpSocket.open(true))) {
      other.send(ip("198.51.100.1"), new EchoMessage(1, 1, 1));
      assertTrue(await(other).isPresent());
      assertEquals(Optional.empty(), socket.receive());
    }
  }

  /** The other end hands on, by a way that carries less. */
  private void narrow() throws IOException {
    there.call(() -> Files.writeString(Path.of("/proc/sys/net/ipv6/conf/all/forwarding"), "1"));
    there.run(
        () -> {
          try (var netlink = Netlink.open()) {
            var near = new Links.End("e1", MacAddress.parse("02:00:00:00:01:01"), 1500);
            var far = new Links.End("e1", MacAddress.parse("02:00:00:00:01:02"), 1500);
            netlink.run(Links.addVeth(near, far, here.fd()));
            int index = netlink.find(Links.named("e1")).orElseThrow().index();
            netlink.run(Links.up(index));
            netlink.run(Routes.add(Route.direct(ip("2001:db8:1::"), 64, index).locked(1400)));
          }
        });
    here.run(
        () -> {
          try (var netlink = Netlink.open()) {
            netlink.run(Links.up(netlink.find(Links.named("e1")).orElseThrow().index()));
            netlink.run(Routes.add(Route.via(ip("2001:db8:1::"), 64, ip("2001:db8::2"))));
          }
        });
  }

  @Test
  void openTooBig_hearsOfPacketsThatAreTooBig_notOfEchoes() throws IOException {
    narrow();
    try (var told = here.call(IcmpSocket::openTooBig);
        var pings = open(false)) {
      pings.send(ip("2001:db8::2"), new EchoMessage(1, 1, 1));
      assertTrue(await(pings).isPresent());
      assertFalse(IcmpSocket.await(List.of(told), 50));
      pings.send(ip("2001:db8:1::1"), new EchoMessage(1, 2, 1), 1500);
      assertTrue(IcmpSocket.await(List.of(told), WAIT_MILLIS));
      told.skip(10);
      assertFalse(IcmpSocket.await(List.of(told), 0));
    }
  }

  @Test
  void send_noRoute_isRefused() {
    try (var socket = open(true)) {
      assertThrows(
          NetlinkException.class, () -> socket.send(ip("203.0.113.1"), new EchoMessage(1, 1, 1)));
    }
  }

  @Test
  void send_toNobody_isNotAnswered() {
    try (var socket = open(true)) {
      socket.send(ip("198.51.100.99"), new EchoMessage(1, 1, 1));
      assertFalse(IcmpSocket.await(List.of(socket), 50));
      assertEquals(Optional.empty(), socket.receive());
    }
  }
}
