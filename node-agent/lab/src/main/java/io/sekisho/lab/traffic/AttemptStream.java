package io.sekisho.lab.traffic;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.LockSupport;

/** The same small thing again and again: a new connection, or an ICMP echo. */
public final class AttemptStream implements Stream {
  /** Below the second after which TCP sends a lost SYN again: so a lost one counts. */
  private static final int MILLIS = 950;

  /**
   * A connection is the kernel's work, the answer this program's, which may wait for a processor.
   */
  private static final int ANSWER_MILLIS = 10_000;

  private final String name;
  private final Attempt attempt;
  private final long gapNanos;
  private final ExecutorService inside;
  private volatile boolean stopped;
  private volatile long sent;
  private volatile long lost;
  private volatile String trouble = "";

  /** One try. */
  private interface Attempt {
    boolean succeeds() throws IOException;
  }

  private AttemptStream(String name, Place from, Attempt attempt, int perSecond) {
    this.name = name;
    this.attempt = attempt;
    gapNanos = 1_000_000_000L / perSecond;
    inside = from.executor(name);
    inside.execute(this::attempts);
  }

  /** 50 new connections in a second, each with a byte there and back. */
  public static AttemptStream connections(String name, Place from, InetAddress to, int port) {
    return new AttemptStream(name, from, () -> connects(to, port), 50);
  }

  /** 20 ICMP echo requests in a second. */
  public static AttemptStream pings(String name, Place from, InetAddress to) {
    return new AttemptStream(name, from, () -> to.isReachable(MILLIS), 20);
  }

  private static boolean connects(InetAddress to, int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(to, port), MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.setTcpNoDelay(true);
      socket.getOutputStream().write(1);
      return socket.getInputStream().read() == 1;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long sent() {
    return sent;
  }

  private void attempts() {
    while (!stopped) {
      long due = System.nanoTime() + gapNanos;
      try {
        lost = attempt.succeeds() ? lost : lost + 1;
      } catch (IOException e) {
        lost = lost + 1;
        trouble = trouble.isEmpty() ? "attempt " + sent + ": " + e : trouble;
      }
      sent = sent + 1;
      LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
    }
  }

  @Override
  public Count finish() {
    stopped = true;
    inside.close();
    return new Count(name, sent, lost, trouble);
  }

  @Override
  public void close() {
    stopped = true;
    inside.shutdownNow();
  }
}
