package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.app.ThemeChoice;
import io.sekisho.console.policy.PolicyEditor;
import io.sekisho.console.policy.editor.draw.Element;
import io.sekisho.console.policy.editor.draw.ElementId;
import io.sekisho.console.policy.editor.draw.Rect;
import io.sekisho.console.policy.editor.model.Edit;
import io.sekisho.console.policy.editor.model.Effect;
import io.sekisho.console.policy.editor.model.RulePicture;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.console.policy.editor.view.PicturePanel;
import io.sekisho.console.policy.editor.view.PictureTable;
import io.sekisho.console.policy.editor.view.Quick;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.Dragged;
import io.sekisho.console.ui.Themes;
import io.sekisho.policy.Direction;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.draw2d.FigureCanvas;
import org.eclipse.jface.action.IContributionItem;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StyledText;
import org.eclipse.swt.dnd.DND;
import org.eclipse.swt.dnd.DropTarget;
import org.eclipse.swt.dnd.DropTargetEvent;
import org.eclipse.swt.dnd.DropTargetListener;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Text;
import org.eclipse.swt.widgets.Widget;
import org.eclipse.ui.IEditorPart;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The policy editor as an operator uses it: picture and text in step, one undo for both. */
class PolicyEditorTest {
  private static final String TEXT =
      """
      # who may pay
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata:
        name: payment-in
        namespace: shop
      spec:
        endpointSelector:
          matchLabels:
            app: payment
        ingress:
          # the cart pays
          - fromEndpoints:
              - matchLabels:
                  app: cart # first
              - matchLabels:
                  app: frontend
            toPorts:
              - ports:
                  - port: "8443" # https
                    protocol: TCP
          - fromEndpoints:
              - matchLabels:
                  app: monitoring
                  k8s:io.kubernetes.pod.namespace: ops
            toPorts:
              - ports:
                  - port: "9090"
                    protocol: TCP
        ingressDeny:
          - fromEntities:
              - world # never
        egress:
          - toEndpoints:
              - matchLabels:
                  app: database
            toPorts:
              - ports:
                  - port: "5432"
                    protocol: TCP
          - toCIDRSet:
              - cidr: 198.51.100.0/24 # the bank
                except:
                  - 198.51.100.64/26
            toPorts:
              - ports:
                  - port: "443"
                    protocol: TCP
          - toEndpoints:
              - matchLabels:
                  app: dns
                  k8s:io.kubernetes.pod.namespace: kube-system
            toPorts:
              - ports:
                  - port: "53"
                    protocol: UDP
      """;

  private final FakeSession session = FakeSession.shop(1_700_000_000L);
  private PolicyEditor editor;
  private String inForce = "";

  @BeforeEach
  void open() {
    Ui.run(
        () -> {
          Ui.shell().setBounds(0, 0, 1440, 900);
          Ui.shell().forceActive();
        });
    ShopFixture.look(session);
    Ui.run(
        () ->
            Commands.fire(
                "io.sekisho.console.policy.openRule", Map.of("rule", "shop/payment-in:1")));
    Ui.await("the editor", () -> Ui.page().getActiveEditor() instanceof PolicyEditor);
    editor = (PolicyEditor) Ui.call(() -> Ui.page().getActiveEditor());
    inForce = text();
    write(TEXT);
    Ui.await("pods", () -> subject().lines().contains("3 pods"));
  }

  @AfterEach
  void close() {
    Ui.run(() -> editor.text().set(inForce)); // the draft is kept from session to session
    Ui.run(
        () -> {
          for (var reference : Ui.page().getEditorReferences()) {
            IEditorPart part = reference.getEditor(false);
            Ui.page().closeEditor(part, false);
          }
          if (Themes.current().dark()) {
            ThemeChoice.use(false);
          }
        });
    ShopFixture.lookAway();
  }

  private PicturePanel panel() {
    return editor.picture();
  }

  private String text() {
    return Ui.call(() -> editor.text().get());
  }

  /** Another text, as if typed; waits until it is drawn or said to be unreadable. */
  private void write(String text) {
    Ui.run(() -> editor.text().set(text));
    Ui.await("drawn", () -> panel().canvas().stale() || panel().spec().isPresent());
  }

  private SpecPicture spec() {
    return panel().spec().orElseThrow();
  }

  private List<RulePicture> rules(Direction direction) {
    return Ui.call(() -> spec().rules(direction).toList());
  }

  private Element subject() {
    return panel().canvas().plan().orElseThrow().elements().getFirst();
  }

  private FigureCanvas canvas() {
    return panel().canvas().control();
  }

  private void key(int code, int mask) {
    Ui.run(
        () -> {
          Event e = new Event();
          e.keyCode = code;
          e.stateMask = mask;
          canvas().notifyListeners(SWT.KeyDown, e);
        });
  }

  private void click(ElementId id) {
    Ui.run(
        () -> {
          Rect r = panel().canvas().bounds(id).orElseThrow();
          Event e = new Event();
          e.button = 1;
          e.x = r.x() + r.width() / 2;
          e.y = r.middle();
          canvas().notifyListeners(SWT.MouseDown, e);
        });
  }

  private ElementId firstPeer() {
    return new ElementId.Peer(rules(Direction.INGRESS).getFirst().peers().getFirst().id());
  }

  @Test
  void open_document_drawsSubjectPeersPortsAndDefaults() {
    List<List<String>> rows =
        Ui.call(
            () ->
                PictureTable.rows(panel().canvas().plan().orElseThrow(), panel().canvas().marks()));
    assertEquals(List.of("Subject", "app=payment", "in shop"), rows.getFirst().subList(0, 3));
    assertEquals(
        List.of("Comes in", "app=cart", "in shop · 3 pods", "8443/TCP", "allow", ""), rows.get(1));
    assertTrue(
        rows.stream().anyMatch(r -> r.get(1).equals("world") && r.get(4).equals("deny")),
        rows.toString());
    assertTrue(
        rows.stream().anyMatch(r -> r.get(2).equals("dropped by default deny")), rows.toString());
    Ui.screenshot("policy-editor-light");
  }

  @Test
  void window_wide_standsSideBySide() {
    Ui.run(() -> Ui.shell().setBounds(0, 0, 2560, 1440));
    Ui.await("side by side", () -> canvas().getSize().y > 700);
    Ui.screenshot("policy-editor-wide");
  }

  @Test
  void delete_peer_patchesTheTextAndUndoBringsItBack() {
    click(firstPeer());
    assertTrue(selectedText().startsWith("matchLabels:") && selectedText().endsWith("app: cart"));
    key(SWT.DEL, 0);
    assertEquals(
        TEXT.replace("        - matchLabels:\n            app: cart # first\n", ""), text());
    Ui.await("one peer", () -> spec().rules().getFirst().peers().size() == 1);
    key('z', SWT.MOD1);
    assertEquals(TEXT, text());
    Ui.await("two peers", () -> spec().rules().getFirst().peers().size() == 2);
    key('y', SWT.MOD1);
    Ui.await("one again", () -> spec().rules().getFirst().peers().size() == 1);
  }

  private String selectedText() {
    return Ui.call(() -> yaml().getSelectionText());
  }

  private StyledText yaml() {
    return (StyledText)
        Ui.find(Ui.shell(), c -> c instanceof StyledText t && t.getText().startsWith("# who"))
            .orElseThrow();
  }

  @Test
  void undo_inTextAndPicture_isOneStack() {
    Ui.run(() -> yaml().insert("# typed\n"));
    String typed = text();
    Ui.await("drawn", () -> !panel().canvas().stale());
    awaitDrawn();
    click(firstPeer());
    key('d', 0);
    assertTrue(text().contains("ingressDeny"));
    assertEquals(Effect.DENY, rules(Direction.INGRESS).getLast().effect());
    assertTrue(text().contains("app: cart # first"), text());
    key('z', SWT.MOD1);
    assertEquals(typed, text());
    key('z', SWT.MOD1);
    assertEquals(TEXT, text());
  }

  /** The picture has followed the text: an edit is taken. */
  private void awaitDrawn() {
    Ui.await(
        "in step",
        () -> {
          panel().make(List.of());
          return !panel().note().startsWith("It is no longer");
        });
  }

  @Test
  void text_broken_keepsTheLastPictureAndSaysSo() {
    write(TEXT.replace("matchLabels:\n      app: payment", "matchLabels: [\n"));
    Ui.await("stale", () -> panel().canvas().stale());
    assertTrue(Ui.call(() -> panel().note()).startsWith("The text can't be drawn"));
    assertEquals("app=payment", Ui.call(() -> subject().lines().getFirst()));
    Ui.screenshot("policy-editor-stale");
    write(TEXT);
    Ui.await("fresh", () -> !panel().canvas().stale());
  }

  @Test
  void text_wrongEntity_isMarkedAtItsBoxAndFixed() {
    write(TEXT.replace("- world # never", "- wrold # never"));
    Ui.await(
        "a mark",
        () ->
            panel().canvas().marks().of().keySet().stream()
                .anyMatch(ElementId.Peer.class::isInstance));
    ElementId id =
        Ui.call(
            () ->
                panel().canvas().marks().of().keySet().stream()
                    .filter(ElementId.Peer.class::isInstance)
                    .findFirst()
                    .orElseThrow());
    assertTrue(Ui.call(() -> panel().canvas().tip(id)).contains("there is no entity 'wrold'"));
    Ui.screenshot("policy-editor-problem");
    run(Ui.call(() -> panel().menu(Optional.of(id), Direction.INGRESS)), "Fix: write world");
    assertEquals(TEXT, text());
  }

  private static void run(MenuManager menu, String name) {
    Ui.run(
        () ->
            Arrays.stream(menu.getItems())
                .filter(i -> name.equals(label(i)))
                .map(i -> ((org.eclipse.jface.action.ActionContributionItem) i).getAction())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no '" + name + "'"))
                .run());
  }

  private static String label(IContributionItem item) {
    return item instanceof org.eclipse.jface.action.ActionContributionItem a
        ? a.getAction().getText()
        : "";
  }

  @Test
  void ports_typedInPlace_areTakenOrExplained() {
    ElementId ports = new ElementId.Ports(rules(Direction.INGRESS).getFirst().id());
    click(ports);
    key(SWT.CR, 0);
    Ui.await("an entry", () -> entry().isPresent());
    assertEquals("8443/TCP", Ui.call(() -> entry().orElseThrow().getText()));
    enter("8443, 99999");
    Ui.await("a reason", () -> Ui.find(canvas(), c -> c instanceof Label).isPresent());
    assertEquals(TEXT, text());
    Ui.screenshot("policy-editor-entry");
    enter("8443, 9000-9010/UDP");
    Ui.await("closed", () -> entry().isEmpty());
    assertTrue(text().contains("- port: \"8443\" # https"), text());
    assertTrue(text().contains("endPort: 9010"), text());
  }

  private Optional<Text> entry() {
    return Ui.find(canvas(), c -> c instanceof Text).map(Text.class::cast);
  }

  private void enter(String line) {
    Ui.run(
        () -> {
          entry().orElseThrow().setText(line);
          Event e = new Event();
          e.keyCode = SWT.CR;
          entry().orElseThrow().notifyListeners(SWT.KeyDown, e);
        });
  }

  @Test
  void drop_workload_addsARuleOnItsSide() throws Exception {
    drop(new Dragged.Workload("ops", "backup"), 40, 120);
    Ui.await("a rule more", () -> spec().rules(Direction.INGRESS).count() == 4);
    assertTrue(text().contains("app: backup"), text());
    assertTrue(text().contains("# the cart pays"), text());
  }

  @Test
  void drop_workloadOnPorts_joinsTheRule() throws Exception {
    ElementId ports = new ElementId.Ports(rules(Direction.EGRESS).getFirst().id());
    Rect r = Ui.call(() -> panel().canvas().bounds(ports).orElseThrow());
    drop(new Dragged.Workload("shop", "catalog-v1"), r.x() + 10, r.middle());
    Ui.await(
        "two peers",
        () -> spec().rules(Direction.EGRESS).findFirst().orElseThrow().peers().size() == 2);
  }

  /** What GTK tells a drop target at the end of a drag. */
  private void drop(Dragged what, int x, int y) throws Exception {
    Class<?> type = Class.forName("org.eclipse.swt.dnd.DNDEvent", true, DND.class.getClassLoader());
    var make = type.getDeclaredConstructor();
    make.setAccessible(true);
    var wrap = DropTargetEvent.class.getDeclaredConstructor(type);
    wrap.setAccessible(true);
    Ui.call(
        () -> {
          DropTarget target = (DropTarget) canvas().getData(DND.DROP_TARGET_KEY);
          Event raw = (Event) make.newInstance();
          raw.widget = (Widget) target;
          DropTargetEvent event = (DropTargetEvent) wrap.newInstance(raw);
          var at = canvas().toDisplay(x, y);
          event.x = at.x;
          event.y = at.y;
          event.detail = DND.DROP_COPY;
          event.data = what.text();
          for (DropTargetListener listener : target.getDropListeners()) {
            listener.dragOver(event);
            listener.drop(event);
          }
          return true;
        });
  }

  @Test
  void quick_dnsAndDefaults_areOneClick() {
    Ui.run(() -> panel().make(Quick.DENY_WORLD_OUT.edits(spec())));
    Ui.run(() -> panel().make(Quick.SAME_NAMESPACE_IN.edits(spec())));
    assertTrue(text().contains("egressDeny:\n    - toEntities:\n        - world"), text());
    assertTrue(text().contains("- fromEndpoints:\n        - {}"), text());
    Ui.run(
        () -> panel().make(List.of(new Edit.SetIsolation(spec().path(), Direction.EGRESS, false))));
    Ui.await("allowed", () -> !spec().isolated().contains(Direction.EGRESS));
  }

  @Test
  void caret_inText_selectsTheBox() {
    Ui.run(() -> yaml().setSelection(yaml().getText().indexOf("198.51.100.64")));
    Ui.await(
        "the bank",
        () ->
            panel()
                .canvas()
                .selected()
                .filter(s -> panel().canvas().tip(s).startsWith("198.51.100.0/24"))
                .isPresent());
  }

  @Test
  void keyboard_arrows_walkFromBoxToBox() {
    click(firstPeer());
    key(SWT.ARROW_DOWN, 0);
    assertTrue(
        Ui.call(() -> panel().canvas().tip(panel().canvas().selected().get()))
            .startsWith("app=frontend"));
    key(SWT.ARROW_RIGHT, 0);
    assertTrue(Ui.call(() -> panel().canvas().selected().get()) instanceof ElementId.Ports);
    key(SWT.ARROW_RIGHT, 0);
    assertTrue(Ui.call(() -> panel().canvas().selected().get()) instanceof ElementId.Subject);
  }

  @Test
  void theme_dark_keepsStepsAndIsDrawnAnew() {
    click(firstPeer());
    key(SWT.DEL, 0);
    Ui.run(() -> ThemeChoice.use(true));
    Ui.await("dark", () -> Themes.current().dark());
    Ui.await("pods", () -> subject().lines().contains("3 pods"));
    click(firstPeer());
    Ui.run(() -> Ui.click(Ui.press(Ui.shell(), "Palette")));
    Ui.await("the palette", () -> panel().palette().table().isVisible());
    Ui.screenshot("policy-editor-dark");
    Ui.run(() -> Ui.click(Ui.press(Ui.shell(), "As table")));
    Ui.await("the table", () -> panel().table().control().isVisible());
    Ui.screenshot("policy-editor-table");
    key('z', SWT.MOD1);
    assertEquals(TEXT, text());
  }

  @Test
  void kinds_others_areDrawn() {
    write(
        """
        # who watches
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata:
          name: guard
        spec:
          tier: Admin
          priority: 10
          subject:
            namespaces:
              matchLabels:
                kubernetes.io/metadata.name: shop
          ingress:
            - name: monitoring
              action: Accept
              from:
                - namespaces:
                    matchLabels:
                      kubernetes.io/metadata.name: ops
              protocols:
                - tcp: {destinationPort: {number: 9090}}
            - name: nobody
              action: Deny
              from:
                - namespaces: {}
          egress:
            - action: Pass
              to:
                - networks: [10.0.0.0/8]
        """);
    Ui.await("the guard", () -> spec().head().name().equals("guard"));
    Ui.screenshot("policy-editor-tiers");
    write(
        """
        # who must not
        apiVersion: sekisho.io/v1
        kind: Expectation
        metadata:
          name: scanner-stays-out
        spec:
          expect: deny
          from:
            - cidr: 203.0.113.0/24
          to:
            - namespace: shop
              podSelector:
                matchLabels: {app: payment}
          ports:
            - port: "8443"
              protocol: TCP
          reason: it was found in May
        """);
    Ui.await("the expectation", () -> spec().demands());
    Ui.screenshot("policy-editor-expectation");
  }
}
