package io.sekisho.console.core;

import java.io.InputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/**
 * What the holder of a certificate may do, as agents read it: its O is {@code sekisho:<role>}. The
 * agent decides; the console only says beforehand what it would refuse.
 */
public enum Role {
  /** Sees everything, changes nothing. */
  VIEWER,
  /** Changes policies and measures paths, too. */
  OPERATOR,
  /** Everything. */
  ADMIN,
  /** Another node's agent. */
  NODE,
  /** The certificate says nothing that we understand. */
  UNKNOWN;

  private static final String PREFIX = "sekisho:";

  /** Whether an agent would refuse what needs an operator. */
  public boolean onlyLooks() {
    return this == VIEWER;
  }

  /** The role of a certificate in PEM. */
  static Role of(InputStream pem) {
    try {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
      return organization(certificate.getSubjectX500Principal().getName());
    } catch (CertificateException e) {
      return UNKNOWN;
    }
  }

  /** The role that a subject in the form of RFC 2253 names. */
  static Role organization(String subject) {
    try {
      Optional<String> named =
          new LdapName(subject)
              .getRdns().stream()
                  .filter(r -> r.getType().equalsIgnoreCase("O"))
                  .map(r -> String.valueOf(r.getValue()))
                  .filter(o -> o.startsWith(PREFIX))
                  .findFirst();
      for (Role role : values()) {
        if (role != UNKNOWN && named.filter(o -> o.equals(role.organization())).isPresent()) {
          return role;
        }
      }
      return UNKNOWN;
    } catch (InvalidNameException e) {
      return UNKNOWN;
    }
  }

  private String organization() {
    return PREFIX + name().toLowerCase(Locale.ROOT);
  }
}
