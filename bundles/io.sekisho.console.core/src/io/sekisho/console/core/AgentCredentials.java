package io.sekisho.console.core;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.TlsChannelCredentials;
import io.sekisho.console.core.ConsoleException.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What proves to agents who we are, and which agents we trust; makes channels with mutual TLS. */
public final class AgentCredentials {
  private static final int MAX_MESSAGE = 16 << 20;
  private static final String ANYWHERE = "localhost:1";

  private final ChannelCredentials credentials;
  private final Role role;

  private AgentCredentials(ChannelCredentials credentials, Role role) {
    this.credentials = credentials;
    this.role = role;
  }

  /**
   * From PEM texts, which are not kept elsewhere.
   *
   * @param where whose they are, for errors
   * @throws ConsoleException {@code BAD_PROFILE} when they can't be read
   */
  public static AgentCredentials of(
      String where, byte[] authority, byte[] certificate, byte[] key) {
    try (InputStream ca = new ByteArrayInputStream(authority);
        InputStream own = new ByteArrayInputStream(certificate);
        InputStream secret = new ByteArrayInputStream(key)) {
      ChannelCredentials made =
          TlsChannelCredentials.newBuilder().trustManager(ca).keyManager(own, secret).build();
      Grpc.newChannelBuilder(ANYWHERE, made); // reads them; opens nothing
      return new AgentCredentials(made, Role.of(new ByteArrayInputStream(certificate)));
    } catch (IOException | RuntimeException e) {
      throw new ConsoleException(
          Code.BAD_PROFILE,
          "The certificates of " + where + " can't be read: " + e.getMessage() + ".",
          e);
    }
  }

  /**
   * From the profile's files.
   *
   * @throws ConsoleException {@code BAD_PROFILE} with the file that is missing or no PEM
   */
  public static AgentCredentials read(ConnectionProfile profile) {
    return of(
        profile.name(),
        bytes(profile.authority(), "CA certificate"),
        bytes(profile.certificate(), "certificate"),
        bytes(profile.key(), "key"));
  }

  private static byte[] bytes(Path file, String what) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ConsoleException(
          Code.BAD_PROFILE,
          "The " + what + " " + file + " is not there or can't be read; choose another file.",
          e);
    }
  }

  /** What our certificate lets us do. */
  public Role role() {
    return role;
  }

  /**
   * A channel that connects at its first call.
   *
   * @param address host:port
   * @param serverName what the agent's certificate names; empty for the address
   */
  public ManagedChannel open(String address, String serverName) {
    try {
      ManagedChannelBuilder<?> builder =
          Grpc.newChannelBuilder(address, credentials).maxInboundMessageSize(MAX_MESSAGE);
      if (!serverName.isEmpty()) {
        builder.overrideAuthority(serverName);
      }
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new ConsoleException(
          Code.BAD_PROFILE, "'" + address + "' is no host:port: " + e.getMessage() + ".", e);
    }
  }
}
