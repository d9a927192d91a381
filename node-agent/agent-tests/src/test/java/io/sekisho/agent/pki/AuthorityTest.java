package io.sekisho.agent.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates say what they should, and nothing is overwritten. */
final class AuthorityTest {
  @TempDir Path folder;

  private Authority authority() {
    return new Authority(folder, Clock.systemUTC());
  }

  private String mode(String file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file)));
  }

  private static PkiException.Code code(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(PkiException.class, call).code();
  }

  @Test
  void node_certificate_isSignedAndNamesItsAddresses() throws Exception {
    authority().init();
    authority().node("n1", List.of("198.18.0.1", "fd18::1", "n1.example.org"));

    X509Certificate ca = PemFiles.certificate(folder.resolve("ca.crt"));
    X509Certificate node = PemFiles.certificate(folder.resolve("n1.crt"));
    node.verify(ca.getPublicKey());
    node.checkValidity();
    assertEquals("CN=n1,O=sekisho:node", node.getSubjectX500Principal().getName());
    var names = node.getSubjectAlternativeNames().stream().map(n -> n.get(1)).toList();
    assertTrue(names.containsAll(List.of("198.18.0.1", "n1.example.org", "n1")), names.toString());
    assertEquals(4, names.size());
    assertEquals(2, node.getExtendedKeyUsage().size());
    assertEquals(0, ca.getBasicConstraints());
    assertEquals(-1, node.getBasicConstraints());
  }

  @Test
  void operator_roleIsItsOrganization() {
    authority().init();
    authority().operator("alice", Role.OPERATOR);
    assertEquals(
        "CN=alice,O=sekisho:operator",
        PemFiles.certificate(folder.resolve("alice.crt")).getSubjectX500Principal().getName());
  }

  @Test
  void files_keysAreForTheirOwnerOnly() throws Exception {
    authority().init();
    authority().operator("alice", Role.VIEWER);
    assertEquals("rw-------", mode("ca.key"));
    assertEquals("rw-------", mode("alice.key"));
    assertEquals("rw-r--r--", mode("alice.crt"));
    assertTrue(
        Files.readString(folder.resolve("alice.key")).startsWith("-----BEGIN PRIVATE KEY-----"));
  }

  @Test
  void again_refusesToOverwrite() throws Exception {
    authority().init();
    authority().node("n1", List.of("::1"));
    String before = Files.readString(folder.resolve("n1.key"));
    assertEquals(PkiException.Code.EXISTS, code(() -> authority().init()));
    assertEquals(PkiException.Code.EXISTS, code(() -> authority().node("n1", List.of("::1"))));
    assertEquals(before, Files.readString(folder.resolve("n1.key")));
  }

  @Test
  void node_withoutAuthority_saysWhichFile() {
    var error = assertThrows(PkiException.class, () -> authority().node("n1", List.of("::1")));
    assertEquals(PkiException.Code.IO, error.code());
    assertTrue(error.getMessage().contains("ca.crt"));
  }

  @Test
  void node_brokenAuthority_isMalformed() throws Exception {
    authority().init();
    for (String content :
        List.of("", "garbage", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")) {
      Files.writeString(folder.resolve("ca.crt"), content);
      assertEquals(PkiException.Code.MALFORMED, code(() -> authority().node("n1", List.of("::1"))));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../x", "a/b", ".hidden", "a b", "ca", "é"})
  void name_unfit_isInvalid(String name) {
    authority().init();
    assertEquals(PkiException.Code.INVALID, code(() -> authority().operator(name, Role.ADMIN)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "-x", "n1:4244"})
  void address_unfit_isInvalid(String address) {
    authority().init();
    assertEquals(PkiException.Code.INVALID, code(() -> authority().node("n1", List.of(address))));
  }

  @Test
  void tlsFiles_missing_saysWhich() {
    var files = new TlsFiles(folder.resolve("ca.crt"), folder.resolve("x"), folder.resolve("y"));
    assertTrue(assertThrows(PkiException.class, files::check).getMessage().contains("ca.crt"));
  }

  @Test
  void tlsFiles_brokenKey_isMalformed() throws Exception {
    authority().init();
    var files =
        new TlsFiles(folder.resolve("ca.crt"), folder.resolve("ca.crt"), folder.resolve("ca.key"));
    files.check();
    String pem = "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n";
    for (String content : List.of("", "garbage", pem.formatted("AAAA"), pem.formatted("é"))) {
      Files.writeString(folder.resolve("ca.key"), content);
      assertEquals(PkiException.Code.MALFORMED, code(files::check));
    }
    Files.writeString(folder.resolve("ca.crt"), "garbage");
    assertEquals(PkiException.Code.MALFORMED, code(files::check));
  }
}
