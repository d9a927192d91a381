package io.sekisho.agent.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.agent.apiserver.ApiException.Code;
import io.sekisho.agent.cluster.Await;
import io.sekisho.agent.pki.Authority;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who we are to a real API server, and who it is, when certificates and tokens end and change. */
final class CredentialsTest {
  private static ControlPlane cluster;

  @TempDir Path folder;

  @BeforeAll
  static void startCluster() {
    assumeTrue(ControlPlane.missing().isEmpty(), ControlPlane.missing()::toString);
    cluster = ControlPlane.apiServer();
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static ApiServer.Settings settings(Optional<Path> kubeconfig) {
    return new ApiServer.Settings(kubeconfig, Duration.ofSeconds(20), 100);
  }

  private static ApiException refused(ApiServer api) {
    return assertThrows(ApiException.class, () -> api.get(ResourceKind.NAMESPACE, "", "default"));
  }

  private static boolean answers(ApiServer api) {
    try {
      return api.get(ResourceKind.NAMESPACE, "", "default").isPresent();
    } catch (ApiException e) {
      return false;
    }
  }

  private static String kubeconfig() {
    try {
      return Files.readString(cluster.kubeconfig());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void clientCertificate_ended_isToldAndRenewedFromTheFile() throws IOException {
    Path pki = cluster.folder().resolve("pki");
    Path kubeconfig = folder.resolve("kubeconfig");
    Files.writeString(kubeconfig, ClientCertificate.used(kubeconfig(), folder));
    Instant now = Instant.now();
    Instant end = now.minus(Duration.ofDays(1));
    ClientCertificate.write(pki, folder, now.minus(Duration.ofDays(9)), end);
    try (var api = ApiServer.open(settings(Optional.of(kubeconfig)), Clock.systemUTC())) {
      ApiException error = refused(api);
      assertEquals(Code.UNAUTHENTICATED, error.code());
      assertTrue(
          error
              .getMessage()
              .contains(
                  "the client certificate of "
                      + kubeconfig
                      + " ended "
                      + end.toString().substring(0, 10)),
          error::getMessage);
      assertFalse(api.health().available());

      ClientCertificate.write(
          pki, folder, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)));
      Await.until(() -> answers(api), api::health);
      assertTrue(api.health().available());
    }
  }

  @Test
  void token_ofTheServiceAccount_isReadAnewForEveryRequest() throws IOException {
    cluster.kubectl("create", "serviceaccount", "reader");
    cluster.kubectl(
        "create",
        "clusterrolebinding",
        "reader",
        "--clusterrole",
        "cluster-admin",
        "--serviceaccount",
        "default:reader");
    Files.copy(cluster.folder().resolve("pki/ca.crt"), folder.resolve("ca.crt"));
    Path token = folder.resolve("token");
    Files.writeString(token, "not.a.token");
    URI server = URI.create(Files.readString(cluster.folder().resolve("server")).strip());
    var pod =
        Credentials.ofPod(
            folder,
            Map.of(
                "KUBERNETES_SERVICE_HOST",
                server.getHost(),
                "KUBERNETES_SERVICE_PORT",
                "" + server.getPort()));
    try (var api = ApiServer.open(pod, settings(Optional.empty()), Clock.systemUTC())) {
      ApiException error = refused(api);
      assertTrue(error.getMessage().contains("is the token of " + token), error::getMessage);
      Files.writeString(token, cluster.kubectl("create", "token", "reader"));
      Await.until(() -> answers(api), api::health);
      cluster.kubectl("delete", "serviceaccount", "reader");
      Await.until(() -> !answers(api), api::health);
      cluster.kubectl("create", "serviceaccount", "reader");
      Files.writeString(token, cluster.kubectl("create", "token", "reader"));
      Await.until(() -> answers(api), api::health);
    }
  }

  @Test
  void token_ofAKubeconfigsFile_isReadAnew() throws IOException {
    cluster.kubectl("create", "serviceaccount", "filed");
    cluster.kubectl(
        "create",
        "clusterrolebinding",
        "filed",
        "--clusterrole",
        "cluster-admin",
        "--serviceaccount",
        "default:filed");
    Path token = folder.resolve("token");
    Path kubeconfig = folder.resolve("kubeconfig");
    Files.writeString(token, "not.a.token");
    Files.writeString(
        kubeconfig, kubeconfig().replaceAll("user: \\{.*\\}", "user: {tokenFile: " + token + "}"));
    try (var api = ApiServer.open(settings(Optional.of(kubeconfig)), Clock.systemUTC())) {
      assertTrue(refused(api).getMessage().contains("is the token of "));
      Files.writeString(token, cluster.kubectl("create", "token", "filed"));
      Await.until(() -> answers(api), api::health);
    }
  }

  @Test
  void serverCertificate_endedOrOfTheFuture_isToldWithTheClock() throws Exception {
    for (long days : List.of(-900L, 30L)) {
      Path pki = Files.createDirectory(folder.resolve("pki" + days));
      var authority =
          new Authority(
              pki, Clock.fixed(Instant.now().plus(Duration.ofDays(days)), ZoneOffset.UTC));
      authority.init();
      authority.node("server", List.of("127.0.0.1"));
      Path kubeconfig = folder.resolve("kubeconfig" + days);
      try (var proxy = FaultProxy.tls(cluster.kubeconfig(), context(pki))) {
        Files.writeString(
            kubeconfig, proxy.kubeconfig(", certificate-authority: " + pki.resolve("ca.crt")));
        try (var api = ApiServer.open(settings(Optional.of(kubeconfig)), Clock.systemUTC())) {
          String said = String.valueOf(refused(api).getMessage());
          assertTrue(
              said.startsWith("the API server's certificate is not accepted: ")
                  && said.contains(days < 0 ? "NotAfter" : "NotBefore")
                  && said.contains("is this node's clock right"),
              said);
          assertFalse(api.health().available());
        }
      }
    }
  }

  private static SSLContext context(Path pki) throws IOException, GeneralSecurityException {
    var key =
        new JcaPEMKeyConverter().getPrivateKey((PrivateKeyInfo) pem(pki.resolve("server.key")));
    var certificate =
        new JcaX509CertificateConverter()
            .getCertificate((X509CertificateHolder) pem(pki.resolve("server.crt")));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "server", key, new char[0], new java.security.cert.Certificate[] {certificate});
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static Object pem(Path file) throws IOException {
    try (var parser = new PEMParser(Files.newBufferedReader(file))) {
      return parser.readObject();
    }
  }

  @Test
  void open_noPodAndNoKubeconfig_saysWhatIsMissing() {
    var nowhere = Credentials.ofPod(folder, Map.of());
    var error =
        assertThrows(
            ApiException.class,
            () -> ApiServer.open(nowhere, settings(Optional.empty()), Clock.systemUTC()));
    assertEquals(Code.INVALID, error.code());
    assertTrue(error.getMessage().contains("KUBERNETES_SERVICE_HOST"), error::getMessage);
  }
}
