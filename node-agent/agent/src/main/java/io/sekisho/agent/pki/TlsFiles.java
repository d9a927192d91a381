package io.sekisho.agent.pki;

import io.sekisho.agent.pki.PkiException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;

/**
 * The files of one end of mutual TLS, PEM.
 *
 * @param ca certificate of the authority that signs the other end
 * @param certificate own certificate
 * @param key its PKCS #8 key
 */
public record TlsFiles(Path ca, Path certificate, Path key) {

  /**
   * Fails early, with the file's name.
   *
   * @throws PkiException IO if a file is missing, MALFORMED if a certificate is broken
   */
  public void check() {
    for (Path file : List.of(ca, certificate, key)) {
      if (!Files.isReadable(file)) {
        throw new PkiException(Code.IO, file + " cannot be read");
      }
    }
    certificate(ca);
    certificate(certificate);
  }

  /** Reads with the JDK, not with Bouncy Castle, which an agent need not load. */
  private static void certificate(Path file) {
    try (var in = Files.newInputStream(file)) {
      CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (IOException e) {
      throw new PkiException(Code.IO, file + " cannot be read", e);
    } catch (CertificateException e) {
      throw new PkiException(Code.MALFORMED, file + " holds no certificate", e);
    }
  }
}
