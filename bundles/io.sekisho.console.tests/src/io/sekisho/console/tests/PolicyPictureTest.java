package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.app.ThemeChoice;
import io.sekisho.console.policy.editor.draw.ElementId;
import io.sekisho.console.policy.editor.draw.Rect;
import io.sekisho.console.policy.editor.view.PictureTable;
import io.sekisho.console.ui.Themes;
import java.util.List;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Event;
import org.junit.jupiter.api.Test;

/** What the policy editor draws, and how it is walked through. */
class PolicyPictureTest extends PolicyEditorFixture {
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
  void zoom_wheelAndKeys_scaleWhatIsSeenAndHit() {
    Rect before = Ui.call(() -> panel().canvas().bounds(firstPeer()).orElseThrow());
    key('+', SWT.MOD1);
    key('=', SWT.MOD1);
    wheel(1, SWT.MOD1);
    assertEquals(2.0, Ui.call(() -> panel().canvas().zoom()));
    Rect large = Ui.call(() -> panel().canvas().bounds(firstPeer()).orElseThrow());
    assertEquals(2 * before.height(), large.height());
    click(firstPeer());
    assertEquals(firstPeer(), Ui.call(() -> panel().canvas().selected().orElseThrow()));
    Ui.screenshot("policy-editor-zoomed");
    wheel(1, 0);
    assertEquals(2.0, Ui.call(() -> panel().canvas().zoom()), "the wheel alone scrolls");
    key('0', SWT.MOD1);
    assertEquals(before, Ui.call(() -> panel().canvas().bounds(firstPeer()).orElseThrow()));
    wheel(-1, SWT.MOD1);
    key('-', SWT.MOD1);
    assertEquals(0.8, Ui.call(() -> panel().canvas().zoom()));
    click(firstPeer());
    assertEquals(firstPeer(), Ui.call(() -> panel().canvas().selected().orElseThrow()));
    Ui.screenshot("policy-editor-small");
  }

  private void wheel(int count, int mask) {
    Ui.run(
        () -> {
          Event e = new Event();
          e.count = count;
          e.stateMask = mask;
          e.x = 40;
          e.y = 100;
          canvas().notifyListeners(SWT.MouseVerticalWheel, e);
        });
  }

  @Test
  void theme_dark_keepsStepsAndIsDrawnAnew() {
    click(firstPeer());
    key(SWT.DEL, 0);
    Ui.await("removed", () -> !text().equals(TEXT));
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
