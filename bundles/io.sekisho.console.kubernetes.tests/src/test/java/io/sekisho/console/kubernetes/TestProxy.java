package io.sekisho.console.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy on loopback that connects to whatever it is asked for, and remembers that. */
final class TestProxy implements AutoCloseable {
  private static final int MOST_HEAD = 8192;

  private final ServerSocket server;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private TestProxy(ServerSocket server) {
    this.server = server;
  }

  static TestProxy start() throws IOException {
    TestProxy proxy = new TestProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    Thread.startVirtualThread(proxy::accept);
    return proxy;
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** The different servers that were asked for, as host:port. */
  List<String> asked() {
    return asked.stream().distinct().toList();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Thread.startVirtualThread(() -> serve(client));
      }
    } catch (IOException e) {
      return; // closed
    }
  }

  private void serve(Socket client) {
    try (client) {
      String[] request = head(client.getInputStream()).split(" ");
      if (!request[0].equals("CONNECT")) {
        return;
      }
      asked.add(request[1]);
      int colon = request[1].lastIndexOf(':');
      try (Socket far =
          new Socket(
              request[1].substring(0, colon), Integer.parseInt(request[1].substring(colon + 1)))) {
        client
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        Thread.startVirtualThread(() -> pump(client, far));
        pump(far, client);
      }
    } catch (IOException e) {
      return; // one of both has gone
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0 && head.length() < MOST_HEAD) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("it ended");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static void pump(Socket from, Socket to) {
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] buffer = new byte[16_384];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      return; // one of both has gone
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
