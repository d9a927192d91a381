package io.sekisho.console.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.console.app.ConnectDialog;
import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import io.sekisho.console.kubernetes.KubernetesTest.Report;
import io.sekisho.console.kubernetes.KubernetesTest.Step;
import io.sekisho.console.kubernetes.client.ApiClient;
import io.sekisho.console.ui.Theme;
import io.sekisho.testkit.Await;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in by OpenID Connect: a real API server that trusts an issuer of ours. */
class OidcTest {
  private static final String WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  private static final String COMMENT = "# made by hand";

  @TempDir private static Path shared;
  private static Optional<ControlPlane> cluster = Optional.empty();
  private static Optional<TestIssuer> started = Optional.empty();

  @TempDir private Path folder;

  @BeforeAll
  static void up() throws Exception {
    assumeTrue(ControlPlane.missing().isEmpty(), () -> ControlPlane.missing().orElse(""));
    TestIssuer issuer = TestIssuer.start(shared);
    started = Optional.of(issuer);
    Path authority = Files.writeString(shared.resolve("issuer.crt"), issuer.authority());
    String flags =
        "--oidc-issuer-url=%s --oidc-ca-file=%s --oidc-client-id=%s"
            .formatted(issuer.url(), authority, TestIssuer.CLIENT);
    ControlPlane made = ControlPlane.up(Map.of("K8S_PARTS", "", "K8S_FLAGS", flags), List.of());
    cluster = Optional.of(made);
    awaitKeys(made, issuer);
  }

  /** The API server asks for the issuer's keys in its own time. */
  private static void awaitKeys(ControlPlane made, TestIssuer issuer) throws IOException {
    String users = "users: [{name: admin, user: {token: %s}}]\ncontexts:";
    Path token =
        Files.writeString(
            shared.resolve("token"),
            Files.readString(made.kubeconfig())
                .replaceFirst(
                    "(?s)users:.*?contexts:",
                    Matcher.quoteReplacement(users.formatted(issuer.token(600)))));
    Await.until(
        "the API server takes tokens of the issuer",
        () -> made.tryKubectl("--kubeconfig", token.toString(), "auth", "whoami"));
  }

  @AfterAll
  static void down() {
    cluster.ifPresent(ControlPlane::close);
    started.ifPresent(TestIssuer::close);
  }

  @BeforeEach
  void usual() {
    issuer().lifetime(600);
    issuer().rotates(true);
  }

  private static ControlPlane cluster() {
    return cluster.orElseThrow();
  }

  private static TestIssuer issuer() {
    return started.orElseThrow();
  }

  /** The user's file beside the cluster's, so that contexts and users are in different ones. */
  private Path user(String idToken, String refreshToken) throws IOException {
    return user(idToken, refreshToken, issuer().url(), issuer().authority());
  }

  private Path user(String idToken, String refreshToken, String url, String authority)
      throws IOException {
    String users =
        """
        %s
        users:
        - name: alice
          user:
            auth-provider:
              name: oidc
              config:
                idp-issuer-url: %s
                idp-certificate-authority-data: %s
                client-id: "%s"
                client-secret: "%s"
                id-token: "%s"
                refresh-token: %s
        """
            .formatted(
                COMMENT,
                url,
                Base64.getEncoder().encodeToString(authority.getBytes()),
                TestIssuer.CLIENT,
                TestIssuer.SECRET,
                idToken,
                refreshToken);
    Path file = Files.writeString(folder.resolve("users"), users);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private KubernetesContext context(Path users) throws IOException {
    Path contexts =
        Files.writeString(
            folder.resolve("contexts"),
            "contexts: [{name: oidc, context: {cluster: test, user: alice}}]\n");
    return KubernetesContext.usual(List.of(contexts, users, cluster().kubeconfig()), "oidc");
  }

  /** The name by which the API server knows us. */
  private static String who(ApiClient api) {
    String review = "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}";
    return api.call("Who we are", () -> api.fabric8().raw(WHO, "POST", review));
  }

  private static String alice() {
    return "\"username\":\"" + issuer().url() + "#alice\"";
  }

  private static void assertSecretless(Throwable thrown, String... secrets) {
    StringWriter all = new StringWriter();
    thrown.printStackTrace(new PrintWriter(all));
    for (String secret : secrets) {
      assertFalse(all.toString().contains(secret), all::toString);
    }
  }

  @Test
  void open_endedToken_isRenewedAcceptedAndWrittenBack() throws Exception {
    int before = issuer().renewals();
    String ended = issuer().token(-60);
    Path users = user(ended, issuer().refreshToken());
    try (ApiClient api = ApiClient.open(context(users))) {
      assertTrue(who(api).contains(alice()), () -> who(api));
    }
    assertEquals(before + 1, issuer().renewals());
    String written = Files.readString(users);
    assertTrue(written.startsWith(COMMENT), written);
    assertTrue(written.contains("refresh-token: " + issuer().refreshToken()), written);
    assertFalse(written.contains(ended), written);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(users)));
    try (var left = Files.list(folder)) {
      assertEquals(2, left.count(), "no lock and no temporary file");
    }
    // the next one finds a token that lasts, and so does kubectl
    try (ApiClient api = ApiClient.open(context(users))) {
      assertTrue(who(api).contains(alice()));
    }
    assertEquals(before + 1, issuer().renewals());
  }

  @Test
  void kubectl_afterUs_renewsWithWhatWeWrote() throws Exception {
    Path users = user(issuer().token(-60), issuer().refreshToken());
    issuer().lifetime(12); // counts as ended after two seconds, for us and for kubectl
    ApiClient.open(context(users)).close();
    issuer().lifetime(600);
    int before = issuer().renewals();
    // of one option given twice the last one counts
    Path merged = folder.resolve("merged");
    Files.writeString(merged, merged(users));
    Await.until(
        "kubectl renews",
        () -> {
          String said =
              cluster()
                  .kubectl("--kubeconfig", merged.toString(), "--context=oidc", "auth", "whoami");
          return said.contains("#alice") && issuer().renewals() == before + 1;
        });
    assertTrue(Files.readString(merged).contains(issuer().refreshToken()));
  }

  /** One file of all three: kubectl writes into the only one that it is told of. */
  private String merged(Path users) throws IOException {
    String text = Files.readString(cluster().kubeconfig());
    String own = Files.readString(users);
    String entry = own.substring(own.indexOf("- name: alice"));
    return text.replaceFirst("(?m)^users:.*$", Matcher.quoteReplacement("users:\n" + entry))
        .replaceFirst(
            "(?m)^(contexts:)$", "$1\n- {name: oidc, context: {cluster: test, user: alice}}");
  }

  @Test
  void token_endsWhileConnected_isRenewed() throws Exception {
    // it counts as ended 10 s before its end
    Path users = user(issuer().token(15), issuer().refreshToken());
    int before = issuer().renewals();
    try (ApiClient api = ApiClient.open(context(users))) {
      assertTrue(who(api).contains(alice()));
      assertEquals(before, issuer().renewals());
      Await.until(
          "a new token", () -> who(api).contains(alice()) && issuer().renewals() == before + 1);
    }
  }

  @Test
  void token_refusedBeforeItsEnd_isRenewedOnce() throws Exception {
    int before = issuer().renewals();
    Path users = user(issuer().token(600, TestIssuer.signer()), issuer().refreshToken());
    try (ApiClient api = ApiClient.open(context(users))) {
      assertEquals(before, issuer().renewals());
      assertTrue(who(api).contains(alice()));
      assertTrue(who(api).contains(alice()));
    }
    assertEquals(before + 1, issuer().renewals());
  }

  @Test
  void token_renewedByKubectlMeanwhile_isTakenFromTheFile() throws Exception {
    // with this refresh token the issuer would refuse
    Path users = user(issuer().token(15), "refresh-of-long-ago");
    int before = issuer().renewals();
    try (ApiClient api = ApiClient.open(context(users))) {
      long ended = System.nanoTime() + Duration.ofSeconds(6).toNanos();
      user(issuer().token(600), "refresh-of-long-ago");
      Await.until(
          "the first one counts as ended",
          () -> who(api).contains(alice()) && System.nanoTime() > ended);
    }
    assertEquals(before, issuer().renewals());
  }

  @Test
  void open_issuerKeepsRefreshTokens_oursStays() throws Exception {
    issuer().rotates(false);
    Path users = user(issuer().token(-60), issuer().refreshToken());
    try (ApiClient api = ApiClient.open(context(users))) {
      assertTrue(who(api).contains(alice()));
    }
    assertTrue(Files.readString(users).contains("refresh-token: " + issuer().refreshToken()));
  }

  @Test
  void open_fileIsLocked_worksAndLeavesItAlone() throws Exception {
    Path users = user(issuer().token(-60), issuer().refreshToken());
    String before = Files.readString(users);
    Files.createFile(folder.resolve("users.lock"));
    try (ApiClient api = ApiClient.open(context(users))) {
      assertTrue(who(api).contains(alice()));
    }
    assertEquals(before, Files.readString(users));
    assertTrue(Files.exists(folder.resolve("users.lock")));
  }

  @Test
  void token_endsTwiceWhileTheFileIsLocked_isRenewedByWhatWasGivenLast() throws Exception {
    Path users = user(issuer().token(-60), issuer().refreshToken());
    Files.createFile(folder.resolve("users.lock"));
    int before = issuer().renewals();
    issuer().lifetime(12); // counts as ended after two seconds
    try (ApiClient api = ApiClient.open(context(users))) {
      assertEquals(before + 1, issuer().renewals());
      issuer().lifetime(600);
      Await.until(
          "the next one", () -> who(api).contains(alice()) && issuer().renewals() == before + 2);
      // what stands in the file again is another's: it counts
      user(issuer().token(600), issuer().refreshToken());
      assertTrue(who(api).contains(alice()));
    }
    assertEquals(before + 2, issuer().renewals());
  }

  @Test
  void test_brokenWays_sayWhatIsWrongAndNoSecret() throws Exception {
    String ended = issuer().token(-60);
    String good = issuer().refreshToken();
    String down = "https://127.0.0.1:1";
    String other;
    try (TestIssuer stranger = TestIssuer.start(Files.createDirectory(folder.resolve("other")))) {
      other = stranger.authority();
    }
    assertBroken(
        user(ended, good, down, issuer().authority()),
        "The issuer " + down + ": nothing listens there; is the issuer running?");
    assertBroken(
        user(ended, good, issuer().url(), other),
        "The issuer "
            + issuer().url()
            + ": its certificate is not signed by the CA of the kubeconfig.");
    assertBroken(
        user(ended, "refresh-stolen"),
        "The issuer "
            + issuer().url()
            + " does not renew the sign-in: invalid_grant, The token … is not active; sign in again"
            + " with the issuer's own program.");
    assertBroken(
        user(ended, "\"\""),
        "The id token of alice has ended, and the kubeconfig has no refresh token; sign in again"
            + " with the issuer's own program.");
    assertBroken(
        user(ended, good, issuer().url(), "no certificate"),
        "The CA of the issuer " + issuer().url() + " in the kubeconfig is no PEM.");
    assertBroken(
        user(ended, good, issuer().url() + "/elsewhere", issuer().authority()),
        "The issuer " + issuer().url() + "/elsewhere does not tell of itself: status 404.");
    issuer().lifetime(-5);
    assertBroken(
        user(ended, good),
        "The issuer gave an id token that has ended already; is the clock of this machine right?");
  }

  private void assertBroken(Path users, String sentence) throws Exception {
    KubernetesContext context = context(users);
    List<Step> steps = new ArrayList<>();
    Report report =
        KubernetesTest.run(ConnectionProfile.kubernetes("x", false, context), steps::add).join();
    assertEquals(sentence, report.failure());
    assertEquals(List.of(Step.SIGN_IN), steps);
    ConsoleException e = assertThrows(ConsoleException.class, () -> ApiClient.open(context));
    assertSecretless(e, TestIssuer.SECRET, "refresh-", "eyJ");
  }

  @Test
  void dialog_refusedByTheIssuer_saysSo() throws Exception {
    Path users = user(issuer().token(-60), "refresh-stolen");
    List<Path> files = context(users).files();
    for (Theme theme : List.of(Theme.LIGHT, Theme.DARK)) {
      try (Window window = new Window(theme)) {
        ConnectDialog dialog = new ConnectDialog(window.shell(), files);
        dialog.setBlockOnOpen(false);
        dialog.open();
        Shell shell = dialog.getShell();
        Table table = (Table) Window.find(shell, c -> c instanceof Table).orElseThrow();
        window.await("contexts", () -> table.getItemCount() == 2);
        table.setSelection(0);
        table.notifyListeners(SWT.Selection, new Event());
        Button test = Window.button(shell, "Test connection");
        Window.press(test);
        window.await("the end", () -> test.getText().equals("Test connection"));
        String texts = Window.texts(shell);
        assertTrue(texts.contains("does not renew the sign-in: invalid_grant"), texts);
        assertFalse(texts.contains("refresh-stolen"), texts);
        window.screenshot("connect-oidc-" + (theme.dark() ? "dark" : "light"), shell);
        dialog.close();
      }
    }
  }
}
