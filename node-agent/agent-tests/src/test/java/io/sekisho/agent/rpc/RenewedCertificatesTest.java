package io.sekisho.agent.rpc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.sekisho.agent.cluster.Await;
import io.sekisho.agent.cluster.FileStore;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.pki.Authority;
import io.sekisho.agent.pki.Role;
import io.sekisho.agent.pki.TlsFiles;
import io.sekisho.api.v1.ListNodesRequest;
import io.sekisho.api.v1.NodesGrpc;
import io.sekisho.api.v1.RevisionsGrpc;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates whose files change under a running agent. */
class RenewedCertificatesTest {
  private static final Instant NOW = Instant.now();

  @TempDir Path folder;
  private final Health health = new Health(Clock.systemUTC());
  private Path pki;
  private TestAgent agent;

  @BeforeEach
  void start() throws IOException {
    pki = folder.resolve("pki");
    var authority = new Authority(pki, Clock.systemUTC());
    authority.init();
    authority.node("n1", List.of("127.0.0.1"));
    authority.operator("otto", Role.OPERATOR);
    agent =
        new TestAgent("n1", folder, pki, new FileStore(folder.resolve("store")), Clock.systemUTC());
    assertEquals("", problem());
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  /** The same authority, in a folder of its own: it never overwrites. */
  private Authority again(String name, Instant at) throws IOException {
    Path beside = Files.createDirectories(folder.resolve(name));
    for (String file : List.of("ca.crt", "ca.key")) {
      Files.copy(pki.resolve(file), beside.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    return new Authority(beside, Clock.fixed(at, ZoneOffset.UTC));
  }

  private void put(String from, String file, String as) throws IOException {
    Files.copy(
        folder.resolve(from).resolve(file), pki.resolve(as), StandardCopyOption.REPLACE_EXISTING);
  }

  private String look(Instant now) {
    agent.look(health, now);
    return problem();
  }

  private String problem() {
    return health.problems().stream()
        .filter(p -> p.component().equals("certificates"))
        .map(Health.Problem::message)
        .findFirst()
        .orElse("");
  }

  /** Number of the certificate that a new connection is shown. */
  private BigInteger shown() throws IOException, GeneralSecurityException {
    KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
    roots.load(null, null);
    roots.setCertificateEntry("ca", agent.tls("n1").authorities().getFirst());
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(roots);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    try (var socket =
        (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", agent.server.port())) {
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }
  }

  private static int nodes(ManagedChannel channel) {
    return NodesGrpc.newBlockingStub(channel)
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .list(ListNodesRequest.getDefaultInstance())
        .getNodesCount();
  }

  @Test
  void look_newPair_isShownToNewConnections() throws Exception {
    ManagedChannel open = agent.as("otto");
    Await.until(() -> nodes(open) == 1);
    BigInteger before = shown();
    putPairOf(NOW);
    assertEquals(before, shown());
    assertEquals("", look(NOW));
    assertNotEquals(before, shown());
    assertEquals(1, nodes(open));
    assertEquals(1, nodes(agent.as("otto")));
  }

  @Test
  void look_damagedPair_keepsTheOldOneAndSaysSo() throws Exception {
    BigInteger before = shown();
    Files.writeString(pki.resolve("n1.crt"), "torn");
    String said = look(NOW);
    assertTrue(said.contains("n1.crt holds no certificate"), said);
    assertTrue(said.contains("the certificate that was read before stays, it ends at"), said);
    assertEquals(before, shown());

    again("other", NOW).node("n1", List.of("127.0.0.1"));
    put("other", "n1.crt", "n1.crt");
    said = look(NOW);
    assertTrue(said.contains("are no certificate with its key"), said);
    Files.delete(pki.resolve("n1.key"));
    said = look(NOW);
    assertTrue(said.contains("n1.key cannot be read"), said);
    assertEquals(before, shown());

    put("other", "n1.key", "n1.key");
    assertEquals("", look(NOW));
    assertNotEquals(before, shown());
  }

  /** The node gets a pair that is valid from then on. */
  private void putPairOf(Instant made) throws IOException {
    again("made", made).node("n1", List.of("127.0.0.1"));
    put("made", "n1.crt", "n1.crt");
    put("made", "n1.key", "n1.key");
  }

  @Test
  void look_pairThatEnded_isRefused() throws Exception {
    BigInteger before = shown();
    putPairOf(NOW.minus(Duration.ofDays(1000)));
    String said = look(NOW);
    assertTrue(said.contains("n1.crt ended at"), said);
    assertEquals(before, shown());
  }

  @Test
  void look_pairOfTheFuture_countsWhenItBegins() throws Exception {
    BigInteger before = shown();
    putPairOf(NOW.plus(Duration.ofHours(1)));
    String said = look(NOW);
    assertTrue(said.contains("n1.crt begins at"), said);
    assertEquals(before, shown());
    assertEquals("", look(NOW.plus(Duration.ofHours(2))));
  }

  @Test
  void look_endThatIsNear_isTold() {
    Instant end = agent.tls("n1").chain().getFirst().getNotAfter().toInstant();
    assertEquals("", look(end.minus(Duration.ofDays(8))));
    String said = look(end.minus(Duration.ofDays(6)));
    assertTrue(said.contains("n1.crt ends at " + end), said);
    assertTrue(look(end.plusSeconds(1)).contains("n1.crt ended at " + end), said);
  }

  @Test
  void look_newAuthority_letsItsClientsIn() throws Exception {
    var second = new Authority(folder.resolve("second"), Clock.systemUTC());
    second.init();
    second.operator("nina", Role.OPERATOR);
    Path nina = folder.resolve("second");
    Path ours = Files.copy(pki.resolve("ca.crt"), folder.resolve("ours.crt"));
    var files = new TlsFiles(ours, nina.resolve("nina.crt"), nina.resolve("nina.key"));
    assertThrows(StatusRuntimeException.class, () -> nodes(agent.as(files)));
    Files.writeString(
        pki.resolve("ca.crt"), Files.readString(ours) + Files.readString(nina.resolve("ca.crt")));
    assertEquals("", look(NOW));
    assertEquals(1, nodes(agent.as(files)));
    assertEquals(1, nodes(agent.as("otto")));
  }

  @Test
  void look_authorityThatWent_isNotBroughtBackByASession() throws Exception {
    SSLContext otto = client("otto");
    long first = visit(otto);
    assertEquals(first, visit(otto), "the session is resumed");

    var second = new Authority(folder.resolve("second"), Clock.systemUTC());
    second.init();
    put("second", "ca.crt", "ca.crt");
    assertEquals("", look(NOW));

    assertThrows(IOException.class, () -> visit(otto));
  }

  /** Who keeps sessions, and believes everybody. */
  private SSLContext client(String who) throws GeneralSecurityException, IOException {
    TlsFiles files = agent.tls(who);
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setKeyEntry(
        who, files.privateKey(), new char[0], files.chain().toArray(X509Certificate[]::new));
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    return tls;
  }

  /**
   * Connects until the server has said something: it has taken the certificate then, and given a
   * session.
   *
   * @return when the session began
   */
  private long visit(SSLContext client) throws IOException {
    try (var socket =
        (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", agent.server.port())) {
      SSLParameters asked = socket.getSSLParameters();
      asked.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(asked);
      socket.setSoTimeout(60_000);
      socket.startHandshake();
      socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
      socket.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0}); // SETTINGS
      assertNotEquals(-1, socket.getInputStream().read());
      return socket.getSession().getCreationTime();
    }
  }

  @Test
  void look_newPairOfAClient_isUsedByItsNextConnection() throws Exception {
    assertEquals("otto", author(agent.as("otto"), "a", 0));
    again("renewed", NOW).operator("olga", Role.OPERATOR);
    put("renewed", "olga.crt", "otto.crt");
    put("renewed", "olga.key", "otto.key");
    assertEquals("", look(NOW));
    assertEquals("olga", author(agent.as("otto"), "b", 1));
  }

  private static String author(ManagedChannel channel, String name, long base) {
    return RevisionsGrpc.newBlockingStub(channel)
        .push(AgentServerTest.push(name).toBuilder().setBase(base).build())
        .getRevision()
        .getAuthor();
  }
}
