package io.sekisho.console.tests;

import io.sekisho.console.app.ThemeChoice;
import io.sekisho.console.policy.PolicyEditor;
import io.sekisho.console.policy.editor.draw.Element;
import io.sekisho.console.policy.editor.draw.ElementId;
import io.sekisho.console.policy.editor.draw.Rect;
import io.sekisho.console.policy.editor.model.RulePicture;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.console.policy.editor.view.PicturePanel;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.Themes;
import io.sekisho.policy.Direction;
import java.util.List;
import java.util.Map;
import org.eclipse.draw2d.FigureCanvas;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StyledText;
import org.eclipse.swt.widgets.Event;
import org.eclipse.ui.IEditorPart;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The policy editor with a document open, and the hands that tests of it need. */
abstract class PolicyEditorFixture {
  static final String TEXT =
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
    reopen();
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
          Commands.fire("io.sekisho.console.app.operate");
        });
    ShopFixture.lookAway();
  }

  /** The editor of the document, also after it was closed. */
  final void reopen() {
    Ui.run(
        () ->
            Commands.fire(
                "io.sekisho.console.policy.openRule", Map.of("rule", "shop/payment-in:1")));
    Ui.await("the editor", () -> Ui.page().getActiveEditor() instanceof PolicyEditor);
    editor = (PolicyEditor) Ui.call(() -> Ui.page().getActiveEditor());
  }

  final FakeSession session() {
    return session;
  }

  final PicturePanel panel() {
    return editor.picture();
  }

  final String text() {
    return Ui.call(() -> editor.text().get());
  }

  /** Another text, as if typed; waits until it is drawn or said to be unreadable. */
  final void write(String text) {
    Ui.run(() -> editor.text().set(text));
    awaitStep();
  }

  /** Waits until the picture has followed the text, or says that it can't. */
  final void awaitStep() {
    Ui.await(
        "drawn",
        () ->
            panel().canvas().stale()
                || panel().drawn().filter(editor.text().get()::equals).isPresent());
  }

  /** Waits until an edit of the picture has come to the text, and the picture shows it. */
  final void awaitText(String part) {
    Ui.await("in the text: " + part, () -> editor.text().get().contains(part));
    awaitStep();
  }

  final PolicyEditor editor() {
    return editor;
  }

  final SpecPicture spec() {
    return panel().spec().orElseThrow();
  }

  final List<RulePicture> rules(Direction direction) {
    return Ui.call(() -> spec().rules(direction).toList());
  }

  final Element subject() {
    return panel().canvas().plan().orElseThrow().elements().getFirst();
  }

  final FigureCanvas canvas() {
    return panel().canvas().control();
  }

  final void key(int code, int mask) {
    Ui.run(
        () -> {
          Event e = new Event();
          e.keyCode = code;
          e.stateMask = mask;
          canvas().notifyListeners(SWT.KeyDown, e);
        });
  }

  final void click(ElementId id) {
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

  final ElementId firstPeer() {
    return new ElementId.Peer(rules(Direction.INGRESS).getFirst().peers().getFirst().id());
  }

  final StyledText yaml() {
    return (StyledText)
        Ui.find(Ui.shell(), c -> c instanceof StyledText t && t.getText().startsWith("# who"))
            .orElseThrow();
  }
}
