package io.sekisho.agent.pki;

import io.sekisho.agent.pki.PkiException.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The files of one end of mutual TLS, PEM.
 *
 * @param ca certificate of the authority that signs the other end
 * @param certificate own certificate
 * @param key its PKCS #8 key
 */
public record TlsFiles(Path ca, Path certificate, Path key) {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");
  private static final List<String> ALGORITHMS = List.of("EC", "RSA");

  /**
   * What the files hold.
   *
   * @param authorities whose certificates are believed
   * @param chain own certificate, then those between it and the authority
   * @param key of the own certificate
   */
  public record Content(
      List<X509Certificate> authorities, List<X509Certificate> chain, PrivateKey key) {
    /** Keeps immutable copies. */
    public Content {
      authorities = List.copyOf(authorities);
      chain = List.copyOf(chain);
    }

    /** Why the own certificate does not count now, to go after its name; empty if it does. */
    public Optional<String> outOfTime(Instant now) {
      Instant begin = chain.getFirst().getNotBefore().toInstant();
      Instant end = chain.getFirst().getNotAfter().toInstant();
      if (end.isBefore(now)) {
        return Optional.of(" ended at " + end);
      }
      return begin.isAfter(now) ? Optional.of(" begins at " + begin) : Optional.empty();
    }
  }

  /**
   * Fails early, with the file's name.
   *
   * @throws PkiException IO if a file is missing, MALFORMED if a certificate is broken or the key
   *     is another one's
   */
  public void check() {
    var content = read();
    assert !content.chain().isEmpty();
  }

  /** All of it; see {@link #check} for what may be wrong. */
  public Content read() {
    for (Path file : files()) {
      if (!Files.isReadable(file)) {
        throw new PkiException(Code.IO, file + " cannot be read");
      }
    }
    var content = new Content(authorities(), chain(), privateKey());
    if (!belongTogether(content.chain().getFirst(), content.key())) {
      throw new PkiException(
          Code.MALFORMED, certificate + " and " + key + " are no certificate with its key");
    }
    return content;
  }

  /** The three files. */
  public List<Path> files() {
    return List.of(ca, certificate, key);
  }

  /** Whether what the key signs is verified by the certificate. */
  private static boolean belongTogether(X509Certificate certificate, PrivateKey key) {
    try {
      var signature = Signature.getInstance("SHA256with" + (isEc(key) ? "ECDSA" : "RSA"));
      byte[] text = certificate.getSerialNumber().toByteArray();
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean isEc(PrivateKey key) {
    return key.getAlgorithm().equals(ALGORITHMS.getFirst());
  }

  /** The certificates that the other end may be signed with. */
  public List<X509Certificate> authorities() {
    return certificates(ca);
  }

  /** Own certificate, then those between it and the authority. */
  public List<X509Certificate> chain() {
    return certificates(certificate);
  }

  /**
   * The own key: EC or RSA in PKCS #8 (RFC 5958), PEM (RFC 7468). Read with the JDK: given a file,
   * Netty would load Bouncy Castle, at a cost of memory and time that only the authority needs.
   */
  public PrivateKey privateKey() {
    var match = KEY.matcher(read(key));
    if (!match.find()) {
      throw new PkiException(Code.MALFORMED, key + " holds no PKCS #8 key");
    }
    try {
      var encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(match.group(1)));
      for (String algorithm : ALGORITHMS) {
        try {
          return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
        } catch (InvalidKeySpecException e) {
          continue;
        }
      }
    } catch (IllegalArgumentException | NoSuchAlgorithmException e) {
      throw new PkiException(Code.MALFORMED, key + " holds a broken key", e);
    }
    throw new PkiException(Code.MALFORMED, key + " holds neither an EC nor an RSA key");
  }

  private static List<X509Certificate> certificates(Path file) {
    try {
      var bytes = read(file).getBytes(StandardCharsets.ISO_8859_1);
      var found = new ArrayList<X509Certificate>();
      for (var one :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes))) {
        found.add((X509Certificate) one);
      }
      if (found.isEmpty()) {
        throw new PkiException(Code.MALFORMED, file + " holds no certificate");
      }
      return List.copyOf(found);
    } catch (CertificateException e) {
      throw new PkiException(Code.MALFORMED, file + " holds no certificate", e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new PkiException(Code.IO, file + " cannot be read", e);
    }
  }
}
