package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.v1.PushRequest;
import io.sekisho.console.app.ThemeChoice;
import io.sekisho.console.core.Role;
import io.sekisho.console.core.kubernetes.Access;
import io.sekisho.console.core.kubernetes.Deed;
import io.sekisho.console.core.kubernetes.KubernetesContext.Target;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Policy;
import io.sekisho.console.core.kubernetes.ObjectRef;
import io.sekisho.console.graph.view.TrafficGraphView;
import io.sekisho.console.policy.DocumentFile;
import io.sekisho.console.policy.DocumentsView;
import io.sekisho.console.policy.PolicyEditor;
import io.sekisho.console.policy.RevisionsView;
import io.sekisho.console.policy.RolloutView;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Selected;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.jface.action.ActionContributionItem;
import org.eclipse.jface.action.IAction;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StyledText;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Table;
import org.eclipse.text.undo.DocumentUndoManagerRegistry;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.commands.ICommandService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator may not put in force is greyed, with why, in every place where that is done: by
 * the role that agents read in his certificate, and by the permissions of the API server. What only
 * makes a draft is for everybody.
 */
class RefusalsTest {
  private static final String ROLE =
      "Changing policies needs the role operator; your certificate is a viewer's.";
  private static final String YOURS =
      "A draft of your own: it can be tried against recorded flows and saved as a file, not put in"
          + " force. ";
  private static final String OPERATE = "io.sekisho.console.app.operate";
  private static final String CONFIGURE = "io.sekisho.console.app.configure";
  private static final String POLICY = "io.sekisho.console.policy.";
  private static final ObjectRef GUARD = new ObjectRef("NetworkPolicy", "shop", "guard");
  private static final String GUARD_TEXT =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: guard
        namespace: shop
      spec:
        podSelector: {}
      """;

  private FakeSession session = FakeSession.shop(System.currentTimeMillis() / 1000);

  private void look() {
    Ui.size(1280, 800);
    ShopFixture.look(session);
    Ui.run(() -> Commands.fire(OPERATE));
  }

  private void viewer() {
    session.role(Role.VIEWER);
    look();
  }

  /** A cluster whose policies go to its API server, which refuses these kinds. */
  private FakeKubernetes objects(Deed... refused) {
    Map<Deed, String> why = new EnumMap<>(Deed.class);
    for (Deed deed : refused) {
      why.put(deed, "You may not " + deed.permission() + ".");
    }
    FakeKubernetes kubernetes = new FakeKubernetes(Target.KUBERNETES);
    kubernetes.access(new Access(why, true));
    kubernetes.objects(
        ShopObjects.with(
            List.of(),
            List.of(new Policy(GUARD, "networking.k8s.io/v1", "7", GUARD_TEXT, List.of())),
            List.of()));
    session.kubernetes(kubernetes);
    look();
    return kubernetes;
  }

  @AfterEach
  void leave() {
    Ui.run(
        () -> {
          dialogs().forEach(Shell::close);
          Commands.fire(CONFIGURE);
          Ui.page().closeAllEditors(false);
          Commands.fire(OPERATE);
          ThemeChoice.use(false);
        });
    ShopFixture.lookAway();
    session.close();
  }

  private static List<Shell> dialogs() {
    return Arrays.stream(Ui.display().getShells())
        .filter(s -> !s.isDisposed() && s.isVisible() && s != Ui.shell())
        .toList();
  }

  private static <T> T show(String view, Class<T> type) {
    return Ui.call(() -> type.cast(Ui.page().showView(view)));
  }

  private static Optional<Button> button(String text) {
    return Ui.find(
            Ui.shell(), c -> c instanceof Button b && b.isVisible() && b.getText().equals(text))
        .map(Button.class::cast);
  }

  /** It stands there, can't be pressed, and says why. */
  private static void greyed(String text, String why) {
    Ui.await(text, () -> button(text).isPresent());
    Ui.await(text + " is greyed", () -> !button(text).orElseThrow().isEnabled());
    assertEquals(why, Ui.call(() -> button(text).orElseThrow().getToolTipText()));
    assertTrue(Ui.call(() -> said(why)), "it is said in words, too: " + why);
  }

  private static boolean said(String words) {
    return said(Ui.shell(), words);
  }

  private static boolean saidBegin(String words) {
    return Ui.find(
            Ui.shell(), c -> c instanceof Label l && l.isVisible() && l.getText().startsWith(words))
        .isPresent();
  }

  private static boolean said(Shell shell, String words) {
    return Ui.find(shell, c -> c instanceof Label l && l.isVisible() && l.getText().equals(words))
        .isPresent();
  }

  private static void free(String text) {
    Ui.await(text, () -> button(text).filter(Control::isEnabled).isPresent());
    assertEquals(null, Ui.call(() -> button(text).orElseThrow().getToolTipText()));
  }

  private static void select(Selected what) {
    Ui.run(() -> Scopes.of(Ui.window()).select(what));
  }

  private static boolean enabled(String command) {
    return Ui.call(
        () ->
            PlatformUI.getWorkbench()
                .getService(ICommandService.class)
                .getCommand(command)
                .isEnabled());
  }

  private static List<IAction> templates() {
    DocumentsView view = show(DocumentsView.ID, DocumentsView.class);
    return Ui.call(
        () ->
            Arrays.stream(view.templates().getItems())
                .map(i -> ((ActionContributionItem) i).getAction())
                .toList());
  }

  private static IAction removal(String title) {
    Ui.await("its removal", () -> !removals(title).isEmpty());
    return removals(title).getFirst();
  }

  /** At most one. */
  private static List<? extends IAction> removals(String title) {
    DocumentsView view = show(DocumentsView.ID, DocumentsView.class);
    return Ui.call(
        () ->
            view.rowActions(title).stream().filter(a -> a.getText().startsWith("Remove")).toList());
  }

  private static PolicyEditor editor(String title) {
    DocumentsView view = show(DocumentsView.ID, DocumentsView.class);
    Ui.await("the draft", () -> !view.rowActions(title).isEmpty());
    Ui.run(() -> view.rowActions(title).getFirst().run());
    Ui.await("the editor", () -> Ui.page().getActiveEditor() instanceof PolicyEditor);
    return (PolicyEditor) Ui.call(() -> Ui.page().getActiveEditor());
  }

  private static boolean editable(PolicyEditor editor) {
    return Ui.call(
        () ->
            ((StyledText)
                    Ui.find(
                            Ui.shell(),
                            c ->
                                c instanceof StyledText t
                                    && t.isVisible()
                                    && t.getText().equals(editor.text().get()))
                        .orElseThrow())
                .getEditable());
  }

  private static String tip(String begins) {
    return Ui.call(
        () ->
            Ui.find(
                    Ui.shell(),
                    c ->
                        c.isVisible()
                            && c.getToolTipText() != null
                            && c.getToolTipText().startsWith(begins))
                .orElseThrow(() -> new AssertionError("nothing says " + begins))
                .getToolTipText());
  }

  @Test
  void viewer_whatIsBegunFromFlowsAndPods_isFree() {
    viewer();
    select(new Selected.Connection("shop/cart", "shop/payment"));
    free("Deny…");
    select(new Selected.Workload("shop/payment"));
    free("Policy from flows…");
    for (String command : List.of("draftAllow", "draftDeny", "fromFlows")) {
      assertTrue(enabled(POLICY + command), command);
    }
    TrafficGraphView graph = show("io.sekisho.console.graph.view", TrafficGraphView.class);
    select(new Selected.Connection("shop/cart", "shop/payment"));
    assertTrue(Ui.call(() -> graph.actions().stream().allMatch(IAction::isEnabled)));
  }

  @Test
  void viewer_newDocument_isADraftAndMayGo() {
    viewer();
    Ui.run(() -> Commands.fire(CONFIGURE));
    Ui.screenshot("no-document-open");
    IAction first = templates().getFirst();
    Ui.run(first::run);
    Ui.await("the editor", () -> Ui.page().getActiveEditor() instanceof PolicyEditor);
    PolicyEditor editor = (PolicyEditor) Ui.call(() -> Ui.page().getActiveEditor());
    assertTrue(editable(editor));
    Ui.await("said above", () -> said(YOURS + ROLE));
    Ui.await("it is listed", () -> !removals(Ui.call(editor::getTitle)).isEmpty());
    IAction removal = removal(Ui.call(editor::getTitle));
    assertTrue(Ui.call(removal::isEnabled), "it is nobody else's");
  }

  @Test
  void operator_nothingIsGreyed() {
    session.role(Role.OPERATOR);
    look();
    select(new Selected.Connection("shop/cart", "shop/payment"));
    free("Deny…");
    assertTrue(enabled(POLICY + "draftDeny"));
    Ui.run(() -> Commands.fire(CONFIGURE));
    assertTrue(Ui.call(() -> templates().stream().allMatch(IAction::isEnabled)));
    assertTrue(Ui.call(() -> removal("shop/payment-in").isEnabled()));
    PolicyEditor editor = editor("shop/payment-in");
    assertEquals("", Ui.call(editor::why));
    assertTrue(editable(editor));
  }

  @Test
  void viewer_draft_isTriedAndUndoneButNotPushed() throws Exception {
    viewer();
    Ui.run(() -> Commands.fire(CONFIGURE));
    assertTrue(Ui.call(() -> templates().stream().allMatch(IAction::isEnabled)));
    IAction removal = removal("shop/payment-in");
    assertFalse(Ui.call(removal::isEnabled));
    assertEquals("Remove: " + ROLE, Ui.call(removal::getText));
    PolicyEditor editor = editor("shop/payment-in");
    assertEquals(YOURS + ROLE, Ui.call(editor::why));
    assertTrue(Ui.call(() -> said(YOURS + ROLE)));
    assertTrue(editable(editor));
    String before = Ui.call(() -> editor.text().get());
    String after = before.replace("cart", "catalog");
    Ui.run(() -> editor.text().set(after));
    Ui.call(() -> Ui.page().showView("io.sekisho.console.policy.impact"));
    greyed("Push…", ROLE);
    Ui.await("the dry run", () -> saidBegin("Against "));
    Ui.screenshot("refused-editor");
    undo(editor, false);
    assertEquals(before, Ui.call(() -> editor.text().get()));
    undo(editor, true);
    assertEquals(after, Ui.call(() -> editor.text().get()));
  }

  private static void undo(PolicyEditor editor, boolean again) {
    Ui.call(
        () -> {
          var steps = DocumentUndoManagerRegistry.getDocumentUndoManager(editor.text());
          if (again) {
            steps.redo();
          } else {
            steps.undo();
          }
          return steps;
        });
  }

  @Test
  void viewer_draft_isSavedAsAFile(@TempDir Path folder) throws Exception {
    viewer();
    Ui.run(() -> Commands.fire(CONFIGURE));
    DocumentsView view = show(DocumentsView.ID, DocumentsView.class);
    Ui.await("the draft", () -> !view.rowActions("shop/payment-in").isEmpty());
    assertTrue(
        Ui.call(
            () ->
                view.rowActions("shop/payment-in").stream()
                    .anyMatch(a -> a.getText().equals("Save as file…") && a.isEnabled())));
    PolicyEditor editor = editor("shop/payment-in");
    assertTrue(Ui.call(editor::isSaveAsAllowed));
    assertTrue(Ui.call(() -> enabled("org.eclipse.ui.file.saveAs")));
    String text = Ui.call(() -> editor.text().get());
    Path file = folder.resolve(DocumentFile.name("shop/payment-in"));
    DocumentFile.write(file, "old");
    DocumentFile.write(file, text);
    assertEquals("shop-payment-in.yaml", file.getFileName().toString());
    assertEquals(text, Files.readString(file));
    try (var left = Files.list(folder)) {
      assertEquals(List.of(file), left.toList());
    }
  }

  @Test
  void editor_theRoleBecomesAnother_barGoesAndTheTextStays() {
    viewer();
    Ui.run(() -> Commands.fire(CONFIGURE));
    PolicyEditor editor = editor("shop/payment-in");
    Ui.await("the bar", () -> said(YOURS + ROLE));
    String text = Ui.call(() -> editor.text().get());
    Ui.run(() -> editor.text().set(text + "# by hand\n"));
    Ui.call(() -> Ui.page().showView("io.sekisho.console.policy.impact"));
    greyed("Push…", ROLE);
    session.role(Role.OPERATOR);
    greyedNoMore();
    Ui.await("no bar", () -> !said(YOURS + ROLE));
    session.role(Role.VIEWER);
    Ui.await("the bar again", () -> said(YOURS + ROLE));
    assertTrue(editable(editor));
    assertEquals(text + "# by hand\n", Ui.call(() -> editor.text().get()));
  }

  /** The draft has changed, so that there is something to push. */
  private static void greyedNoMore() {
    Ui.call(() -> Ui.page().showView("io.sekisho.console.policy.impact"));
    Ui.await("push", () -> button("Push…").filter(Control::isEnabled).isPresent());
  }

  @Test
  void viewer_pushRestoreConfirmAndRevert_areGreyedWithWhy() {
    look();
    Ui.run(() -> Commands.fire(CONFIGURE));
    PolicyEditor editor = editor("shop/payment-in");
    Ui.run(() -> editor.text().set(editor.text().get() + "# by hand\n"));
    greyedNoMore();
    session.role(Role.VIEWER);
    greyed("Push…", ROLE);
    show(RevisionsView.ID, RevisionsView.class);
    history("42");
    assertEquals("Restore this…: " + ROLE, tip("Restore this"));
    session.revisions().pend("somebody else's");
    session.revisionsChanged();
    show(RolloutView.ID, RolloutView.class);
    greyed("Keep it", ROLE);
    greyed("Revert now", ROLE);
    Ui.screenshot("refused-rollout");
  }

  /** The table of revisions, once the newest is this one. */
  private static Table history(String newest) {
    Predicate<Control> fits =
        c ->
            c instanceof Table t
                && t.isVisible()
                && t.getItemCount() > 0
                && t.getItem(0).getText(0).equals(newest);
    Ui.await("the history", () -> Ui.find(Ui.shell(), fits).isPresent());
    return (Table) Ui.call(() -> Ui.find(Ui.shell(), fits).orElseThrow());
  }

  @Test
  void revision_noneOrTheOneInForce_isNotRestored() {
    look();
    session.revisions().push(PushRequest.newBuilder().setBase(42).build());
    session.revisionsChanged();
    Ui.run(() -> Commands.fire(CONFIGURE));
    show(RevisionsView.ID, RevisionsView.class);
    Table table = history("43");
    assertEquals("Restore this…: Choose the revision that shall come back.", tip("Restore this"));
    choose(table, 0);
    assertEquals("Restore this…: Revision 43 is in force.", tip("Restore this"));
    choose(table, 1);
    assertEquals("Restore this…", tip("Restore this"));
  }

  private static void choose(Table table, int row) {
    Ui.run(
        () -> {
          table.setSelection(row);
          Event event = new Event();
          event.item = table.getItem(row);
          table.notifyListeners(SWT.Selection, event);
        });
  }

  @Test
  void kindsRefusedByKubernetes_areDraftedAndTold() {
    String why = "You may not patch ciliumnetworkpolicies (cilium.io).";
    objects(Deed.APPLY_CILIUM_POLICIES);
    select(new Selected.Connection("shop/cart", "shop/payment"));
    free("Deny…");
    Ui.run(() -> Commands.fire(CONFIGURE));
    assertEquals("", Ui.call(editor("shop/guard")::why));
    Ui.run(() -> Commands.fire(POLICY + "fromFlows"));
    Ui.await("the dialog", () -> dialogs().size() == 1);
    Button kind =
        (Button)
            Ui.call(
                () ->
                    Ui.find(
                            dialogs().getFirst(),
                            c -> c instanceof Button b && why.equals(b.getToolTipText()))
                        .orElseThrow());
    assertTrue(Ui.call(kind::getSelection), "the kind that may be applied is proposed");
    assertTrue(Ui.call(kind::isEnabled));
    assertTrue(Ui.call(() -> said(dialogs().getFirst(), why)));
    Ui.dialogScreenshot("refused-from-flows", Ui.call(() -> dialogs().getFirst()));
  }

  @Test
  void objectRefusedByKubernetes_isEditedAndTold() {
    String why = "You may not patch networkpolicies (networking.k8s.io).";
    FakeKubernetes kubernetes = objects(Deed.APPLY_NETWORK_POLICIES);
    Ui.run(() -> Commands.fire(CONFIGURE));
    PolicyEditor editor = editor("shop/guard");
    assertEquals(YOURS + why, Ui.call(editor::why));
    assertTrue(editable(editor));
    Ui.run(() -> editor.text().set(editor.text().get() + "# by hand\n"));
    Ui.await("said above", () -> said(YOURS + why));
    kubernetes.access(new Access(Map.of(), true));
    Ui.await("nothing is said", () -> !said(YOURS + why));
    assertTrue(Ui.call(() -> editor.text().get()).endsWith("# by hand\n"));
  }

  @Test
  void objectThatMayNotBeDeleted_isNotRemoved() {
    String why = "You may not delete networkpolicies (networking.k8s.io) in shop.";
    FakeKubernetes kubernetes = objects();
    kubernetes.keep(GUARD, why);
    Ui.run(() -> Commands.fire(CONFIGURE));
    IAction opened = removal("shop/guard");
    Ui.await("greyed while the menu is open", () -> !opened.isEnabled());
    assertEquals("Remove: " + why, Ui.call(opened::getText));
    assertEquals("", Ui.call(editor("shop/guard")::why), "it may be changed");
  }

  @Test
  void objectThatMayOnlyBeDeleted_isRemoved() {
    objects(Deed.APPLY_NETWORK_POLICIES);
    Ui.run(() -> Commands.fire(CONFIGURE));
    IAction removal = removal("shop/guard");
    Ui.run(removal::run);
    assertTrue(removals("shop/guard").isEmpty(), "it goes already");
  }

  @Test
  void clusterCommands_withoutACluster_areGreyed() {
    look();
    assertTrue(enabled("io.sekisho.console.app.forget"));
    assertFalse(enabled("io.sekisho.console.app.policiesToKubernetes"), "there is no Kubernetes");
    ShopFixture.lookAway();
    for (String command : List.of("disconnect", "forget", "policiesToAgents")) {
      assertFalse(enabled("io.sekisho.console.app." + command), command);
    }
    assertTrue(enabled("io.sekisho.console.app.connect"));
  }
}
