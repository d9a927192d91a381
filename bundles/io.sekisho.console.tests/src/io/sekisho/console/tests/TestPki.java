package io.sekisho.console.tests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Certificates for one test run, made by the JDK's keytool: a CA, a node and an operator, as PEM
 * files in a folder.
 *
 * @param folder holds {@code ca.crt n1.crt n1.key alice.crt alice.key}
 */
record TestPki(Path folder) {
  private static final String PASSWORD = "changeit";

  /** Makes them. */
  static TestPki create(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    TestPki pki = new TestPki(folder);
    pki.keytool(List.of("-genkeypair", "-alias", "ca", "-dname", "CN=test CA", "-ext", "bc:c"));
    pki.signed("n1", "CN=n1,O=sekisho:node", "san=ip:127.0.0.1,dns:localhost");
    pki.signed("alice", "CN=alice,O=sekisho:admin", "eku=clientAuth");
    pki.signed("victor", "CN=victor,O=sekisho:viewer", "eku=clientAuth");
    try {
      pki.export();
    } catch (GeneralSecurityException e) {
      throw new IOException("the test certificates were not written", e);
    }
    return pki;
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  private void signed(String alias, String name, String extension)
      throws IOException, InterruptedException {
    keytool(
        List.of(
            "-genkeypair", "-alias", alias, "-dname", name, "-signer", "ca", "-ext", extension));
  }

  private void keytool(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(arguments);
    command.addAll(
        List.of("-keystore", store().toString(), "-storepass", PASSWORD, "-storetype", "PKCS12"));
    command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("keytool failed: " + Files.readString(folder.resolve("keytool.log")));
    }
  }

  private Path store() {
    return folder.resolve("all.p12");
  }

  private void export() throws GeneralSecurityException, IOException {
    KeyStore all = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store())) {
      all.load(in, PASSWORD.toCharArray());
    }
    write("ca.crt", "CERTIFICATE", all.getCertificate("ca").getEncoded());
    for (String alias : List.of("n1", "alice", "victor")) {
      Certificate certificate = all.getCertificate(alias);
      write(alias + ".crt", "CERTIFICATE", certificate.getEncoded());
      byte[] key = all.getKey(alias, PASSWORD.toCharArray()).getEncoded();
      write(alias + ".key", "PRIVATE KEY", key);
    }
  }

  private void write(String name, String type, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        file(name), "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
  }
}
