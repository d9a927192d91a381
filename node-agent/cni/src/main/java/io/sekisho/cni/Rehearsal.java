package io.sekisho.cni;

import io.sekisho.cni.wire.CniLine;
import io.sekisho.cni.wire.CniRequest;
import io.sekisho.cni.wire.CniResponse;
import io.sekisho.cni.wire.CniResult;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Plays one ADD and one DEL against an agent of its own, for the build: the JVM records which
 * classes the plugin needs, and keeps them ready in an archive beside the jars.
 */
public final class Rehearsal {
  private static final int CALLS = 2;

  private Rehearsal() {}

  /** Runs once; no arguments. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("sekisho-cni");
    Path socket = folder.resolve("cni.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread agent = Thread.ofPlatform().daemon().start(() -> serve(server));
      if (call("ADD", socket) != 0 || call("DEL", socket) != 0) {
        throw new IOException("the rehearsal of the CNI plugin failed");
      }
      agent.join(Duration.ofSeconds(5));
    } finally {
      Files.deleteIfExists(socket);
      Files.deleteIfExists(folder);
    }
  }

  private static int call(String command, Path socket) {
    String configuration =
        "{\"cniVersion\":\"1.1.0\",\"name\":\"pods\",\"type\":\"sekisho\",\"agentSocket\":\""
            + socket
            + "\"}";
    Map<String, String> environment =
        Map.of(
            "CNI_COMMAND", command,
            "CNI_CONTAINERID", "rehearsal",
            "CNI_NETNS", "/run/netns/rehearsal",
            "CNI_IFNAME", "eth0",
            "CNI_ARGS", "K8S_POD_NAMESPACE=a;K8S_POD_NAME=b");
    PrintStream output =
        new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
    InputStream input = new ByteArrayInputStream(configuration.getBytes(StandardCharsets.UTF_8));
    return new CniPlugin(input, environment, output, Duration.ofSeconds(5)).run();
  }

  private static void serve(ServerSocketChannel server) {
    try {
      for (int i = 0; i < CALLS; i++) {
        try (SocketChannel channel = server.accept();
            BufferedReader reader =
                new BufferedReader(
                    new InputStreamReader(
                        Channels.newInputStream(channel), StandardCharsets.UTF_8));
            OutputStream output = Channels.newOutputStream(channel)) {
          CniRequest request = CniLine.readRequest(String.valueOf(reader.readLine()));
          output.write((answer(request) + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      System.err.println("the rehearsal's agent failed: " + e.getMessage());
    }
  }

  private static String answer(CniRequest request) {
    CniResult result =
        new CniResult(
            request.cniVersion(),
            List.of(new CniResult.Interface("lxc1", "02:00:00:00:00:01", 1450, "")),
            List.of(new CniResult.Ip("10.244.1.7/32", "169.254.1.1", 0)),
            List.of(new CniResult.Route("0.0.0.0/0", "169.254.1.1")),
            new CniResult.Dns(List.of()));
    return CniLine.write(CniResponse.of(result));
  }
}
