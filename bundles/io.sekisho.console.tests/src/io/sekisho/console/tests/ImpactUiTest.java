package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.v1.RollbackRequest;
import io.sekisho.console.app.ThemeChoice;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.GrpcClusterSession;
import io.sekisho.console.core.Link;
import io.sekisho.console.flows.DetailsView;
import io.sekisho.console.flows.FlowsView;
import io.sekisho.console.policy.PolicyEditor;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Themes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.core.runtime.ILogListener;
import org.eclipse.core.runtime.Platform;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StyledText;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;
import org.eclipse.swt.widgets.Text;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.swt.widgets.TreeItem;
import org.eclipse.ui.PartInitException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change, from the flow that asks for it to the push, against real protocols. */
class ImpactUiTest {
  private static final String POLICY = "io.sekisho.console.policy.";
  private static final Selected.Connection DNS =
      new Selected.Connection("shop/frontend", "kube-system/dns");
  private static final Selected.Connection DATABASE =
      new Selected.Connection("shop/catalog-v2", "shop/database");
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private ShopServer server;
  private ClusterSession session;
  private String name = "";

  @BeforeEach
  void connect() throws Exception {
    server = ShopServer.start(ShopFixture.pki(), 0, 400);
    name = "shop-" + NUMBER.incrementAndGet() + "-" + System.nanoTime() % 10_000;
    session = GrpcClusterSession.open(server.profile(name));
    Ui.run(() -> Ui.shell().setBounds(0, 0, 1440, 900));
    ShopFixture.look(session);
    Ui.await("connected", () -> session.link() instanceof Link.Connected);
    Ui.await("endpoints", () -> session.inventory().synced());
    Ui.await("the head", () -> session.revisions().head() == 42);
    Ui.await("flows", () -> session.flows().seen() > 2000);
  }

  @AfterEach
  void leave() {
    Ui.run(
        () -> {
          for (Shell shell : Ui.display().getShells()) {
            if (!shell.isDisposed() && shell != Ui.shell() && shell.getParent() == Ui.shell()) {
              shell.close();
            }
          }
          Ui.page().closeAllEditors(false);
          Commands.fire("io.sekisho.console.app.operate");
        });
    ShopFixture.lookAway();
    session.close();
    server.close();
  }

  private static Scope scope() {
    return Scopes.of(Ui.window());
  }

  private static void view(String id) {
    Ui.call(
        () -> {
          try {
            return Ui.page().showView(id);
          } catch (PartInitException e) {
            throw new AssertionError(e);
          }
        });
  }

  /** Drafts a change about a connection and waits for its editor. */
  private void draft(Selected.Connection connection, String command) {
    Ui.run(() -> scope().select(connection));
    int before = Ui.call(() -> Ui.page().getEditorReferences().length);
    Ui.run(() -> Commands.fire(POLICY + command));
    Ui.await("an editor", () -> Ui.page().getEditorReferences().length > before);
    view(POLICY + "impact");
  }

  private static Optional<Tree> impact() {
    return Ui.find(
            Ui.shell(),
            c ->
                c instanceof Tree t
                    && t.isVisible()
                    && t.getItemCount() > 0
                    && t.getItem(0).getText().startsWith("Newly denied"))
        .map(Tree.class::cast);
  }

  /** The row of a pair in the impact view, whatever becomes of it. */
  static Optional<TreeItem> impactRow(String pair) {
    return impact().stream()
        .flatMap(t -> List.of(t.getItems()).stream())
        .flatMap(g -> List.of(g.getItems()).stream())
        .filter(i -> i.getText().equals(pair))
        .findFirst();
  }

  /** Whether a pair stands below an outcome. */
  private static boolean is(String pair, String outcome) {
    return impactRow(pair).filter(i -> i.getParentItem().getText().startsWith(outcome)).isPresent();
  }

  private static void select(TreeItem item) {
    item.getParent().setSelection(item);
    Event event = new Event();
    event.item = item;
    item.getParent().notifyListeners(SWT.Selection, event);
  }

  /** A button of a dialog above the window. */
  static Button dialogButton(String text) {
    Ui.await("button " + text, () -> inDialog(text).isPresent());
    return Ui.call(() -> inDialog(text).orElseThrow());
  }

  private static Optional<Button> inDialog(String text) {
    return dialogs().stream()
        .flatMap(s -> Ui.find(s, c -> c instanceof Button b && b.getText().equals(text)).stream())
        .map(Button.class::cast)
        .findFirst();
  }

  private static List<Shell> dialogs() {
    List<Shell> out = new ArrayList<>();
    for (Shell shell : Ui.display().getShells()) {
      if (!shell.isDisposed() && shell.isVisible() && shell != Ui.shell()) {
        out.add(shell);
      }
    }
    return out;
  }

  private static List<String> texts(Composite below) {
    List<String> out = new ArrayList<>();
    for (Control child : below.getChildren()) {
      switch (child) {
        case Label l -> out.add(l.getText());
        case Button b -> out.add(b.getText());
        case Composite c -> out.addAll(texts(c));
        default -> {}
      }
    }
    return out;
  }

  private static boolean says(String words) {
    return texts(Ui.shell()).stream().anyMatch(t -> t.contains(words));
  }

  private static boolean dialogSays(String words) {
    return dialogs().stream().flatMap(s -> texts(s).stream()).anyMatch(t -> t.contains(words));
  }

  @Test
  void deny_drafted_showsWhatItWouldDropAndItsFlows() throws Exception {
    draft(DNS, "draftDeny");
    String pair = "shop/frontend → kube-system/dns";
    Ui.await("the dry run", () -> is(pair, "Newly denied (1 pair)"));
    Ui.await("whose tables differ", () -> says("2 endpoints on 2 nodes"));
    Ui.run(() -> select(impactRow(pair).orElseThrow()));
    Ui.await("why", () -> says("then ingress denied by kube-system/deny-frontend-to-dns:1"));
    Ui.screenshot("impact-light");
    Ui.run(() -> ThemeChoice.use(true));
    Ui.await("dark", () -> Themes.current().dark() && impactRow(pair).isPresent());
    Ui.await("still chosen", () -> showFlows().isEnabled());
    Ui.screenshot("impact-dark");
    Ui.run(() -> ThemeChoice.use(false));
    Ui.await("light", () -> !Themes.current().dark() && impactRow(pair).isPresent());

    Ui.run(() -> select(impactRow(pair).orElseThrow().getParentItem()));
    assertTrue(Ui.call(() -> showFlows().isEnabled()), "all of an outcome are flows too");
    Event open = new Event();
    Ui.run(
        () -> {
          TreeItem item = impactRow(pair).orElseThrow();
          select(item);
          open.item = item;
          item.getParent().notifyListeners(SWT.DefaultSelection, open);
        });
    Ui.await(
        "its flows",
        () -> {
          var shown = ((FlowsView) Ui.page().showView("io.sekisho.console.flows.table")).shown();
          return !shown.isEmpty()
              && shown.stream()
                  .allMatch(
                      f ->
                          f.client().key().equals("shop/frontend")
                              && f.server().key().equals("kube-system/dns"));
        });
    Ui.screenshot("impact-flows");
  }

  private static Button showFlows() {
    return (Button)
        Ui.find(Ui.shell(), c -> c instanceof Button b && b.getText().equals("Show these flows"))
            .orElseThrow();
  }

  @Test
  void recording_made_isWhatADraftIsHeldAgainst(@TempDir Path folder) {
    Map<String, String> here = Map.of("folder", folder.toString());
    Ui.run(() -> Commands.fire("io.sekisho.console.flows.record", here));
    Ui.await("recorded", () -> session.tap().recorder().filter(r -> r.written() > 500).isPresent());
    Ui.screenshot("recording");
    Ui.run(() -> Commands.fire("io.sekisho.console.flows.record"));
    Ui.await("ended", () -> session.tap().recorder().isEmpty());

    Ui.run(() -> Commands.fire("io.sekisho.console.flows.openRecording", here));
    Ui.await(
        "its flows",
        () ->
            scope().selected() instanceof Selected.Flows f
                && f.title().startsWith("recording ")
                && f.newestFirst().size() > 500);
    Ui.await("in the table", () -> !flows().shown().isEmpty());
    Ui.screenshot("recording-open");
  }

  /** Under the harness of tests no dialog of errors opens; what it would say is in the log. */
  @Test
  void recording_none_isSaid(@TempDir Path folder) {
    List<String> said = new CopyOnWriteArrayList<>();
    ILogListener log = (status, plugin) -> said.add(status.getMessage());
    Platform.addLogListener(log);
    Ui.run(
        () ->
            Commands.fire(
                "io.sekisho.console.flows.openRecording", Map.of("folder", folder.toString())));
    Ui.await(
        "a reason",
        () -> said.stream().anyMatch(m -> m.contains("there is no recording of flows in")));
    Platform.removeLogListener(log);
  }

  private static FlowsView flows() {
    try {
      return (FlowsView) Ui.page().showView("io.sekisho.console.flows.table");
    } catch (PartInitException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void revision_restored_goesThroughTheSameDialog() {
    Ui.run(() -> Commands.fire("io.sekisho.console.app.configure"));
    view(POLICY + "revisions");
    Ui.await("the history", () -> revisions().filter(t -> t.getItemCount() > 1).isPresent());
    Ui.run(
        () -> {
          Table table = revisions().orElseThrow();
          table.setSelection(1);
          Event chosen = new Event();
          chosen.item = table.getItem(1);
          table.notifyListeners(SWT.Selection, chosen);
          Ui.click(Ui.press(Ui.shell(), "Restore this…"));
        });
    Button restore = dialogButton("Restore revision 41");
    Ui.await("what goes", () -> dialogSays("shop/deny-cart-to-payment"));
    Ui.await("what would become of flows", () -> dialogSays("Newly allowed: "));
    assertFalse(Ui.call(restore::isEnabled), "the name is not typed");
    Ui.run(
        () ->
            dialogs().stream()
                .flatMap(
                    s ->
                        Ui.find(s, c -> c instanceof Text t && t.getMessage().equals(name))
                            .stream())
                .forEach(t -> ((Text) t).setText(name)));
    Ui.await("expectations are known", restore::isEnabled);
    Ui.dialogScreenshot("restore-dialog", Ui.call(() -> dialogs().getFirst()));
    Ui.run(() -> restore.notifyListeners(SWT.Selection, new Event()));
    Ui.await("restored", () -> server.services().restored().size() == 1);
    RollbackRequest sent = server.services().restored().getFirst();
    assertEquals(42, sent.getBase());
    assertEquals(41, sent.getTo());
    assertEquals(60, sent.getConfirmWithin().getSeconds());
  }

  @Test
  void allow_drafted_opensWhatWasDenied() {
    draft(DATABASE, "draftAllow");
    Ui.await("the dry run", () -> is("catalog-v2 → database", "Newly allowed"));
  }

  @Test
  void push_production_asksForItsNameAndForWhatItBreaks() {
    draft(DNS, "draftDeny");
    Ui.await("the dry run", () -> impactRow("shop/frontend → kube-system/dns").isPresent());
    Ui.run(
        () ->
            ((Button)
                    Ui.find(Ui.shell(), c -> c instanceof Button b && b.getText().equals("Push…"))
                        .orElseThrow())
                .notifyListeners(SWT.Selection, new Event()));
    Button push = dialogButton("Push 1 changed document");
    Ui.await("what breaks", () -> dialogSays("names-resolve would be broken"));
    assertTrue(Ui.call(() -> dialogSays("Newly denied: ")));
    assertFalse(Ui.call(push::isEnabled));
    Button override = dialogButton("Break names-resolve knowingly");
    Ui.run(
        () -> {
          override.setSelection(true);
          override.notifyListeners(SWT.Selection, new Event());
        });
    assertFalse(Ui.call(push::isEnabled), "the name is not typed");
    Ui.run(
        () ->
            dialogs().stream()
                .flatMap(
                    s ->
                        Ui.find(s, c -> c instanceof Text t && t.getMessage().equals(name))
                            .stream())
                .forEach(t -> ((Text) t).setText(name)));
    Ui.await("everything is said", push::isEnabled);
    Ui.dialogScreenshot("push-dialog", Ui.call(() -> dialogs().getFirst()));
    Ui.run(() -> push.notifyListeners(SWT.Selection, new Event()));
    Ui.await("pushed", () -> server.services().pushed().size() == 1);
    assertEquals(
        List.of("names-resolve"),
        server.services().pushed().getFirst().getOverrideExpectationsList());
    Ui.await("the dialog is gone", () -> dialogs().isEmpty());
  }

  @Test
  void edge_selected_saysWhatBothEndsDecideAndTheRulesText() {
    Ui.run(() -> scope().select(new Selected.Connection("/203.0.113.40/32", "shop/payment")));
    Ui.await(
        "the rule's text",
        () -> {
          var details = (DetailsView) Ui.page().showView("io.sekisho.console.flows.details");
          return details.texts().stream().anyMatch(t -> t.contains("- fromEntities:\n  - world"))
              && details.texts().stream().anyMatch(t -> t.contains("'s end: denied by"));
        });
    Ui.screenshot("why");
  }

  @Test
  void edge_forwarded_opensTheRuleThatAllows() {
    Ui.run(() -> scope().select(new Selected.Connection("shop/cart", "shop/payment")));
    Ui.await("a rule to open", () -> openRule().filter(Control::isEnabled).isPresent());
    Ui.run(() -> openRule().orElseThrow().notifyListeners(SWT.Selection, new Event()));
    Ui.await(
        "its document",
        () ->
            Ui.page().getActiveEditor() instanceof PolicyEditor editor
                && editor.text().get().contains("name: payment-in"));
  }

  private static Optional<Control> openRule() {
    return Ui.find(Ui.shell(), c -> c instanceof Button b && b.getText().equals("Open rule"));
  }

  @Test
  void fromFlows_workload_draftsItsPolicy() {
    Ui.run(() -> scope().select(new Selected.Workload("shop/payment")));
    Ui.run(() -> Commands.fire(POLICY + "fromFlows"));
    Button draft = dialogButton("Draft the policy");
    Ui.dialogScreenshot("from-flows", Ui.call(() -> dialogs().getFirst()));
    int before = Ui.call(() -> Ui.page().getEditorReferences().length);
    Ui.run(() -> draft.notifyListeners(SWT.Selection, new Event()));
    Ui.await("an editor", () -> Ui.page().getEditorReferences().length > before);
    Ui.await(
        "the policy",
        () ->
            Ui.find(
                    Ui.shell(),
                    c ->
                        c instanceof StyledText t
                            && t.isVisible()
                            && t.getText().contains("name: payment-seen")
                            && t.getText().contains("app: cart"))
                .isPresent());
    Ui.screenshot("from-flows-draft");
  }

  @Test
  void revision_selected_tellsWhatChanged() {
    Ui.run(() -> Commands.fire("io.sekisho.console.app.configure"));
    view(POLICY + "revisions");
    Ui.await("the history", () -> revisions().isPresent());
    Ui.run(
        () -> {
          Table table = revisions().orElseThrow();
          table.setSelection(0);
          Event event = new Event();
          event.item = table.getItem(0);
          table.notifyListeners(SWT.Selection, event);
        });
    Ui.await(
        "its story",
        () ->
            Ui.find(
                    Ui.shell(),
                    c ->
                        c instanceof StyledText t
                            && t.getText().contains("shop/deny-cart-to-payment  added")
                            && t.getText().contains("- shop/cart → shop/payment"))
                .isPresent());
    Ui.screenshot("revisions");
  }

  private static Optional<Table> revisions() {
    return Ui.find(
            Ui.shell(),
            c ->
                c instanceof Table t
                    && t.isVisible()
                    && t.getItemCount() > 0
                    && t.getColumn(0).getText().equals("Revision")
                    && hasData(t.getItem(0)))
        .map(Table.class::cast);
  }

  private static boolean hasData(TableItem item) {
    return item.getData() != null;
  }
}
