package io.sekisho.lab.traffic;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.concurrent.locks.LockSupport;

/** Numbered datagrams at a steady pace, each of which must come back once. */
public final class DatagramStream implements Stream {
  private static final int USUAL_PACE = 200;
  private static final int LOOK_MILLIS = 250;
  private static final int SILENT_LOOKS = 40;

  private final String name;
  private final DatagramSocket socket;
  private final long gapNanos;
  private final Thread sender;
  private final Thread receiver;
  private volatile boolean stopped;
  private volatile long sent;
  private volatile long received;
  private volatile String trouble = "";

  /** Begins at once, with 200 in a second. */
  public DatagramStream(String name, Place from, InetAddress to, int port) {
    this(name, from, to, port, USUAL_PACE);
  }

  /** Begins at once, with so many in a second. */
  public DatagramStream(String name, Place from, InetAddress to, int port, int perSecond) {
    this.name = name;
    gapNanos = 1_000_000_000L / perSecond;
    socket =
        from.call(
            () -> {
              DatagramSocket made = Echo.roomy(new DatagramSocket());
              made.connect(to, port);
              made.setSoTimeout(LOOK_MILLIS);
              return made;
            });
    sender = Thread.ofPlatform().daemon().name("udp-out").start(this::send);
    receiver = Thread.ofPlatform().daemon().name("udp-in").start(this::receive);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long sent() {
    return sent;
  }

  private void send() {
    ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
    while (!stopped) {
      number.clear().putLong(sent);
      try {
        socket.send(new DatagramPacket(number.array(), Long.BYTES));
      } catch (IOException e) {
        trouble = trouble.isEmpty() ? "after " + sent + ": " + e : trouble;
      }
      sent = sent + 1;
      LockSupport.parkNanos(gapNanos);
    }
  }

  private void receive() {
    byte[] bytes = new byte[Long.BYTES];
    BitSet seen = new BitSet();
    int silent = 0;
    while (true) {
      try {
        socket.receive(new DatagramPacket(bytes, bytes.length));
        // by number, for a datagram may come late or twice
        int number = (int) ByteBuffer.wrap(bytes).getLong();
        received = seen.get(number) ? received : received + 1;
        seen.set(number);
        silent = 0;
      } catch (SocketTimeoutException e) {
        // a loaded machine answers late: that is not a loss
        silent++;
        if (stopped && (received == sent || silent > SILENT_LOOKS)) {
          return;
        }
      } catch (IOException e) {
        if (socket.isClosed()) {
          return;
        }
        trouble = trouble.isEmpty() ? "after " + received + " answers: " + e : trouble;
      }
    }
  }

  @Override
  public Count finish() {
    stopped = true;
    Threads.join(sender);
    Threads.join(receiver);
    socket.close();
    return new Count(name, sent, sent - received, trouble);
  }

  @Override
  public void close() {
    stopped = true;
    socket.close();
  }
}
