package io.sekisho.console.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.api.v1.PushRequest;
import io.sekisho.console.app.ConnectDialog;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import io.sekisho.console.policy.ApplyDialog;
import io.sekisho.console.policy.ApplyRights;
import io.sekisho.console.ui.Theme;
import io.sekisho.testkit.Await;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The dialogs that speak of Kubernetes, against a real API server; pictures are kept. */
class DialogsTest {
  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: cart, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: cart}}
        ingress:
        - from:
          - podSelector: {matchLabels: {app: %s}}
        policyTypes: [Ingress]
      """;

  private static Optional<ControlPlane> cluster = Optional.empty();

  @BeforeAll
  static void up() {
    assumeTrue(ControlPlane.missing().isEmpty(), () -> ControlPlane.missing().orElse(""));
    ControlPlane made = ControlPlane.apiServer();
    cluster = Optional.of(made);
    made.kubectl("create", "namespace", "shop");
    made.kubectl("create", "namespace", "sekisho-system");
    made.kubectl("create", "clusterrole", "looker", "--verb=get,list,watch", "--resource=pods");
    made.kubectl("create", "clusterrolebinding", "l", "--clusterrole=looker", "--group=lookers");
  }

  @AfterAll
  static void down() {
    cluster.ifPresent(ControlPlane::close);
  }

  private static ControlPlane cluster() {
    return cluster.orElseThrow();
  }

  @Test
  void connect_tested_saysHowFarAndGreysWhatIsForbidden() throws Exception {
    Path looker = cluster().user("looker", "/O=lookers/CN=alice");
    for (Theme theme : List.of(Theme.LIGHT, Theme.DARK)) {
      try (Window window = new Window(theme)) {
        ConnectDialog dialog = new ConnectDialog(window.shell(), List.of(looker));
        dialog.setBlockOnOpen(false);
        dialog.open();
        Shell shell = dialog.getShell();
        Table table = (Table) Window.find(shell, c -> c instanceof Table).orElseThrow();
        window.await("contexts", () -> table.getItemCount() == 1);
        Button connect = Window.button(shell, "Connect");
        Window.press(Window.button(shell, "Test connection"));
        assertFalse(connect.isEnabled());
        window.await("an outcome", connect::isEnabled);
        Button forward = Window.button(shell, "through the API server");
        assertFalse(forward.isEnabled());
        assertEquals(
            "You may not create pods/portforward in sekisho-system.", forward.getToolTipText());
        Button objects = Window.button(shell, "to Kubernetes");
        assertTrue(objects.isEnabled(), "a draft is for everybody");
        assertTrue(objects.getToolTipText().startsWith("You may not patch"));
        assertTrue(
            Window.texts(shell).contains("The API server answers (v1."), Window.texts(shell));
        window.screenshot("connect-tested-" + (theme.dark() ? "dark" : "light"), shell);
        dialog.close();
      }
    }
  }

  @Test
  void apply_fieldsOfOthers_areShownAndTakenOverOnlyWhenTold() throws Exception {
    for (Theme theme : List.of(Theme.LIGHT, Theme.DARK)) {
      cluster()
          .kubectlWith(
              POLICY.formatted("web"),
              "apply",
              "--server-side",
              "--force-conflicts",
              "--field-manager=gitops",
              "-f",
              "-");
      KubernetesContext context = KubernetesContext.usual(List.of(cluster().kubeconfig()), "test");
      AtomicBoolean done = new AtomicBoolean();
      PushRequest changes = PushRequest.newBuilder().addUpsert(POLICY.formatted("shop")).build();
      try (Window window = new Window(theme);
          KubernetesSession session = KubernetesSession.open(context, Clock.systemUTC())) {
        Await.until("what we may do", () -> session.access().known());
        ApplyDialog dialog =
            new ApplyDialog(
                window.shell(), session, "shop-prod", false, changes, () -> done.set(true));
        dialog.open();
        Shell shell = dialog.getShell();
        Button ok = Window.button(shell, "Apply 1 object");
        window.await("the dry run", () -> Window.texts(shell).contains("change NetworkPolicy"));
        assertFalse(ok.isEnabled());
        assertTrue(
            Window.texts(shell).contains("shop/cart: .spec.ingress belongs to gitops"),
            Window.texts(shell));
        assertTrue(Window.texts(shell).contains("app: shop"), Window.texts(shell));
        window.screenshot("apply-" + (theme.dark() ? "dark" : "light"), shell);
        assertTrue(live().contains("app: web"));
        Window.press(Window.button(shell, "Take these fields over from gitops"));
        assertTrue(ok.isEnabled());
        Window.press(ok);
        window.await("applied", done::get);
        assertTrue(live().contains("app: shop"));
      }
    }
  }

  @Test
  void rights_ofTheChangedObjects_areAskedWhenOthersChange() throws Exception {
    Path deputy = Deputy.of(cluster());
    cluster().kubectl("create", "namespace", "ops");
    KubernetesContext context = KubernetesContext.usual(List.of(deputy), "test");
    PushRequest mine = PushRequest.newBuilder().addUpsert(POLICY.formatted("web")).build();
    PushRequest others =
        PushRequest.newBuilder()
            .addUpsert(POLICY.formatted("web").replace("namespace: shop", "namespace: ops"))
            .build();
    try (Window window = new Window(Theme.LIGHT);
        KubernetesSession session = KubernetesSession.open(context, Clock.systemUTC())) {
      ApplyRights rights = new ApplyRights();
      AtomicBoolean changed = new AtomicBoolean();
      Runnable hears = () -> changed.set(true);
      assertEquals(
          Optional.empty(), rights.refusal(session, List.of("ops"), others, window.shell(), hears));
      window.await("the answer", changed::get);
      Optional<String> why = rights.refusal(session, List.of("ops"), others, window.shell(), hears);
      assertTrue(why.orElse("").contains("patch networkpolicies (networking.k8s.io) in ops"));
      assertEquals(
          Optional.empty(), rights.refusal(session, List.of("shop"), mine, window.shell(), hears));
    }
  }

  private static String live() {
    return cluster().kubectl("get", "networkpolicy", "-n", "shop", "cart", "-o", "yaml");
  }
}
