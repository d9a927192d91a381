package io.sekisho.lab.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.lab.Await;
import io.sekisho.lab.Command;
import io.sekisho.lab.Programs;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chart's certificates by cert-manager: its own controllers at a real API server sign them, an
 * agent serves with the secret's files as a kubelet shows them, and follows each renewal.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class CertManagerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Programs PROGRAMS = Programs.ofBuild();
  private static final String SPACE = "scm-1";
  private static final String SERVER = "127.0.0.1:4244";
  private static final String NAME = "agents.sekisho.internal";
  private static final String DIGITAL_SIGNATURE = "[true, false, false, false, false, false, false";
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final Pattern SERIAL = Pattern.compile("serial=([0-9A-F]+)");

  private static ControlPlane plane;
  private static CertManager manager;
  private static SecretVolume agents;
  private static SecretVolume admin;
  private static Process agent;
  private static Path home;

  @BeforeAll
  static void begin(@TempDir Path folder) throws IOException {
    var missing =
        ControlPlane.missing().or(() -> ControlPlane.missingPrograms("cert-manager", "helm"));
    assumeTrue(missing.isEmpty(), missing::toString);
    home = folder;
    plane = ControlPlane.apiServer();
    plane.apply("namespace.yaml");
    manager = new CertManager(plane);
    Path rendered = Files.createDirectory(folder.resolve("rendered"));
    plane.script(
        "render.bash",
        rendered.toString(),
        "--set",
        "certificates.from=cert-manager",
        "--set",
        "certificates.issuer.kind=Issuer",
        "--set",
        "certificates.issuer.name=house");
    plane.kubectl("apply", "-f", rendered.resolve("certificates.yaml").toString());
    agents = new SecretVolume(folder.resolve("agents"));
    admin = new SecretVolume(folder.resolve("admin"));
  }

  @AfterAll
  static void end() throws IOException, InterruptedException {
    if (agent != null) {
      agent.destroy();
      if (!agent.waitFor(30, TimeUnit.SECONDS)) {
        agent.destroyForcibly();
      }
      agent(
          "uninstall",
          "--config",
          home.resolve("agent.yaml").toString(),
          "--cni-config",
          home.resolve("none").toString());
      Files.deleteIfExists(Path.of("/sys/fs/bpf", SPACE));
    }
    if (Files.exists(Path.of("/run/netns", SPACE))) {
      ip("netns", "del", SPACE);
    }
    if (manager != null) {
      manager.close();
    }
    if (plane != null) {
      plane.close();
    }
  }

  private static X509Certificate certificate(byte[] pem) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(pem));
    } catch (CertificateException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, byte[]> await(String secret) {
    var found = new AtomicReference<Map<String, byte[]>>(Map.of());
    Await.until(
        PATIENCE, manager::says, () -> !found.updateAndGet(f -> manager.secret(secret)).isEmpty());
    return found.get();
  }

  @Test
  @Order(1)
  void secrets_ofCertManager_areWhatAgentsNeed() throws Exception {
    Map<String, byte[]> node = await("sekisho-agent-tls");
    X509Certificate own = certificate(node.get("tls.crt"));
    assertEquals(List.of(SERVER_AUTH, CLIENT_AUTH), own.getExtendedKeyUsage());
    assertTrue(Arrays.toString(own.getKeyUsage()).startsWith(DIGITAL_SIGNATURE));
    assertEquals("CN=agents,O=sekisho:node", own.getSubjectX500Principal().getName());
    assertEquals("[[2, " + NAME + "]]", names(own).toString());
    own.verify(certificate(node.get("ca.crt")).getPublicKey());
    assertTrue(
        new String(node.get("tls.key"), StandardCharsets.US_ASCII)
            .startsWith("-----BEGIN PRIVATE KEY-----"));
    Map<String, byte[]> person = await("sekisho-admin-tls");
    X509Certificate his = certificate(person.get("tls.crt"));
    assertEquals(List.of(CLIENT_AUTH), his.getExtendedKeyUsage());
    assertEquals("CN=admin,O=sekisho:admin", his.getSubjectX500Principal().getName());
    agents.show(node);
    admin.show(person);
  }

  private static Collection<List<?>> names(X509Certificate certificate)
      throws CertificateException {
    return Objects.requireNonNullElse(certificate.getSubjectAlternativeNames(), List.of());
  }

  @Test
  @Order(2)
  void agent_withTheSecret_servesTheAdministrator() throws IOException {
    start();
    var said = new AtomicReference<>(ask());
    Await.until(
        PATIENCE,
        () -> said + log(),
        () -> said.updateAndGet(s -> s.status() == 0 ? s : ask()).status() == 0);
    assertEquals(serial(manager.secret("sekisho-agent-tls")), served());
  }

  @Test
  @Order(3)
  void renewal_askedFor_isFollowed() {
    BigInteger before = served();
    manager.renew("sekisho-agent");
    awaitOther(before);
    assertEquals(0, ask().status());
  }

  @Test
  @Order(4)
  void renewal_byTheClock_isFollowedAgainAndAgain() {
    BigInteger first = served();
    manager.shorten("sekisho-agent", "60s", "48s");
    manager.renew("sekisho-agent");
    BigInteger second = awaitOther(first);
    awaitOther(second);
    assertEquals(0, ask().status());
    assertTrue(agent.isAlive());
    // each new certificate came with a key of its own, and none was refused
    assertTrue(log().contains("was renewed") && !log().contains("no certificate with its key"));
  }

  /** Until the agent serves with another certificate, which is the secret's. */
  private static BigInteger awaitOther(BigInteger before) {
    var now = new AtomicReference<>(before);
    Await.until(
        PATIENCE,
        () -> manager.says() + log(),
        () -> {
          Map<String, byte[]> secret = manager.secret("sekisho-agent-tls");
          if (secret.isEmpty() || serial(secret).equals(before)) {
            return false;
          }
          agents.show(secret);
          now.set(served());
          return !now.get().equals(before);
        });
    return now.get();
  }

  private static BigInteger serial(Map<String, byte[]> secret) {
    return certificate(secret.get("tls.crt")).getSerialNumber();
  }

  private static void start() throws IOException {
    ip("netns", "add", SPACE);
    ip("-n", SPACE, "link", "set", "lo", "up");
    ip("-n", SPACE, "link", "add", "uplink", "type", "veth", "peer", "name", "far");
    ip("-n", SPACE, "link", "set", "far", "up");
    ip("-n", SPACE, "addr", "add", "192.0.2.1/24", "dev", "uplink");
    ip("-n", SPACE, "link", "set", "uplink", "up");
    Path config = home.resolve("agent.yaml");
    Files.writeString(
        config,
        """
        node: {name: n1, cluster: test}
        underlay: {device: uplink, addresses: [192.0.2.1]}
        pods: {cidrs: [10.244.7.0/24]}
        grpc: {listen: "%s", ca: %s, certificate: %s, key: %s}
        dirs: {run: %s, state: %s, bpf: /sys/fs/bpf/%s}
        flows: {capacity: 4096}
        """
            .formatted(
                SERVER,
                agents.file("ca.crt"),
                agents.file("tls.crt"),
                agents.file("tls.key"),
                home.resolve("run"),
                home.resolve("state"),
                SPACE));
    var words = new ArrayList<>(Command.entering(SPACE));
    words.addAll(List.of(PROGRAMS.agent().toString(), "run", "--config", config.toString()));
    var builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.redirectOutput(home.resolve("agent.log").toFile());
    builder.environment().put("SEKISHO_JAVA", PROGRAMS.java().toString());
    agent = builder.start();
  }

  private static void ip(String... arguments) {
    var words = new ArrayList<>(List.of("ip"));
    words.addAll(List.of(arguments));
    new Command(words, "", Map.of()).run();
  }

  private static String log() {
    try {
      return Files.readString(home.resolve("agent.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static Command.Result agent(String... arguments) {
    var words = new ArrayList<>(List.of(PROGRAMS.agent().toString()));
    words.addAll(List.of(arguments));
    return new Command(words, "", Map.of("SEKISHO_JAVA", PROGRAMS.java().toString()))
        .inside(SPACE)
        .tryRun();
  }

  /** The command line by the administrator's secret. */
  private static Command.Result ask() {
    return agent(
        "status",
        "--server",
        SERVER,
        "--server-name",
        NAME,
        "--ca",
        admin.file("ca.crt").toString(),
        "--certificate",
        admin.file("tls.crt").toString(),
        "--key",
        admin.file("tls.key").toString());
  }

  /** Serial number of the certificate that the agent shows. */
  private static BigInteger served() {
    String said =
        Command.of(
                "sh",
                "-c",
                "openssl s_client -connect \"$0\" | openssl x509 -noout -serial",
                SERVER)
            .inside(SPACE)
            .tryRun()
            .output();
    var match = SERIAL.matcher(said);
    return match.find() ? new BigInteger(match.group(1), 16) : BigInteger.ZERO;
  }
}
