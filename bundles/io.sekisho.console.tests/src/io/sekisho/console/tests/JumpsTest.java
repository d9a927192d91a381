package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.v1.Document;
import io.sekisho.console.app.ThemeChoice;
import io.sekisho.console.core.FlowBuffer;
import io.sekisho.console.core.kubernetes.Access;
import io.sekisho.console.core.kubernetes.KubernetesContext.Target;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Policy;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Service;
import io.sekisho.console.core.kubernetes.ObjectRef;
import io.sekisho.console.flows.DetailsView;
import io.sekisho.console.flows.FlowsView;
import io.sekisho.console.policy.PolicyEditor;
import io.sekisho.console.policy.PolicyViewer;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Themes;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.eclipse.draw2d.FigureCanvas;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StyledText;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From a pod, a flow, a service or a policy to the others, where the cluster is Kubernetes. */
class JumpsTest {
  private static final String DETAILS = "io.sekisho.console.flows.details";
  private static final String FLOWS = "io.sekisho.console.flows.table";
  private static final String OPERATE = "io.sekisho.console.app.operate";
  private static final ObjectRef KUBERNETES =
      new ObjectRef("NetworkPolicy", "shop", "payment-guard");
  private static final ObjectRef CILIUM =
      new ObjectRef("CiliumNetworkPolicy", "shop", "payment-guard");

  private static final String NETWORK_POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: payment-guard
        namespace: shop
      spec:
        podSelector:
          matchLabels:
            app: payment
        policyTypes:
        - Ingress
        ingress:
        - from:
          - podSelector:
              matchLabels:
                app: cart
          ports:
          - port: 8443
      """;

  private static final String WORLD = "fromEntities:\n    - world";

  private static final String CILIUM_POLICY =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata:
        name: payment-guard
        namespace: shop
      spec:
        endpointSelector:
          matchLabels:
            app: payment
        ingressDeny:
        - fromEntities:
          - world
      """;

  private FakeSession session = FakeSession.shop(System.currentTimeMillis() / 1000);
  private FakeKubernetes kubernetes = new FakeKubernetes();

  @BeforeEach
  void connect() {
    look();
  }

  private void look() {
    kubernetes.objects(objects(policies(NETWORK_POLICY)));
    session.kubernetes(kubernetes);
    Ui.size(1280, 800);
    ShopFixture.look(session);
    Ui.run(() -> Commands.fire(OPERATE));
  }

  /** Another session, of a cluster whose policies go to its API server. */
  private void toKubernetes(Access access) {
    leave();
    session = FakeSession.shop(System.currentTimeMillis() / 1000);
    kubernetes = new FakeKubernetes(Target.KUBERNETES);
    kubernetes.access(access);
    look();
  }

  @AfterEach
  void leave() {
    Ui.run(
        () -> {
          dialogs().forEach(Shell::close);
          Commands.fire("io.sekisho.console.app.configure");
          Ui.page().closeAllEditors(false);
          Commands.fire(OPERATE);
          ThemeChoice.use(false);
        });
    ShopFixture.lookAway();
    session.close();
  }

  private static Policy policy(ObjectRef ref, String yaml) {
    return new Policy(
        ref, yaml.lines().findFirst().orElseThrow().substring(12), "7", yaml, List.of());
  }

  private static List<Policy> policies(String networkPolicy) {
    return List.of(policy(CILIUM, CILIUM_POLICY), policy(KUBERNETES, networkPolicy));
  }

  private static KubernetesObjects objects(List<Policy> policies) {
    Service pay =
        new Service(
            "shop",
            "pay",
            "ClusterIP",
            List.of("10.96.0.9"),
            Map.of("app", "payment"),
            List.of("443/TCP"));
    return ShopObjects.with(List.of(pay), policies, List.of());
  }

  private static StyledText yaml() {
    return (StyledText)
        Ui.call(
            () ->
                Ui.find(
                        Ui.shell(),
                        c -> c instanceof StyledText t && t.getText().equals(NETWORK_POLICY))
                    .orElseThrow());
  }

  private static PolicyViewer viewer() {
    Ui.await("the viewer", () -> Ui.page().getActiveEditor() instanceof PolicyViewer);
    return (PolicyViewer) Ui.call(() -> Ui.page().getActiveEditor());
  }

  private static String text(PolicyViewer viewer) {
    return Ui.call(() -> viewer.text().get());
  }

  private static List<String> details() {
    return Ui.call(() -> ((DetailsView) Ui.page().showView(DETAILS)).texts());
  }

  private static void until(String line) {
    Ui.await(line, () -> ((DetailsView) Ui.page().showView(DETAILS)).texts().contains(line));
  }

  private static void select(Selected what) {
    Ui.run(() -> Scopes.of(Ui.window()).select(what));
  }

  private static Selected selected() {
    return Ui.call(() -> Scopes.of(Ui.window()).selected());
  }

  private static void click(String name) {
    Ui.run(() -> Ui.click(Ui.press(Ui.shell(), name)));
  }

  private static void push(String button) {
    Ui.run(
        () ->
            Ui.find(
                    Ui.shell(),
                    c -> c instanceof Button b && b.isVisible() && b.getText().equals(button))
                .orElseThrow(() -> new AssertionError("no button " + button))
                .notifyListeners(SWT.Selection, new Event()));
  }

  @Test
  void policyRow_opened_showsTheObjectOfItsKindToLookAt() {
    ClusterTree.await("shop", "policy payment-guard (NetworkPolicy)");
    ClusterTree.open("policy payment-guard (NetworkPolicy)");
    PolicyViewer first = viewer();
    assertEquals(NETWORK_POLICY, text(first));
    assertEquals(
        "Only to look at: this NetworkPolicy is an object of Kubernetes, and policies of shop-prod"
            + " go to the agents.",
        Ui.call(first::why));
    Ui.await("its picture", () -> first.picture().spec().isPresent());
    Ui.screenshot("object-light");
    Ui.run(() -> Commands.fire(OPERATE));
    ClusterTree.await("shop", "policy payment-guard (CiliumNetworkPolicy)");
    ClusterTree.open("policy payment-guard (CiliumNetworkPolicy)");
    Ui.await(
        "the other kind",
        () ->
            Ui.page().getActiveEditor() instanceof PolicyViewer v
                && v.text().get().equals(CILIUM_POLICY));
    Ui.await("its picture", () -> viewer().picture().spec().isPresent());
    Ui.await(
        "tabs told apart", () -> first.getTitle().equals("shop/payment-guard (NetworkPolicy)"));
    assertEquals("shop/payment-guard (CiliumNetworkPolicy)", Ui.call(() -> viewer().getTitle()));
    assertEquals(
        "NetworkPolicy shop/payment-guard, Kubernetes, shop-prod", Ui.call(first::getTitleToolTip));
    Ui.run(() -> ThemeChoice.use(true));
    Ui.await("dark", () -> Themes.current().dark());
    Ui.await("drawn anew", () -> viewer().picture().spec().isPresent());
    Ui.screenshot("object-dark");
  }

  @Test
  void object_lookedAt_canNotBeChangedByPictureOrText() {
    ClusterTree.await("shop", "policy payment-guard (NetworkPolicy)");
    ClusterTree.open("policy payment-guard (NetworkPolicy)");
    PolicyViewer viewer = viewer();
    Ui.await("its picture", () -> viewer.picture().spec().isPresent());
    Ui.run(
        () -> {
          FigureCanvas canvas = viewer.picture().canvas().control();
          for (int code : new int[] {SWT.ARROW_DOWN, SWT.ARROW_LEFT, SWT.DEL, 'd'}) {
            Event key = new Event();
            key.keyCode = code;
            canvas.notifyListeners(SWT.KeyDown, key);
          }
        });
    Ui.await("it says so", () -> viewer.picture().note().equals("It can only be looked at here"));
    assertFalse(Ui.call(() -> yaml().getEditable()));
    assertEquals(NETWORK_POLICY, text(viewer));
  }

  @Test
  void object_changedAndRemoved_isFollowed() {
    ClusterTree.await("shop", "policy payment-guard (NetworkPolicy)");
    ClusterTree.open("policy payment-guard (NetworkPolicy)");
    PolicyViewer viewer = viewer();
    String next = NETWORK_POLICY.replace("app: cart", "app: frontend");
    kubernetes.objects(objects(policies(next)));
    Ui.await("the new text", () -> viewer.text().get().equals(next));
    kubernetes.objects(objects(List.of()));
    Ui.await("it is gone", () -> viewer.why().startsWith("This NetworkPolicy is no longer"));
    assertEquals(next, text(viewer));
  }

  /** The newest flow, as if another rule had dropped it. */
  private FlowRecord dropped(String rule, String kind, int line) {
    return dropped("shop/payment", rule, kind, line);
  }

  private FlowRecord dropped(String server, String rule, String kind, int line) {
    FlowRecord f =
        session.flows().newestFirst().stream()
            .filter(e -> e.server().key().equals(server))
            .filter(e -> e.client().namespace().equals("shop"))
            .filter(e -> !e.server().pod().isEmpty())
            .filter(e -> !e.client().pod().isEmpty())
            .findFirst()
            .orElseThrow();
    FlowRecord made = RuledFlow.of(f, FlowVerdict.DROPPED, "POLICY_DENIED", rule, line, kind);
    List<FlowRecord> all = new ArrayList<>(session.flows().newestFirst());
    all.addFirst(made);
    session.flows(new FlowBuffer(all, session.flows().seen() + 1, 0));
    return made;
  }

  @Test
  void flow_decidedByAnObject_opensItAtItsRule() {
    select(new Selected.Flow(dropped("shop/payment-guard:1", "NetworkPolicy", 13)));
    until("Denied by rule 1 of shop/payment-guard");
    push("Open rule");
    PolicyViewer viewer = viewer();
    assertEquals(NETWORK_POLICY, text(viewer));
    assertEquals("-", Ui.call(() -> yaml().getSelectionText()), "line 13 begins with it");
  }

  @Test
  void flow_decidedByAnObject_showsItsRuleAndLeadsToIt() {
    String wanted = "CiliumNetworkPolicy shop/payment-guard:1";
    String text =
        CILIUM_POLICY
            .replace("app: payment", "app: database")
            .replace(WORLD, "fromEndpoints:\n    - {}");
    kubernetes.objects(objects(List.of(policy(CILIUM, text))));
    FlowRecord flow = dropped("shop/database", "shop/payment-guard:1", "CiliumNetworkPolicy", 11);
    select(new Selected.Flow(flow));
    until(wanted);
    assertTrue(details().contains("- fromEndpoints:\n  - {}"), () -> String.join("\n", details()));
    assertFalse(details().contains("The documents in force now decide otherwise."));
    Ui.screenshot("why-object");
    click(wanted);
    assertEquals(text, text(viewer()));
  }

  @Test
  void flow_decidedByAnObjectThatIsNotSeen_isExplainedByTheAgents() {
    leave();
    session = FakeSession.shop(System.currentTimeMillis() / 1000);
    session.policies(
        request ->
            CompletableFuture.completedFuture(RuledFlow.denied(request.getSource(), "tenants")));
    Ui.size(1280, 800);
    ShopFixture.look(session);
    FlowRecord flow = dropped("tenants:3", "AdminNetworkPolicy", 40);
    select(new Selected.Flow(flow));
    until("AdminNetworkPolicy tenants:3");
    String pod = flow.client().namespace() + "/" + flow.client().pod();
    assertTrue(details().contains("all of " + pod), () -> String.join("\n", details()));
    push("Open rule");
    Ui.await(
        "where it may be",
        () ->
            dialogs().stream().anyMatch(s -> says(s, "connect to the cluster by its kubeconfig")));
    Ui.dialogScreenshot("why-unseen", Ui.call(() -> dialogs().getFirst()));
    Ui.run(() -> dialogs().forEach(Shell::close));

    String text = "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\n";
    session.beside(
        Document.newBuilder()
            .setKind("AdminNetworkPolicy")
            .setName("tenants")
            .setYaml(text)
            .build());
    Ui.run(() -> Commands.fire(OPERATE));
    select(new Selected.Flow(flow));
    until("AdminNetworkPolicy tenants:3");
    push("Open rule");
    PolicyViewer viewer = viewer();
    assertEquals(text, text(viewer));
    assertEquals(
        "Only to look at: this AdminNetworkPolicy is an object of Kubernetes as the agents tell it."
            + " To change it, connect to the cluster by its kubeconfig.",
        Ui.call(viewer::why));
    Ui.screenshot("object-of-agents");
  }

  private static List<Shell> dialogs() {
    return Arrays.stream(Ui.display().getShells())
        .filter(s -> !s.isDisposed() && s.isVisible() && s != Ui.shell())
        .toList();
  }

  private static boolean says(Composite below, String words) {
    return Ui.find(below, c -> c instanceof Label l && l.getText().contains(words)).isPresent();
  }

  @Test
  void flow_decidedByARevision_whereObjectsAreEdited_opensItToLookAt() {
    toKubernetes(Access.UNKNOWN);
    select(new Selected.Flow(dropped("shop/deny-world:1", "CiliumNetworkPolicy", 9)));
    until("Denied by rule 1 of shop/deny-world");
    push("Open rule");
    PolicyViewer viewer = viewer();
    assertTrue(text(viewer).contains("name: deny-world"), text(viewer));
    assertTrue(Ui.call(viewer::why).contains("is in force by revision 42"), Ui.call(viewer::why));
    // an object opens in the editor there
    Ui.run(() -> Commands.fire(OPERATE));
    select(new Selected.Flow(dropped("shop/payment-guard:1", "NetworkPolicy", 13)));
    until("Denied by rule 1 of shop/payment-guard");
    push("Open rule");
    Ui.await(
        "the editor",
        () ->
            Ui.page().getActiveEditor() instanceof PolicyEditor e
                && e.text().get().equals(NETWORK_POLICY));
  }

  @Test
  void pod_itsPage_leadsToPoliciesNodeServiceAndFlows() {
    select(new Selected.Pod("shop", "payment-1", "payment"));
    until("Policies that select it");
    List<String> texts = details();
    int at = texts.indexOf("Policies that select it");
    assertEquals(
        List.of(
            "shop/deny-cart-to-payment",
            "shop/deny-world",
            "shop/payment-guard",
            "shop/payment-guard",
            "shop/payment-in"),
        texts.subList(at + 1, at + 6),
        texts::toString);
    Ui.screenshot("pod-light");
    Ui.await(
        "its flows only",
        () -> {
          List<FlowRecord> shown = ((FlowsView) Ui.page().showView(FLOWS)).shown();
          return !shown.isEmpty()
              && shown.stream()
                  .allMatch(
                      f ->
                          f.client().pod().equals("payment-1")
                              || f.server().pod().equals("payment-1"));
        });
    click("Service: pay");
    assertEquals(new Selected.Service("shop", "pay", Set.of("shop/payment")), selected());
    select(new Selected.Pod("shop", "payment-1", "payment"));
    until("Workload: payment");
    click("Workload: payment");
    assertEquals(new Selected.Workload("shop/payment"), selected());
    until("payment-1");
    click("payment-1");
    assertEquals(new Selected.Pod("shop", "payment-1", "payment"), selected());
    String node =
        session.inventory().endpoints().values().stream()
            .filter(e -> e.getPod().equals("payment-1"))
            .findFirst()
            .orElseThrow()
            .getNode();
    until("Node: " + node);
    click("Node: " + node);
    assertEquals(new Selected.Node(node), selected());
    select(new Selected.Pod("shop", "payment-1", "payment"));
    until("shop/payment-in");
    click("shop/payment-in");
    Ui.await(
        "the editor",
        () ->
            Ui.page().getActiveEditor() instanceof PolicyEditor e
                && e.text().get().contains("name: payment-in"));
  }

  @Test
  void pod_itsButtons_areWhole() {
    select(new Selected.Pod("shop", "payment-1", "payment"));
    until("Policy from flows…");
    List<String> cut = new ArrayList<>();
    Ui.run(
        () ->
            Ui.find(
                Ui.shell(),
                c -> {
                  if (c instanceof Button b && b.isVisible()) {
                    int room = b.getParent().getParent().getClientArea().width;
                    if (b.getParent().getLocation().x + b.getBounds().x + b.getBounds().width
                        > room) {
                      cut.add(b.getText());
                    }
                  }
                  return false;
                }));
    assertEquals(List.of(), cut);
  }

  @Test
  void flow_itsPage_leadsToThePodsAtItsEnds() {
    FlowRecord flow = dropped("shop/payment-guard:1", "NetworkPolicy", 13);
    select(new Selected.Flow(flow));
    String to =
        "To: " + flow.server().pod() + " " + flow.server().address() + ":" + flow.serverPort();
    until(to);
    click(to);
    assertEquals(new Selected.Pod("shop", flow.server().pod(), "payment"), selected());
  }

  @Test
  void serviceRow_selected_showsItsPodsAndFlowsToThem() {
    ClusterTree.await("shop", "service pay  443/TCP");
    ClusterTree.select("service pay  443/TCP");
    until("Pods behind it, 1 of 2 ready");
    Ui.await(
        "flows to its pods only",
        () -> {
          List<FlowRecord> shown = ((FlowsView) Ui.page().showView(FLOWS)).shown();
          return !shown.isEmpty()
              && shown.stream().allMatch(f -> f.server().key().equals("shop/payment"));
        });
    Ui.screenshot("service-light");
    Ui.run(() -> ThemeChoice.use(true));
    Ui.await("dark", () -> Themes.current().dark());
    until("payment-1");
    Ui.screenshot("service-dark");
    click("payment-1");
    assertEquals(new Selected.Pod("shop", "payment-1", "payment"), selected());
  }
}
