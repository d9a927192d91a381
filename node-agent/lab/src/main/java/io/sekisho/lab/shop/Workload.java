package io.sekisho.lab.shop;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A workload's process: serves its listeners, makes its calls, writes its counters every half
 * second. Arguments: {@code --counters FILE}, {@code --listen LISTENER}, {@code --call CALL}.
 */
public final class Workload {
  private static final int BACKLOG = 128;
  private static final int IDLE_MILLIS = 30_000;

  private final Counters counters = new Counters();
  private final List<Listener> listeners = new ArrayList<>();
  private final List<Caller> onRequest = new ArrayList<>();
  private final List<Caller> ofOwnAccord = new ArrayList<>();
  private Path file = Path.of("counters");

  private Workload(String[] arguments) {
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      String value = arguments[i + 1];
      switch (arguments[i]) {
        case "--counters" -> file = Path.of(value);
        case "--listen" -> listeners.add(Listener.parse(value));
        case "--call" -> add(Call.parse(value));
        default -> throw new IllegalArgumentException("unknown argument " + arguments[i]);
      }
    }
  }

  /** Runs until it is ended from outside. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    new Workload(arguments).run();
  }

  private void add(Call call) {
    Caller caller = new Caller(call, counters);
    if (call.share() > 0) {
      onRequest.add(caller);
    }
    if (call.rate() > 0) {
      ofOwnAccord.add(caller);
    }
  }

  private void run() throws IOException, InterruptedException {
    for (Listener listener : listeners) {
      if (listener.kind() == Listener.Kind.ECHO) {
        DatagramSocket socket = new DatagramSocket(listener.port());
        socket.setReceiveBufferSize(1 << 20); // for what comes while others have the processor
        Thread.ofPlatform().start(() -> echo(socket));
      } else {
        ServerSocket server = new ServerSocket(listener.port(), BACKLOG);
        Thread.ofPlatform().start(() -> accept(server, listener.kind()));
      }
    }
    for (Caller caller : ofOwnAccord) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  caller.callForever();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
    }
    while (true) {
      counters.write(file);
      TimeUnit.MILLISECONDS.sleep(500);
    }
  }

  private void accept(ServerSocket server, Listener.Kind kind) {
    while (true) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket, kind));
      } catch (IOException e) {
        System.err.println("accept on port " + server.getLocalPort() + " failed: " + e);
      }
    }
  }

  private void serve(Socket socket, Listener.Kind kind) {
    try (socket) {
      socket.setSoTimeout(IDLE_MILLIS);
      socket.setTcpNoDelay(true);
      InputStream input = new BufferedInputStream(socket.getInputStream());
      OutputStream output = socket.getOutputStream();
      String line = HttpText.readLine(input);
      boolean last = false;
      while (!line.isEmpty() && !last) {
        last = kind != Listener.Kind.STORE && HttpText.readHeaders(input);
        output.write(answer(kind, line).getBytes(StandardCharsets.US_ASCII));
        line = last ? "" : HttpText.readLine(input);
      }
    } catch (IOException e) {
      // the peer went away: its own counters tell
    }
  }

  private String answer(Listener.Kind kind, String request) {
    return switch (kind) {
      case METRICS -> HttpText.response(true, counters.text());
      case STORE -> {
        counters.served();
        yield "VALUE " + request.hashCode() + "\n";
      }
      default -> {
        boolean well = true;
        for (Caller caller : onRequest) {
          well &= caller.callByChance();
        }
        counters.served();
        yield HttpText.response(well, well ? "in stock\n" : "a part of the shop is closed\n");
      }
    };
  }

  private static void echo(DatagramSocket socket) {
    byte[] bytes = new byte[2048];
    while (true) {
      try {
        DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
        socket.receive(packet);
        socket.send(packet);
      } catch (IOException e) {
        System.err.println("echo on port " + socket.getLocalPort() + " failed: " + e);
      }
    }
  }
}
