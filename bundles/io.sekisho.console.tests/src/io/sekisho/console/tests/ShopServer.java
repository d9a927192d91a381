package io.sekisho.console.tests;

import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.TlsServerCredentials;
import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.Profiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An agent in this process that speaks the real protocols with mutual TLS on loopback and tells of
 * {@link Shop}.
 */
final class ShopServer implements AutoCloseable {
  private final Server server;
  private final TestPki pki;
  private final ShopServices services;

  private ShopServer(Server server, TestPki pki, ShopServices services) {
    this.server = server;
    this.pki = pki;
    this.services = services;
  }

  /**
   * Starts it.
   *
   * @param port 0 for a free one
   * @param flowsPerSecond live flows
   */
  static ShopServer start(TestPki pki, int port, int flowsPerSecond) throws IOException {
    ShopServices services = new ShopServices(flowsPerSecond);
    var credentials =
        TlsServerCredentials.newBuilder()
            .keyManager(pki.file("n1.crt").toFile(), pki.file("n1.key").toFile())
            .trustManager(pki.file("ca.crt").toFile())
            .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
            .build();
    var builder = Grpc.newServerBuilderForPort(port, credentials);
    services.all().forEach(builder::addService);
    return new ShopServer(builder.build().start(), pki, services);
  }

  int port() {
    return server.getPort();
  }

  ShopServices services() {
    return services;
  }

  ConnectionProfile profile(String name) {
    return profile(name, "alice");
  }

  /** The profile of alice, who is admin, or victor, who is viewer. */
  ConnectionProfile profile(String name, String person) {
    return new ConnectionProfile(
        name,
        List.of("127.0.0.1:" + port()),
        pki.file("ca.crt"),
        pki.file(person + ".crt"),
        pki.file(person + ".key"),
        true);
  }

  @Override
  public void close() {
    services.close();
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs until it is killed: {@code ShopServer FOLDER FLOWS_PER_SECOND}; profile in the folder. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    TestPki pki =
        Files.exists(folder.resolve("alice.key")) ? new TestPki(folder) : TestPki.create(folder);
    ShopServer server = start(pki, 14244, Integer.parseInt(args[1]));
    Path profile = folder.resolve("console.json");
    Files.writeString(profile, Profiles.write(server.profile("shop-prod")));
    System.out.println("serves " + profile);
    server.server.awaitTermination();
  }
}
