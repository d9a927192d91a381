package io.sekisho.cni;

import io.sekisho.cni.wire.CniLine;
import io.sekisho.cni.wire.CniRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/** An agent's socket that records requests and answers as the test says. */
final class FakeAgent implements AutoCloseable {
  final BlockingQueue<CniRequest> requests = new LinkedBlockingQueue<>();
  private final ServerSocketChannel server;
  private final Function<CniRequest, String> answer;

  /** Listens; an empty answer ends the connection without a word. */
  FakeAgent(Path socket, Function<CniRequest, String> answer) throws IOException {
    this.answer = answer;
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofPlatform().daemon().start(this::serve);
  }

  private void serve() {
    try {
      while (true) {
        try (SocketChannel channel = server.accept();
            OutputStream output = Channels.newOutputStream(channel)) {
          BufferedReader reader =
              new BufferedReader(
                  new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
          CniRequest request = CniLine.readRequest(String.valueOf(reader.readLine()));
          output.write(answer.apply(request).getBytes(StandardCharsets.UTF_8));
          requests.add(request);
        }
      }
    } catch (ClosedChannelException e) {
      // the test is over
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
