package io.sekisho.lab.shop;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Calls one peer; keeps idle connections if the call reuses them; thread-safe. */
final class Caller {
  private static final int CONNECT_MILLIS = 700;
  private static final int READ_MILLIS = 3_000;

  private final Call call;
  private final Counters counters;
  private final Deque<Connection> idle = new ArrayDeque<>();

  Caller(Call call, Counters counters) {
    this.call = call;
    this.counters = counters;
  }

  /** Calls as often as the call's rate says, until the process ends. */
  void callForever() throws InterruptedException {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    while (true) {
      // gaps of a Poisson process: peers do not march in step
      double seconds = -Math.log(1 - random.nextDouble()) / call.rate();
      TimeUnit.NANOSECONDS.sleep((long) (seconds * 1e9));
      Thread.ofVirtual().start(this::call);
    }
  }

  /** Calls with the chance of the call's share; false if it failed. */
  boolean callByChance() {
    return ThreadLocalRandom.current().nextDouble() >= call.share() || call();
  }

  private boolean call() {
    boolean well;
    try {
      exchange();
      well = true;
    } catch (IOException e) {
      well = false;
    }
    counters.called(call.target(), well);
    return well;
  }

  private void exchange() throws IOException {
    Connection connection = take();
    try {
      switch (call.kind()) {
        case HTTP -> connection.http(call.target(), connection.left == 1);
        case STORE -> connection.line("GET " + call.target() + "\n");
        case CONNECT -> connection.left = 1;
      }
    } catch (IOException e) {
      connection.close();
      throw e;
    }
    connection.left--;
    if (connection.left == 0) {
      connection.close();
    } else {
      give(connection);
    }
  }

  private Connection take() throws IOException {
    synchronized (idle) {
      Connection connection = idle.pollFirst();
      if (connection != null) {
        return connection;
      }
    }
    int chosen = ThreadLocalRandom.current().nextInt(call.addresses().size());
    return new Connection(call.addresses().get(chosen), call.reuse());
  }

  private void give(Connection connection) {
    synchronized (idle) {
      idle.addFirst(connection);
    }
  }

  /** An open connection with the number of calls that it still serves. */
  private static final class Connection {
    private final Socket socket = new Socket();
    private final InputStream input;
    private int left;

    Connection(String address, int reuse) throws IOException {
      try {
        socket.connect(Call.socketAddress(address), CONNECT_MILLIS);
        socket.setSoTimeout(READ_MILLIS);
        socket.setTcpNoDelay(true);
        input = new BufferedInputStream(socket.getInputStream());
      } catch (IOException e) {
        socket.close();
        throw e;
      }
      left = reuse;
    }

    void http(String target, boolean last) throws IOException {
      send(
          "GET /%s HTTP/1.1\r\nHost: %s\r\n%s\r\n"
              .formatted(target, target, last ? "Connection: close\r\n" : ""));
      if (!HttpText.readResponse(input)) {
        throw new IOException("the peer answered with an error");
      }
    }

    void line(String request) throws IOException {
      send(request);
      if (HttpText.readLine(input).isEmpty()) {
        throw new EOFException("no answer");
      }
    }

    private void send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    void close() throws IOException {
      socket.close();
    }
  }
}
