package io.sekisho.lab.traffic;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/** One TCP connection with numbered blocks, that must come back in order and without a long gap. */
public final class ByteStream implements Stream {
  private static final long GAP_NANOS = 5_000_000;
  private static final int BLOCK_LONGS = 128;

  private final String name;
  private final Socket socket;
  private final Thread sender;
  private final Thread receiver;
  private volatile boolean stopped;
  private volatile long sent;
  private volatile long received;
  private volatile String trouble = "";

  /**
   * Connects, and begins at once.
   *
   * @throws IOException if there is no connection in time
   */
  public ByteStream(String name, Place from, InetAddress to, int port) throws IOException {
    this.name = name;
    socket = Exchange.connect(from, to, port);
    sender = Thread.ofPlatform().daemon().name("tcp-out").start(this::send);
    receiver = Thread.ofPlatform().daemon().name("tcp-in").start(this::receive);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long sent() {
    return sent;
  }

  /** The first error so far, empty without one: also when nothing comes back any more. */
  public String trouble() {
    return trouble;
  }

  private void send() {
    try {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      while (!stopped) {
        byte[] block = new byte[BLOCK_LONGS * Long.BYTES];
        ByteBuffer.wrap(block).asLongBuffer().put(0, sent);
        out.write(block);
        sent = sent + 1;
        LockSupport.parkNanos(GAP_NANOS);
      }
      socket.shutdownOutput();
    } catch (IOException e) {
      trouble = trouble.isEmpty() ? "after " + sent + " blocks: " + e : trouble;
    }
  }

  private void receive() {
    try {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] block = new byte[BLOCK_LONGS * Long.BYTES];
      while (!stopped || received < sent) {
        in.readFully(block);
        long number = ByteBuffer.wrap(block).getLong();
        if (number != received) {
          throw new IOException("block " + number + " came instead of " + received);
        }
        received = received + 1;
      }
    } catch (EOFException e) {
      // the end of all is the end of what was sent, unless something is missing
      if (!stopped || received < sent) {
        trouble = trouble.isEmpty() ? "ended after " + received + " blocks" : trouble;
      }
    } catch (IOException e) {
      trouble = trouble.isEmpty() ? "after " + received + " blocks back: " + e : trouble;
    }
  }

  @Override
  public Count finish() {
    stopped = true;
    Threads.join(sender);
    Threads.join(receiver);
    close();
    return new Count(name, sent, sent - received, trouble);
  }

  @Override
  public void close() {
    stopped = true;
    try {
      socket.close();
    } catch (IOException e) {
      trouble = trouble.isEmpty() ? e.toString() : trouble;
    }
  }
}
