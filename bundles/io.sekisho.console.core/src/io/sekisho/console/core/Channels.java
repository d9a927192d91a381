package io.sekisho.console.core;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.sekisho.console.core.ConsoleException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes channels to agents with mutual TLS from a profile's PEM files. */
final class Channels {
  private static final int MAX_MESSAGE = 16 << 20;

  private Channels() {}

  /**
   * Reads the profile's files.
   *
   * @throws ConsoleException {@code BAD_PROFILE} with the file that is missing or no PEM
   */
  static ChannelCredentials credentials(ConnectionProfile profile) {
    require(profile.authority(), "CA certificate");
    require(profile.certificate(), "certificate");
    require(profile.key(), "key");
    try {
      return TlsChannelCredentials.newBuilder()
          .trustManager(profile.authority().toFile())
          .keyManager(profile.certificate().toFile(), profile.key().toFile())
          .build();
    } catch (IOException | IllegalArgumentException e) {
      throw new ConsoleException(
          Code.BAD_PROFILE,
          "The certificates of " + profile.name() + " can't be read: " + e.getMessage() + ".",
          e);
    }
  }

  private static void require(Path file, String what) {
    if (!Files.isReadable(file)) {
      throw new ConsoleException(
          Code.BAD_PROFILE,
          "The " + what + " " + file + " is not there or can't be read; choose another file.",
          null);
    }
  }

  /**
   * A channel that connects at its first call.
   *
   * @param address host:port
   */
  static ManagedChannel open(String address, ChannelCredentials credentials) {
    try {
      return Grpc.newChannelBuilder(address, credentials)
          .maxInboundMessageSize(MAX_MESSAGE)
          .build();
    } catch (IllegalArgumentException e) {
      throw new ConsoleException(
          Code.BAD_PROFILE, "'" + address + "' is no host:port: " + e.getMessage() + ".", e);
    }
  }
}
