package io.sekisho.lab;

import io.sekisho.cni.wire.CniException;
import io.sekisho.cni.wire.CniLine;
import io.sekisho.cni.wire.CniRequest;
import io.sekisho.cni.wire.CniResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Asks an agent on the socket of its CNI plugin, without the plugin's process. */
public final class CniSocket {
  private CniSocket() {}

  /**
   * One request, one response.
   *
   * @throws IOException if nobody listens, or the exchange breaks
   */
  public static CniResponse ask(Path socket, CniRequest request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        OutputStream output = Channels.newOutputStream(channel)) {
      output.write((CniLine.write(request) + "\n").getBytes(StandardCharsets.UTF_8));
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
      String line = reader.readLine();
      if (line == null) {
        throw new IOException("the agent ended the connection");
      }
      return CniLine.readResponse(line);
    } catch (CniException e) {
      throw new IOException("the agent's answer cannot be read", e);
    }
  }
}
