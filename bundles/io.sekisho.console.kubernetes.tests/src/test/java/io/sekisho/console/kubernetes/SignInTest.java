package io.sekisho.console.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import io.sekisho.console.kubernetes.KubernetesTest.Step;
import io.sekisho.console.kubernetes.client.ApiClient;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Token files, plugins, impersonation and a proxy, against a real API server. */
class SignInTest {
  private static final String WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

  /** Users are in a file of their own: what they name is beside that. */
  private static final String USERS =
      """
      users:
      - {name: byfile, user: {tokenFile: token}}
      - {name: byplugin, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, interactiveMode: Never}}}
      - {name: gone, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./gone}}}
      - {name: root, user: {client-certificate: %1$s/pki/admin.crt, client-key: %1$s/pki/admin.key, as: alice, as-groups: [readers, lookers]}}
      """;

  private static final String CONTEXTS =
      """
      contexts:
      - {name: file, context: {cluster: test, user: byfile}}
      - {name: plugin, context: {cluster: test, user: byplugin}}
      - {name: gone, context: {cluster: test, user: gone}}
      - {name: as, context: {cluster: test, user: root}}
      """;

  private static Optional<ControlPlane> cluster = Optional.empty();
  private static String token = "";

  @TempDir private Path folder;

  @BeforeAll
  static void up() {
    assumeTrue(ControlPlane.missing().isEmpty(), () -> ControlPlane.missing().orElse(""));
    ControlPlane made = ControlPlane.apiServer();
    cluster = Optional.of(made);
    made.kubectl("create", "namespace", "shop");
    made.kubectl("create", "serviceaccount", "-n", "shop", "robot");
    token = made.kubectl("create", "token", "-n", "shop", "robot").strip();
  }

  @AfterAll
  static void down() {
    cluster.ifPresent(ControlPlane::close);
  }

  private static ControlPlane cluster() {
    return cluster.orElseThrow();
  }

  private KubernetesContext context(String name) throws IOException {
    Path contexts = Files.writeString(folder.resolve("contexts"), CONTEXTS);
    Path beside = Files.createDirectories(folder.resolve("users"));
    Path users = Files.writeString(beside.resolve("config"), USERS.formatted(cluster().folder()));
    return KubernetesContext.usual(List.of(contexts, users, cluster().kubeconfig()), name);
  }

  private void put(String name, String text) throws IOException {
    Path file = Files.createDirectories(folder.resolve("users")).resolve(name);
    Files.writeString(file, text);
    assertTrue(file.toFile().setExecutable(text.startsWith("#!"), true));
  }

  private static String who(ApiClient api) {
    String review = "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}";
    return api.call("Who we are", () -> api.fabric8().raw(WHO, "POST", review));
  }

  private static final String ROBOT = "\"username\":\"system:serviceaccount:shop:robot\"";

  @Test
  void tokenFile_exchanged_isReadAgain() throws IOException {
    put("token", token + "\n");
    try (ApiClient api = ApiClient.open(context("file"))) {
      assertTrue(who(api).contains(ROBOT), () -> who(api));
      put("token", "rubbish");
      ConsoleException e = assertThrows(ConsoleException.class, () -> who(api));
      assertTrue(e.getMessage().contains("does not know who we are"), e.getMessage());
      put("token", token);
      assertTrue(who(api).contains(ROBOT));
    }
  }

  @Test
  void plugin_firstTokenRefused_isRunAgain() throws IOException {
    put("good", token);
    put(
        "plugin",
        """
        #!/bin/sh
        cd "$(dirname "$0")"
        echo run >>runs
        t=rubbish
        [ "$(wc -l <runs)" -lt 2 ] || t=$(cat good)
        echo 'this is no part of it' >&2
        printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$t"
        """);
    try (ApiClient api = ApiClient.open(context("plugin"))) {
      assertTrue(who(api).contains(ROBOT), () -> who(api));
      assertTrue(who(api).contains(ROBOT));
    }
    assertEquals(2, Files.readAllLines(folder.resolve("users/runs")).size());
  }

  @Test
  void plugin_certificate_signsIn() throws IOException {
    cluster().user("carol", "/O=readers/CN=carol");
    Path pki = cluster().folder().resolve("pki");
    String status =
        "{\"clientCertificateData\":\"%s\",\"clientKeyData\":\"%s\",\"expirationTimestamp\":\"%s\"}"
            .formatted(json(pki.resolve("carol.crt")), json(pki.resolve("carol.key")), "%s");
    put("answer", answer(status.formatted("2100-01-01T00:00:00Z")));
    put("plugin", "#!/bin/sh\nexec cat \"$(dirname \"$0\")/answer\"\n");
    try (ApiClient api = ApiClient.open(context("plugin"))) {
      assertTrue(who(api).contains("\"username\":\"carol\""), () -> who(api));
      assertTrue(!api.ended());
    }
    put("answer", answer(status.formatted("2026-01-01T00:00:00Z")));
    try (ApiClient api = ApiClient.open(context("plugin"))) {
      assertTrue(api.ended());
    }
  }

  private static String answer(String status) {
    return "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":"
        + status
        + "}";
  }

  private static String json(Path pem) throws IOException {
    return Files.readString(pem).replace("\n", "\\n");
  }

  @Test
  void test_pluginMissing_saysSoAtSigningIn() throws IOException {
    List<Step> steps = new ArrayList<>();
    var profile = ConnectionProfile.kubernetes("x", false, context("gone"));
    assertEquals(
        "The plugin ./gone can't be run; is it installed?",
        KubernetesTest.run(profile, steps::add).join().failure());
    assertEquals(List.of(Step.SIGN_IN), steps);
  }

  @Test
  void impersonation_isWhatTheServerSees() throws IOException {
    try (ApiClient api = ApiClient.open(context("as"))) {
      String said = who(api);
      assertTrue(said.contains("\"username\":\"alice\""), said);
      assertTrue(said.contains("\"readers\"") && said.contains("\"lookers\""), said);
    }
  }

  @Test
  void proxy_ofTheKubeconfig_isUsed() throws IOException {
    try (TestProxy proxy = TestProxy.start()) {
      String text = Files.readString(cluster().kubeconfig());
      Path proxied =
          Files.writeString(
              folder.resolve("proxied"),
              text.replace(
                  "cluster: {server:", "cluster: {proxy-url: \"" + proxy.url() + "\", server:"));
      try (ApiClient api = ApiClient.open(KubernetesContext.usual(List.of(proxied), "test"))) {
        assertTrue(who(api).contains("\"username\":\"admin\""));
        assertEquals(List.of(api.server().replace("https://", "")), proxy.asked());
      }
    }
  }
}
