package io.sekisho.agent.pki;

import io.sekisho.agent.pki.PkiException.Code;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * PEM files (RFC 7468): certificates readable by all, PKCS #8 keys (RFC 5958) by the owner only.
 */
final class PemFiles {
  private PemFiles() {}

  /** A certificate with its key. */
  record Pair(X509Certificate certificate, PrivateKey key) {}

  static void checkAbsent(Path... files) {
    for (Path file : files) {
      if (Files.exists(file)) {
        throw new PkiException(Code.EXISTS, file + " exists and is not overwritten");
      }
    }
  }

  /** Writes the key first: a certificate without its key would be of no use. */
  static void write(Path folder, String name, Pair pair) {
    try {
      Files.createDirectories(folder);
      create(folder.resolve(name + ".key"), "rw-------", "PRIVATE KEY", pair.key.getEncoded());
      create(
          folder.resolve(name + ".crt"), "rw-r--r--", "CERTIFICATE", pair.certificate.getEncoded());
    } catch (FileAlreadyExistsException e) {
      throw new PkiException(Code.EXISTS, e.getFile() + " exists and is not overwritten", e);
    } catch (IOException | java.security.cert.CertificateEncodingException e) {
      throw new PkiException(Code.IO, "cannot write " + name + " in " + folder + ": " + e, e);
    }
  }

  private static void create(Path file, String mode, String type, byte[] content)
      throws IOException {
    var text = new StringWriter();
    try (var pem = new PemWriter(text)) {
      pem.writeObject(new PemObject(type, content));
    }
    var permissions = PosixFilePermissions.fromString(mode);
    var options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (var channel =
        Files.newByteChannel(file, options, PosixFilePermissions.asFileAttribute(permissions))) {
      channel.write(StandardCharsets.US_ASCII.encode(text.toString()));
    }
    Files.setPosixFilePermissions(file, permissions);
  }

  /** Reads a certificate and its key. */
  static Pair read(Path folder, String name) {
    return new Pair(certificate(folder.resolve(name + ".crt")), key(folder.resolve(name + ".key")));
  }

  static X509Certificate certificate(Path file) {
    try {
      if (parse(file) instanceof X509CertificateHolder holder) {
        return new JcaX509CertificateConverter().getCertificate(holder);
      }
    } catch (java.security.cert.CertificateException e) {
      throw new PkiException(Code.MALFORMED, file + " holds a broken certificate", e);
    }
    throw new PkiException(Code.MALFORMED, file + " holds no certificate");
  }

  private static PrivateKey key(Path file) {
    if (parse(file) instanceof PrivateKeyInfo info) {
      try {
        return new JcaPEMKeyConverter().getPrivateKey(info);
      } catch (IOException e) {
        throw new PkiException(Code.MALFORMED, file + " holds a broken key", e);
      }
    }
    throw new PkiException(Code.MALFORMED, file + " holds no PKCS #8 key");
  }

  private static Object parse(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new PkiException(Code.IO, "cannot read " + file + ": " + e, e);
    }
    try (var parser = new PEMParser(new java.io.StringReader(text))) {
      Object first = parser.readObject();
      return first == null ? "" : first;
    } catch (IOException | RuntimeException e) {
      throw new PkiException(Code.MALFORMED, file + " is not PEM", e);
    }
  }
}
