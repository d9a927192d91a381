package io.sekisho.agent.pki;

import io.sekisho.agent.pki.PkiException.Code;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The cluster's certificate authority in a folder: {@code ca.crt} and {@code ca.key}, beside them
 * {@code <name>.crt} and {@code <name>.key} of what it has signed. Keys are EC P-256 (FIPS 186-4),
 * certificates X.509 v3 (RFC 5280). Nothing is ever overwritten.
 */
public final class Authority {
  private static final String CA = "ca";
  private static final Duration CA_LIFE = Duration.ofDays(3650);
  private static final Duration LIFE = Duration.ofDays(825);

  /** How far a signing clock may be ahead of a verifying one. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private final Path folder;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  /** The authority of a folder; nothing is read or made yet. */
  public Authority(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /**
   * Makes the authority.
   *
   * @throws PkiException EXISTS if there is one
   */
  public void init() {
    PemFiles.checkAbsent(folder.resolve("ca.crt"), folder.resolve("ca.key"));
    var keys = newKeys();
    var subject = name("sekisho CA", "sekisho");
    var request =
        new Request(
            subject,
            List.of(),
            CA_LIFE,
            new BasicConstraints(0),
            new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign),
            List.of());
    PemFiles.write(folder, CA, sign(request, keys, subject, keys));
  }

  /**
   * Makes a node's certificate, for its server and as a client of the other nodes and of etcd.
   *
   * @param addresses IP addresses and DNS names under which it is reached
   */
  public void node(String node, List<String> addresses) {
    var names = new ArrayList<GeneralName>();
    addresses.forEach(address -> names.add(generalName(address)));
    names.add(new GeneralName(GeneralName.dNSName, checkName(node)));
    issue(
        node,
        Role.NODE,
        names,
        List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth));
  }

  /** Makes the certificate of a person or a program with a role. */
  public void operator(String operator, Role role) {
    if (role == Role.NODE) {
      throw new PkiException(Code.INVALID, "an operator is a viewer, operator or admin");
    }
    issue(operator, role, List.of(), List.of(KeyPurposeId.id_kp_clientAuth));
  }

  private void issue(String name, Role role, List<GeneralName> names, List<KeyPurposeId> purposes) {
    if (checkName(name).equals(CA)) {
      throw new PkiException(Code.INVALID, "the name 'ca' is the authority's own");
    }
    PemFiles.checkAbsent(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
    var ca = PemFiles.read(folder, CA);
    var issuer = X500Name.getInstance(ca.certificate().getSubjectX500Principal().getEncoded());
    var request =
        new Request(
            name(name, role.organization()),
            names,
            LIFE,
            new BasicConstraints(false),
            new KeyUsage(KeyUsage.digitalSignature),
            purposes);
    var authority = new KeyPair(ca.certificate().getPublicKey(), ca.key());
    PemFiles.write(folder, name, sign(request, newKeys(), issuer, authority));
  }

  /** What a certificate shall say. */
  private record Request(
      X500Name subject,
      List<GeneralName> names,
      Duration life,
      BasicConstraints constraints,
      KeyUsage usage,
      List<KeyPurposeId> purposes) {}

  private PemFiles.Pair sign(Request request, KeyPair keys, X500Name issuer, KeyPair authority) {
    try {
      Instant now = clock.instant();
      var builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              new BigInteger(127, random).setBit(126),
              Date.from(now.minus(SKEW)),
              Date.from(now.plus(request.life)),
              request.subject,
              keys.getPublic());
      var ids = new JcaX509ExtensionUtils();
      builder.addExtension(Extension.basicConstraints, true, request.constraints);
      builder.addExtension(Extension.keyUsage, true, request.usage);
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(keys.getPublic()));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          ids.createAuthorityKeyIdentifier(authority.getPublic()));
      if (!request.purposes.isEmpty()) {
        var purposes = request.purposes.toArray(KeyPurposeId[]::new);
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
      }
      if (!request.names.isEmpty()) {
        var names = new GeneralNames(request.names.toArray(GeneralName[]::new));
        builder.addExtension(Extension.subjectAlternativeName, false, names);
      }
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(authority.getPrivate());
      var certificate = new JcaX509CertificateConverter().getCertificate(builder.build(signer));
      return new PemFiles.Pair(certificate, keys.getPrivate());
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new PkiException(Code.MALFORMED, "cannot sign with the key of " + folder, e);
    }
  }

  private KeyPair newKeys() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has EC P-256", e);
    }
  }

  private static X500Name name(String common, String organization) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, organization)
        .addRDN(BCStyle.CN, common)
        .build();
  }

  /** A name is also a file's: letters, digits, dot, dash, underscore; not first a dot. */
  private static String checkName(String name) {
    if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,62}")) {
      throw new PkiException(
          Code.INVALID, "the name '" + name + "' must be 1 to 63 letters, digits, '.', '-' or '_'");
    }
    return name;
  }

  private static GeneralName generalName(String address) {
    try {
      var literal = java.net.InetAddress.ofLiteral(address).getHostAddress();
      return new GeneralName(GeneralName.iPAddress, literal);
    } catch (IllegalArgumentException e) {
      if (!address.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")) {
        throw new PkiException(
            Code.INVALID, "'" + address + "' is neither an address nor a DNS name", e);
      }
      return new GeneralName(GeneralName.dNSName, address);
    }
  }
}
