package io.sekisho.agent.apiserver;

import java.io.IOException;
import java.io.Reader;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Client certificates of a test cluster's own authority, for times of the test's choice. */
public final class ClientCertificate {
  private ClientCertificate() {}

  /** Writes {@code client.crt} and {@code client.key} of an administrator. */
  public static void write(Path pki, Path folder, Instant from, Instant to) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      var keys = generator.generateKeyPair();
      X500Name issuer = ((X509CertificateHolder) pem(pki.resolve("ca.crt"))).getSubject();
      PrivateKey authority =
          new JcaPEMKeyConverter().getPrivateKey((PrivateKeyInfo) pem(pki.resolve("ca.key")));
      var builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.valueOf(System.nanoTime()),
              Date.from(from),
              Date.from(to),
              new X500Name("O=system:masters,CN=late"),
              keys.getPublic());
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
      byte[] certificate =
          builder
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(authority))
              .getEncoded();
      write(folder.resolve("client.key"), "PRIVATE KEY", keys.getPrivate().getEncoded());
      write(folder.resolve("client.crt"), "CERTIFICATE", certificate);
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A kubeconfig whose user is the one of a folder. */
  public static String used(String kubeconfig, Path folder) {
    return kubeconfig
        .replaceAll("client-certificate: [^,}]*", "client-certificate: " + folder + "/client.crt")
        .replaceAll("client-key: [^,}]*", "client-key: " + folder + "/client.key");
  }

  private static Object pem(Path file) throws IOException {
    try (Reader reader = Files.newBufferedReader(file);
        var parser = new PEMParser(reader)) {
      return parser.readObject();
    }
  }

  private static void write(Path file, String type, byte[] der) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        file, "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
  }
}
