package io.sekisho.agent.rpc;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Status;
import io.netty.channel.unix.DomainSocketAddress;
import io.sekisho.agent.pki.Role;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Who makes a call.
 *
 * @param name CN of the certificate, or {@code root} on the Unix socket
 * @param role role of the certificate, or admin on the Unix socket
 */
record Caller(String name, Role role) {
  /** The caller of the present call. */
  static final Context.Key<Caller> CURRENT = Context.key("sekisho-caller");

  private static final Caller ROOT = new Caller("root", Role.ADMIN);

  /** The caller of the present call, which has passed {@link RoleInterceptor}. */
  static Caller current() {
    return CURRENT.get();
  }

  /** Who is at the other end of a connection, or why that is nobody. */
  static Caller of(Attributes connection) {
    SSLSession session = connection.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session != null) {
      return of(session);
    }
    if (connection.get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR) instanceof DomainSocketAddress) {
      return ROOT;
    }
    throw Status.UNAUTHENTICATED
        .withDescription("the connection has no certificate")
        .asRuntimeException();
  }

  private static Caller of(SSLSession session) {
    try {
      var certificate = (X509Certificate) session.getPeerCertificates()[0];
      var subject = new LdapName(certificate.getSubjectX500Principal().getName());
      var role = part(subject, "O").flatMap(Role::ofOrganization);
      if (role.isEmpty()) {
        throw Status.PERMISSION_DENIED
            .withDescription("the certificate '" + subject + "' has no role of ours in its O")
            .asRuntimeException();
      }
      return new Caller(part(subject, "CN").orElse("?"), role.get());
    } catch (SSLPeerUnverifiedException | InvalidNameException e) {
      throw Status.UNAUTHENTICATED
          .withDescription("the connection has no readable certificate")
          .withCause(e)
          .asRuntimeException();
    }
  }

  private static Optional<String> part(LdapName subject, String type) {
    return subject.getRdns().stream()
        .filter(rdn -> rdn.getType().equalsIgnoreCase(type))
        .map(rdn -> rdn.getValue().toString())
        .findFirst();
  }
}
