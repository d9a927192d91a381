package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.app.ThemeChoice;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Clusters;
import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.Profiles;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import io.sekisho.console.flows.DetailsView;
import io.sekisho.console.kubernetes.KubernetesSession;
import io.sekisho.console.kubernetes.KubernetesSessions;
import io.sekisho.console.policy.PolicyEditor;
import io.sekisho.console.policy.PolicyViewer;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Selected;
import io.sekisho.flow.FlowRecord;
import io.sekisho.policy.Documents;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.RuleReference;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StyledText;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Policies as objects of a real API server, in the window: looked at, the choice where policies go,
 * edited, dry run, applied, and the draft that follows what is there.
 */
@EnabledIf(value = "there", disabledReason = "no API server is built: releng/kubernetes/build.bash")
class PolicyObjectsTest {
  private static final String APPLY = "Apply to Kubernetes…";
  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: %s, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: payment}}
        ingress:
        - from:
          - podSelector: {matchLabels: {app: %s}}
          ports: [{port: 8443, protocol: TCP}]
        policyTypes: [Ingress]
      """;

  private static final String DATABASE =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: database-in
        namespace: shop
        annotations: {example.com/owner: shop, example.com/ticket: "17"}
      spec:
        podSelector: {matchLabels: {app: database}}
        ingress:
        - from:
          - podSelector: {matchLabels: {app: catalog-v1}}
          ports: [{port: 5432, protocol: TCP}]
      """;

  private static Optional<ApiServer> server = Optional.empty();

  static boolean there() {
    return ApiServer.there();
  }

  @BeforeAll
  static void up() throws Exception {
    server = Optional.of(ApiServer.up());
    server.get().kubectl("", "create", "namespace", "shop");
  }

  @AfterAll
  static void down() throws Exception {
    if (server.isPresent()) {
      server.get().close();
    }
  }

  @BeforeEach
  void connect() {
    KubernetesContext context =
        KubernetesContext.usual(List.of(server.orElseThrow().kubeconfig()), "test");
    Ui.size(1280, 800);
    Ui.run(() -> Clusters.shared().kubernetes(PolicyObjectsTest::session));
    ShopFixture.look(
        Clusters.shared().open(ConnectionProfile.kubernetes("shop-prod", false, context)));
    Ui.run(() -> Commands.fire("io.sekisho.console.app.operate"));
  }

  /** Agents are the test's, the API server is real. */
  private static FakeSession session(ConnectionProfile profile) {
    FakeSession made = new FakeSession(profile).filled(System.currentTimeMillis() / 1000);
    made.kubernetes(KubernetesSession.open(profile.kubernetes().orElseThrow(), Clock.systemUTC()));
    return made;
  }

  @AfterEach
  void leave() {
    Ui.run(
        () -> {
          dialogs().forEach(Shell::close);
          Commands.fire("io.sekisho.console.app.configure");
          Ui.page().closeAllEditors(false);
          Commands.fire("io.sekisho.console.app.operate");
          ThemeChoice.use(false);
        });
    ShopFixture.lookAway();
    Ui.run(
        () -> {
          Clusters.shared().kubernetes(KubernetesSessions::open);
          Profiles.store(Clusters.shared().profiles());
        });
  }

  private static void apply(String manager, String name, String app) throws Exception {
    server
        .orElseThrow()
        .kubectl(
            POLICY.formatted(name, app),
            "apply",
            "--server-side",
            "--force-conflicts",
            "--field-manager=" + manager,
            "-f",
            "-");
  }

  private static String live(String name) throws Exception {
    return server
        .orElseThrow()
        .kubectl("", "get", "networkpolicy", "-n", "shop", name, "-o", "yaml");
  }

  private static List<Shell> dialogs() {
    return Arrays.stream(Ui.display().getShells())
        .filter(s -> !s.isDisposed() && s.isVisible() && s != Ui.shell())
        .toList();
  }

  private static List<String> texts(Composite below) {
    List<String> out = new ArrayList<>();
    for (Control child : below.getChildren()) {
      switch (child) {
        case Label l -> out.add(l.getText());
        case Text t -> out.add(t.getText());
        case StyledText t -> out.add(t.getText());
        case Composite c -> out.addAll(texts(c));
        default -> {}
      }
    }
    return out;
  }

  private static boolean dialogSays(String words) {
    return dialogs().stream().flatMap(s -> texts(s).stream()).anyMatch(t -> t.contains(words));
  }

  private static Optional<Button> found(Composite below, String text) {
    return Ui.find(below, c -> c instanceof Button b && b.isVisible() && b.getText().equals(text))
        .map(Button.class::cast);
  }

  private static Button button(String text) {
    Ui.await("button " + text, () -> found(Ui.shell(), text).isPresent());
    return Ui.call(() -> found(Ui.shell(), text).orElseThrow());
  }

  private static Button inDialog(String text) {
    Ui.await("button " + text, () -> dialogs().stream().anyMatch(s -> found(s, text).isPresent()));
    return Ui.call(
        () -> dialogs().stream().flatMap(s -> found(s, text).stream()).findFirst().orElseThrow());
  }

  private static void press(Button button) {
    Ui.await(button + " can be pressed", button::isEnabled);
    Ui.run(
        () -> {
          if ((button.getStyle() & SWT.CHECK) != 0) {
            button.setSelection(true);
          }
          button.notifyListeners(SWT.Selection, new Event());
        });
  }

  private static boolean chip(String words) {
    return Ui.find(Ui.shell(), c -> words.equals(c.getToolTipText()) && c.isVisible()).isPresent();
  }

  /**
   * Opens an object from the tree, lets policies go to Kubernetes there, and waits for its text.
   */
  private static PolicyEditor edit(String name) throws Exception {
    Ui.run(() -> Commands.fire("io.sekisho.console.app.operate"));
    ClusterTree.await("shop", "policy " + name);
    ClusterTree.open("policy " + name);
    Ui.await(
        "an editor",
        () ->
            Ui.page().getActiveEditor() instanceof PolicyViewer v && v.text().get().contains(name)
                || Ui.page().getActiveEditor() instanceof PolicyEditor);
    if (Ui.call(() -> Ui.page().getActiveEditor()) instanceof PolicyViewer viewer) {
      assertTrue(Ui.call(() -> chip("shop-prod")), "policies go to the agents");
      assertTrue(Ui.call(viewer::why).contains("policies of shop-prod go to the agents"));
      press(button("Let policies go to Kubernetes"));
    }
    Ui.await("the chip says so", () -> chip("shop-prod, policies in Kubernetes"));
    Ui.await(
        "the editor",
        () ->
            Ui.page().getActiveEditor() instanceof PolicyEditor e
                && e.text().get().contains("name: " + name));
    return (PolicyEditor) Ui.call(() -> Ui.page().getActiveEditor());
  }

  private static void replace(PolicyEditor editor, String what, String with) {
    Ui.run(() -> editor.text().set(editor.text().get().replace(what, with)));
  }

  private static void impact() {
    Ui.call(() -> Ui.page().showView("io.sekisho.console.policy.impact"));
  }

  @Test
  void object_editedAndApplied_isPlannedFirstAndTheDraftFollows() throws Exception {
    apply("sekisho-console", "guard", "cart");
    PolicyEditor editor = edit("guard");
    assertTrue(Ui.call(() -> editor.text().get().contains("app: cart")));
    replace(editor, "app: cart", "app: frontend");
    impact();
    Button open = button(APPLY);
    Ui.await("it may be applied", open::isEnabled);
    Ui.screenshot("objects-1-edited");
    press(open);
    Ui.await("the dry run", () -> dialogSays("change NetworkPolicy shop/guard"));
    assertTrue(Ui.call(() -> dialogSays("app: frontend")), "the difference");
    assertTrue(Ui.call(() -> dialogs().getFirst().getText().contains("in shop-prod")));
    Ui.dialogScreenshot("objects-2-apply", Ui.call(() -> dialogs().getFirst()));
    assertTrue(live("guard").contains("app: cart"), "a dry run changes nothing");
    press(inDialog("Apply 1 object to Kubernetes in shop-prod"));
    Ui.await("the dialog goes", () -> dialogs().isEmpty());
    assertTrue(live("guard").contains("app: frontend"));
    Ui.await(
        "nothing is local any more",
        () ->
            Ui.find(
                    Ui.shell(),
                    c ->
                        c instanceof Label l
                            && l.isVisible()
                            && l.getText().startsWith("The draft is what is in force."))
                .isPresent());
    assertTrue(Ui.call(() -> editor.text().get().contains("app: frontend")));
    // the base is what the API server has: the next change of somebody else comes by itself
    apply("sekisho-console", "guard", "monitoring");
    Ui.await("the editor follows", () -> editor.text().get().contains("app: monitoring"));
    Ui.await(
        "so does the picture",
        () -> editor.picture().drawn().filter(editor.text().get()::equals).isPresent());
    Ui.screenshot("objects-3-applied");
  }

  @Test
  void flow_decidedByAnObject_showsItsRuleAndLeadsToTheLine() throws Exception {
    server.orElseThrow().kubectl(DATABASE, "apply", "-f", "-");
    ClusterTree.await("shop", "policy database-in");
    ClusterSession session = Ui.call(() -> Scopes.of(Ui.window()).session().orElseThrow());
    PolicyDocument document =
        session.objects().policies().stream()
            .filter(p -> p.ref().name().equals("database-in"))
            .flatMap(p -> Documents.parse(List.of(p.yaml())).documents().stream())
            .findFirst()
            .orElseThrow();
    RuleReference rule = document.rules().findFirst().orElseThrow().reference();
    assertEquals("shop/database-in:1", rule.toString());
    FlowRecord flow = allowedBy(rule, session);
    Ui.run(() -> Scopes.of(Ui.window()).select(new Selected.Flow(flow)));
    String named = "NetworkPolicy shop/database-in:1";
    Ui.await("the rule", () -> details().contains(named));
    List<String> told = Ui.call(PolicyObjectsTest::details);
    assertTrue(
        told.stream().anyMatch(t -> t.startsWith("- ") && t.contains("app: catalog-v1")),
        () -> String.join("\n", told));
    assertFalse(told.contains("The documents in force now decide otherwise."));
    Ui.screenshot("objects-why");
    Ui.run(() -> Ui.click(Ui.press(Ui.shell(), named)));
    Ui.await(
        "its policy",
        () ->
            Ui.page().getActiveEditor() instanceof PolicyViewer v
                && v.text().get().contains("name: database-in"));
    PolicyViewer viewer = (PolicyViewer) Ui.call(() -> Ui.page().getActiveEditor());
    String line = Ui.call(() -> viewer.text().get().lines().toList().get(rule.line() - 1)).strip();
    assertTrue(line.startsWith("- "), "a rule begins there: " + line);
  }

  private static List<String> details() throws Exception {
    return ((DetailsView) Ui.page().showView("io.sekisho.console.flows.details")).texts();
  }

  /** A flow as an agent tells it, that follows this API server. */
  private static FlowRecord allowedBy(RuleReference rule, ClusterSession session) {
    FlowRecord f =
        session.flows().newestFirst().stream()
            .filter(e -> e.client().key().equals("shop/catalog-v1"))
            .filter(e -> e.server().key().equals("shop/database"))
            .findFirst()
            .orElseThrow();
    return RuledFlow.of(f, f.verdict(), f.dropReason(), rule.toString(), rule.line(), rule.kind());
  }

  @Test
  void object_withFieldsOfOthers_isAppliedOnlyWhenTheyAreTakenOver() throws Exception {
    apply("gitops", "owned", "cart");
    PolicyEditor editor = edit("owned");
    replace(editor, "app: cart", "app: frontend");
    impact();
    press(button(APPLY));
    Ui.await("whose it is", () -> dialogSays("shop/owned: .spec.ingress belongs to gitops"));
    Button ok = inDialog("Apply 1 object to Kubernetes in shop-prod");
    assertFalse(Ui.call(ok::isEnabled));
    Ui.dialogScreenshot("objects-conflict", Ui.call(() -> dialogs().getFirst()));
    press(inDialog("Take these fields over from gitops"));
    press(ok);
    Ui.await("the dialog goes", () -> dialogs().isEmpty());
    assertTrue(live("owned").contains("app: frontend"));
  }

  @Test
  void object_changedSinceTheDryRun_isLeftAloneAndTheChangeStays() throws Exception {
    apply("sekisho-console", "raced", "cart");
    PolicyEditor editor = edit("raced");
    replace(editor, "app: cart", "app: frontend");
    impact();
    press(button(APPLY));
    Ui.await("the dry run", () -> dialogSays("change NetworkPolicy shop/raced"));
    apply("sekisho-console", "raced", "monitoring");
    press(inDialog("Apply 1 object to Kubernetes in shop-prod"));
    Ui.await("it says so", () -> dialogSays("0 of 1 were applied"));
    assertTrue(live("raced").contains("app: monitoring"));
    assertTrue(Ui.call(() -> editor.text().get().contains("app: frontend")), "the draft keeps it");
    press(inDialog("Cancel"));
    Ui.await("still to be applied", () -> found(Ui.shell(), APPLY).isPresent());
    // against what is there now
    press(button(APPLY));
    Ui.await("a dry run of the new state", () -> dialogSays("app: monitoring"));
    press(inDialog("Apply 1 object to Kubernetes in shop-prod"));
    Ui.await("the dialog goes", () -> dialogs().isEmpty());
    assertTrue(live("raced").contains("app: frontend"));
    assertEquals(1, Ui.call(() -> Ui.page().getEditorReferences().length));
  }
}
