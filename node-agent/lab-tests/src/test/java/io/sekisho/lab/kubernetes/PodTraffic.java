package io.sekisho.lab.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.lab.Await;
import io.sekisho.lab.traffic.AttemptStream;
import io.sekisho.lab.traffic.ByteStream;
import io.sekisho.lab.traffic.DatagramStream;
import io.sekisho.lab.traffic.Echo;
import io.sekisho.lab.traffic.Place;
import io.sekisho.lab.traffic.Stream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * All kinds of traffic from one pod to another: datagrams, one connection with numbered blocks, new
 * connections, pings. What was sent is compared with what came back; what TCP would hide, by
 * sending it again, is in the kernel's counters.
 */
final class PodTraffic implements AutoCloseable {
  /** A port on which no pod of the tests listens by itself. */
  static final int PORT = 7007;

  /** An answer may wait for a processor longer than TCP has patience; datagrams tell each loss. */
  private static final int SENT_AGAIN_BY_CHANCE = 3;

  /** Of /proc/PID/net/netstat: what was sent again because no answer came. */
  private static final Set<String> SENT_AGAIN =
      Set.of("TCPTimeouts", "TCPSynRetrans", "TCPFastRetrans", "TCPSlowStartRetrans");

  private final List<Place> ends;
  private final long before;
  private final Echo echo;
  private final List<Stream> streams = new ArrayList<>();

  /**
   * Begins at once.
   *
   * @param address the one of the pod at {@code to}
   * @throws IOException if the pod is not reached
   */
  PodTraffic(Place from, Place to, InetAddress address) throws IOException {
    ends = List.of(from, to);
    before = sentAgain();
    echo = new Echo(to, PORT);
    try {
      streams.add(new ByteStream("blocks of a connection", from, address, PORT));
      streams.add(new DatagramStream("datagrams", from, address, PORT));
      streams.add(AttemptStream.connections("new connections", from, address, PORT));
      streams.add(AttemptStream.pings("pings", from, address));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Waits until of each kind so much more was sent. */
  void awaitMore(long more) {
    for (Stream stream : streams) {
      long before = stream.sent();
      Await.until(
          RealNode.PATIENCE,
          () -> stream.name() + " stand still",
          () -> stream.sent() >= before + more);
    }
  }

  /** Ends it; all of it must have come back. */
  void assertNothingLost() {
    for (Stream stream : streams) {
      Stream.Count count = stream.finish();
      assertTrue(count.sent() > 0, count::toString);
      assertEquals(0, count.lost(), count::toString);
      assertEquals("", count.trouble());
    }
    long again = sentAgain() - before;
    assertTrue(again <= SENT_AGAIN_BY_CHANCE, "TCP has sent something again: " + again);
  }

  private long sentAgain() {
    return ends.stream().mapToLong(PodTraffic::sentAgain).sum();
  }

  /** The counters stand beside the namespace of the pod's process, a line of names before them. */
  private static long sentAgain(Place pod) {
    Path file = Path.of(pod.namespace()).resolve("../../net/netstat").normalize();
    try {
      List<String[]> lines =
          Files.readAllLines(file).stream()
              .filter(line -> line.startsWith("TcpExt: "))
              .map(line -> line.split(" "))
              .toList();
      String[] names = lines.getFirst();
      return IntStream.range(0, names.length)
          .filter(n -> SENT_AGAIN.contains(names[n]))
          .mapToLong(n -> Long.parseLong(lines.getLast()[n]))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    streams.forEach(Stream::close);
    echo.close();
  }
}
