package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.app.ThemeChoice;
import io.sekisho.console.policy.editor.draw.ElementId;
import io.sekisho.console.policy.editor.draw.Rect;
import io.sekisho.console.policy.editor.model.Edit;
import io.sekisho.console.policy.editor.model.Effect;
import io.sekisho.console.policy.editor.model.PeerForm;
import io.sekisho.console.policy.editor.model.PortForm;
import io.sekisho.console.policy.editor.view.Quick;
import io.sekisho.console.ui.Dragged;
import io.sekisho.policy.Direction;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.jface.action.IContributionItem;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.swt.SWT;
import org.eclipse.swt.dnd.DND;
import org.eclipse.swt.dnd.DropTarget;
import org.eclipse.swt.dnd.DropTargetEvent;
import org.eclipse.swt.dnd.DropTargetListener;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Text;
import org.eclipse.swt.widgets.Widget;
import org.junit.jupiter.api.Test;

/** The policy editor as an operator uses it: picture and text in step, one undo for both. */
class PolicyEditorTest extends PolicyEditorFixture {
  @Test
  void delete_peer_patchesTheTextAndUndoBringsItBack() {
    click(firstPeer());
    assertTrue(selectedText().startsWith("matchLabels:") && selectedText().endsWith("app: cart"));
    key(SWT.DEL, 0);
    Ui.await("one peer", () -> spec().rules().getFirst().peers().size() == 1);
    assertEquals(
        TEXT.replace("        - matchLabels:\n            app: cart # first\n", ""), text());
    key('z', SWT.MOD1);
    assertEquals(TEXT, text());
    Ui.await("two peers", () -> spec().rules().getFirst().peers().size() == 2);
    key('y', SWT.MOD1);
    Ui.await("one again", () -> spec().rules().getFirst().peers().size() == 1);
  }

  @Test
  void delete_peerAndClosedAtOnce_isInTheDraft() {
    click(firstPeer());
    Ui.run(
        () -> {
          Event e = new Event();
          e.keyCode = SWT.DEL;
          canvas().notifyListeners(SWT.KeyDown, e);
          Ui.page().closeEditor(editor(), false);
        });
    Ui.await("without the peer", () -> !editor().text().get().contains("app: cart # first"));
    reopen();
    assertEquals(
        TEXT.replace("        - matchLabels:\n            app: cart # first\n", ""), text());
  }

  @Test
  void theme_changes_theTextStaysWhereItWas() {
    Ui.run(
        () -> {
          yaml().setSelection(yaml().getText().indexOf("port: \"53\""));
          yaml().setTopIndex(9);
        });
    int caret = Ui.call(() -> yaml().getCaretOffset());
    int top = Ui.call(() -> yaml().getTopIndex());
    assertTrue(top > 0, "nothing to scroll");
    Ui.run(() -> ThemeChoice.use(true));
    Ui.await("the same line", () -> yaml().getTopIndex() == top);
    assertEquals(caret, Ui.call(() -> yaml().getCaretOffset()));
  }

  private String selectedText() {
    return Ui.call(() -> yaml().getSelectionText());
  }

  @Test
  void undo_inTextAndPicture_isOneStack() {
    Ui.run(() -> yaml().insert("# typed\n"));
    String typed = text();
    awaitStep();
    click(firstPeer());
    key('d', 0);
    Ui.await("another text", () -> !text().equals(typed));
    assertEquals(
        List.of(Effect.ALLOW, Effect.DENY, Effect.DENY),
        rules(Direction.INGRESS).stream().map(r -> r.effect()).toList());
    assertTrue(text().contains("app: cart # first"), text());
    key('z', SWT.MOD1);
    assertEquals(typed, text());
    key('z', SWT.MOD1);
    assertEquals(TEXT, text());
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
  void service_typedInPlace_isWrittenAndChanged() {
    Ui.run(
        () ->
            panel()
                .make(
                    List.of(
                        new Edit.AddRule(
                            spec().path(),
                            Direction.EGRESS,
                            Effect.ALLOW,
                            new PeerForm.Service("bank", "ledger", List.of()),
                            List.of()))));
    awaitText("serviceName: ledger");
    ElementId service =
        new ElementId.Peer(rules(Direction.EGRESS).getLast().peers().getFirst().id());
    click(service);
    key(SWT.CR, 0);
    Ui.await("an entry", () -> entry().isPresent());
    assertEquals("bank/ledger", Ui.call(() -> entry().orElseThrow().getText()));
    enter("bank/vault");
    awaitText("serviceName: vault");
    assertTrue(text().contains("# who may pay"), text());
  }

  @Test
  void icmp_typedInPlace_standsApartAndIsTakenAway() {
    Ui.run(
        () ->
            panel()
                .make(
                    List.of(
                        new Edit.AddRule(
                            spec().path(),
                            Direction.INGRESS,
                            Effect.ALLOW,
                            new PeerForm.Entity("remote-node"),
                            List.of(new PortForm("ICMP", "8", ""))))));
    awaitText("icmps:");
    ElementId types =
        Ui.call(
            () ->
                panel().canvas().plan().orElseThrow().elements().stream()
                    .map(e -> e.id())
                    .filter(ElementId.Icmp.class::isInstance)
                    .findFirst()
                    .orElseThrow());
    click(types);
    Ui.screenshot("policy-editor-icmp");
    key(SWT.CR, 0);
    Ui.await("an entry", () -> entry().isPresent());
    enter("ICMP EchoRequest, ICMPv6 EchoRequest");
    awaitText("IPv6");
    click(types);
    key(SWT.DEL, 0);
    Ui.await("gone", () -> !editor().text().get().contains("icmps"));
  }

  @Test
  void prefixes_several_areTypedAtOnce() {
    ElementId bank =
        Ui.call(
            () ->
                panel().canvas().plan().orElseThrow().elements().stream()
                    .filter(e -> e.lines().getFirst().equals("198.51.100.0/24"))
                    .findFirst()
                    .orElseThrow()
                    .id());
    click(bank);
    key(SWT.F2, 0);
    Ui.await("an entry", () -> entry().isPresent());
    enter("198.51.100.0/24, 192.0.2.0/24");
    awaitText("192.0.2.0/24");
    assertTrue(text().contains("cidr: 198.51.100.0/24 # the bank"), text());
  }

  @Test
  void quick_dnsAndDefaults_areOneClick() {
    Ui.run(() -> panel().make(Quick.DENY_WORLD_OUT.edits(spec())));
    Ui.run(() -> panel().make(Quick.SAME_NAMESPACE_IN.edits(spec())));
    awaitText("egressDeny:\n    - toEntities:\n        - world");
    awaitText("- fromEndpoints:\n        - {}");
    Ui.run(
        () -> panel().make(List.of(new Edit.SetIsolation(spec().path(), Direction.EGRESS, false))));
    Ui.await("allowed", () -> !spec().isolated().contains(Direction.EGRESS));
  }
}
