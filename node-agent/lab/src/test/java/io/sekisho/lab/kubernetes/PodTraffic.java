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
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * All kinds of traffic from one pod to another: datagrams, one connection with numbered blocks, new
 * connections, pings. What was sent is compared with what came back.
 */
final class PodTraffic implements AutoCloseable {
  /** A port on which no pod of the tests listens by itself. */
  static final int PORT = 7007;

  private final Echo echo;
  private final List<Stream> streams = new ArrayList<>();

  /**
   * Begins at once.
   *
   * @param address the one of the pod at {@code to}
   * @throws IOException if the pod is not reached
   */
  PodTraffic(Place from, Place to, InetAddress address) throws IOException {
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
  }

  @Override
  public void close() throws IOException {
    streams.forEach(Stream::close);
    echo.close();
  }
}
