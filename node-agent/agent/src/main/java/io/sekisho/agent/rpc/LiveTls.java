package io.sekisho.agent.rpc;

import io.grpc.netty.GrpcSslContexts;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.sekisho.agent.pki.PkiException;
import io.sekisho.agent.pki.TlsFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;

/**
 * One end of mutual TLS that follows its files: new connections use what they held at the last
 * look, and connections that are open go on. What cannot be used (torn, of another key, ended) is
 * left alone and told; what was read before it stays in force.
 */
final class LiveTls {
  private static final System.Logger LOG = System.getLogger(LiveTls.class.getName());

  /** A certificate's end is told so long before, */
  private static final Duration SOON = Duration.ofDays(7);

  /** or when this part of its life is left, if that is shorter. */
  private static final int PART = 10;

  /** Sessions that are kept to be resumed. */
  private static final int SESSIONS = 256;

  static {
    // with tickets clients would keep the sessions, for 24 hours, and we could not forget them
    System.setProperty("jdk.tls.server.enableSessionTicketExtension", "false");
  }

  private final TlsFiles files;
  private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
  private final AdvancedTlsX509TrustManager authorities;
  private final SslContext server;
  private final SslContext client;
  private List<ByteBuffer> looked;
  private X509Certificate own;
  private Optional<String> refused = Optional.empty();

  /**
   * Reads the files.
   *
   * @throws PkiException if they cannot be used
   */
  LiveTls(TlsFiles files) {
    this.files = files;
    looked = bytes();
    TlsFiles.Content content = files.read();
    own = content.chain().getFirst();
    try {
      authorities = AdvancedTlsX509TrustManager.newBuilder().build();
      take(content);
      server = context(SslContextBuilder.forServer(keys).clientAuth(ClientAuth.REQUIRE));
      client = context(SslContextBuilder.forClient().keyManager(keys));
    } catch (SSLException | GeneralSecurityException | IllegalArgumentException e) {
      throw unusable(e);
    }
  }

  /** TLS 1.3 or 1.2 (RFC 8446, 5246), HTTP/2 by ALPN (RFC 7301); the JDK's. */
  private SslContext context(SslContextBuilder builder) throws SSLException {
    return GrpcSslContexts.configure(builder.trustManager(authorities), SslProvider.JDK)
        .protocols("TLSv1.3", "TLSv1.2")
        .sessionCacheSize(SESSIONS)
        .build();
  }

  private void take(TlsFiles.Content content) throws GeneralSecurityException {
    try {
      authorities.updateTrustCredentials(content.authorities().toArray(X509Certificate[]::new));
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
    keys.updateIdentityCredentials(content.chain().toArray(X509Certificate[]::new), content.key());
    own = content.chain().getFirst();
  }

  private PkiException unusable(Exception cause) {
    return new PkiException(
        PkiException.Code.MALFORMED,
        files.certificate() + " and " + files.key() + " cannot be used",
        cause);
  }

  /** For servers. */
  SslContext server() {
    return server;
  }

  /** For clients. */
  SslContext client() {
    return client;
  }

  private List<ByteBuffer> bytes() {
    var out = new ArrayList<ByteBuffer>();
    for (Path file : files.files()) {
      try {
        out.add(ByteBuffer.wrap(Files.readAllBytes(file)));
      } catch (IOException e) {
        out.add(ByteBuffer.allocate(0));
      }
    }
    return out;
  }

  /** Takes what is new in the files, if it can be used. */
  synchronized void look(Instant now) {
    List<ByteBuffer> present = bytes();
    if (present.equals(looked) && refused.isEmpty()) {
      return;
    }
    looked = present;
    try {
      TlsFiles.Content content = files.read();
      refused =
          content.outOfTime(now).map(when -> "the certificate in " + files.certificate() + when);
      if (refused.isPresent()) {
        return;
      }
      take(content);
      forget(server.sessionContext());
      forget(client.sessionContext());
      LOG.log(
          System.Logger.Level.INFO,
          "the certificate of {0} was renewed, it ends at {1}",
          files.certificate(),
          own.getNotAfter().toInstant());
    } catch (PkiException e) {
      refused = Optional.of(String.valueOf(e.getMessage()));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      refused = Optional.of(String.valueOf(unusable(e).getMessage()));
    }
  }

  /** A session that is resumed would bring back whom it was made with. */
  private static void forget(SSLSessionContext sessions) {
    for (byte[] id : Collections.list(sessions.getIds())) {
      Optional.ofNullable(sessions.getSession(id)).ifPresent(SSLSession::invalidate);
    }
  }

  /** What is wrong with the files, or soon will be. */
  synchronized Optional<String> problem(Instant now) {
    Instant begin = own.getNotBefore().toInstant();
    Instant end = own.getNotAfter().toInstant();
    Duration part = Duration.between(begin, end).dividedBy(PART);
    Duration early = part.compareTo(SOON) < 0 ? part : SOON;
    if (refused.isPresent()) {
      return Optional.of(
          refused.get() + "; the certificate that was read before stays, it ends at " + end);
    }
    return end.minus(early).isAfter(now)
        ? Optional.empty()
        : Optional.of(
            "the certificate in "
                + files.certificate()
                + (end.isBefore(now) ? " ended at " : " ends at ")
                + end
                + ": put a new one in its place");
  }
}
