package io.sekisho.lab;

import io.sekisho.netlink.NetworkNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/** Traffic from inside a network namespace, for tests. */
final class Probe {
  private static final int CONNECT_MILLIS = 1_500;

  /** Who lets us connect may be busy: what is denied does not come so far. */
  private static final int ANSWER_MILLIS = 20_000;

  private final String namespace;

  Probe(String namespace) {
    this.namespace = namespace;
  }

  /** Whether an HTTP server of the shop's kind answers there. */
  boolean http(String address, int port) {
    try (NetworkNamespace inside = NetworkNamespace.open(LabNames.file(namespace))) {
      return inside.call(() -> httpHere(address, port));
    }
  }

  private static boolean httpHere(String address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port), CONNECT_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.getOutputStream().write("GET / HTTP/1.1\r\nConnection: close\r\n\r\n".getBytes());
      return new String(socket.getInputStream().readAllBytes()).startsWith("HTTP/1.1 200");
    } catch (IOException e) {
      return false;
    }
  }

  /** A connected UDP socket inside, with a timeout for answers. */
  DatagramSocket udp(String address, int port) {
    try (NetworkNamespace inside = NetworkNamespace.open(LabNames.file(namespace))) {
      return inside.call(
          () -> {
            DatagramSocket socket = new DatagramSocket();
            socket.connect(InetAddress.ofLiteral(address), port);
            socket.setSoTimeout(Flood.LOOK_MILLIS);
            return socket;
          });
    }
  }

  /** A connected TCP socket inside. */
  Socket tcp(String address, int port) {
    try (NetworkNamespace inside = NetworkNamespace.open(LabNames.file(namespace))) {
      return inside.call(
          () -> {
            Socket socket = new Socket();
            socket.connect(
                new InetSocketAddress(InetAddress.ofLiteral(address), port), CONNECT_MILLIS);
            socket.setSoTimeout(3_000);
            return socket;
          });
    }
  }

  /** Sends numbered datagrams at a steady pace until told to stop; counts those that came back. */
  static final class Flood implements AutoCloseable {
    private static final long GAP_NANOS = 2_000_000;
    private static final int LOOK_MILLIS = 200;
    private static final int SILENT_LOOKS = 50;

    private final DatagramSocket socket;
    private final Thread sender;
    private final Thread receiver;
    private volatile boolean stopped;
    private volatile long sent;
    private volatile long received;

    Flood(DatagramSocket socket) {
      this.socket = socket;
      sender = Thread.ofPlatform().daemon().start(this::send);
      receiver = Thread.ofPlatform().daemon().start(this::receive);
    }

    long sent() {
      return sent;
    }

    /** Ends the sending, waits for the last answers, returns how many did not come. */
    long lost() throws InterruptedException {
      stopped = true;
      sender.join();
      receiver.join();
      return sent - received;
    }

    private void send() {
      ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
      try {
        while (!stopped) {
          number.clear().putLong(sent);
          socket.send(new DatagramPacket(number.array(), Long.BYTES));
          sent = sent + 1;
          LockSupport.parkNanos(GAP_NANOS);
        }
      } catch (IOException e) {
        stopped = true;
      }
    }

    private void receive() {
      byte[] bytes = new byte[Long.BYTES];
      int silent = 0;
      while (true) {
        try {
          socket.receive(new DatagramPacket(bytes, bytes.length));
          received = received + 1;
          silent = 0;
        } catch (SocketTimeoutException e) {
          // a loaded machine answers late: that is not a loss
          silent++;
          if (stopped && (received == sent || silent > SILENT_LOOKS)) {
            return;
          }
        } catch (IOException e) {
          return;
        }
      }
    }

    @Override
    public void close() {
      stopped = true;
      socket.close();
    }
  }

  /** Lines out and in on one connection until told to stop; each must be answered in time. */
  static final class Conversation implements AutoCloseable {
    private static final long GAP_NANOS = 2_000_000;

    private final Socket socket;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile long answered;
    private volatile String trouble = "";

    Conversation(Socket socket) {
      this.socket = socket;
      thread = Thread.ofPlatform().daemon().start(this::talk);
    }

    long answered() {
      return answered;
    }

    /** Ends it; empty if every line was answered. */
    String end() throws InterruptedException {
      stopped = true;
      thread.join();
      return trouble;
    }

    private void talk() {
      try {
        OutputStream output = socket.getOutputStream();
        InputStream input = socket.getInputStream();
        while (!stopped) {
          output.write(("GET " + answered + "\n").getBytes());
          int c = input.read();
          while (c >= 0 && c != '\n') {
            c = input.read();
          }
          if (c < 0) {
            throw new IOException("the connection ended");
          }
          answered = answered + 1;
          LockSupport.parkNanos(GAP_NANOS);
        }
      } catch (IOException e) {
        trouble = "after " + answered + " answers: " + e;
      }
    }

    @Override
    public void close() throws IOException {
      stopped = true;
      socket.close();
    }
  }
}
