package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.console.app.ThemeChoice;
import io.sekisho.console.policy.PolicyEditor;
import io.sekisho.console.ui.Commands;
import java.util.Map;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.WorkbenchException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A draft while views and sessions come and go. */
class DraftTest {
  private final FakeSession session = FakeSession.shop(1_700_000_000L);

  private static void openRule() {
    Ui.run(
        () ->
            Commands.fire(
                "io.sekisho.console.policy.openRule", Map.of("rule", "shop/payment-in:1")));
  }

  private static void configure() throws WorkbenchException {
    PlatformUI.getWorkbench().showPerspective("io.sekisho.console.app.configure", Ui.window());
  }

  @AfterEach
  void close() {
    Ui.run(
        () -> {
          Ui.page().closeAllEditors(false);
          ThemeChoice.use(false);
        });
    ShopFixture.lookAway();
  }

  @Test
  void openRule_viewsMadeAnewWhileDocumentsAreFetched_opensTheEditor() {
    session.revisions().hold();
    ShopFixture.look(session);
    Ui.call(
        () -> {
          configure();
          return true;
        });
    Ui.await("the documents are asked for", () -> session.revisions().asked() > 0);
    Ui.run(() -> ThemeChoice.use(true)); // who asked is disposed
    openRule();
    session.revisions().release();
    Ui.await("the editor", () -> Ui.page().getActiveEditor() instanceof PolicyEditor);
  }

  @Test
  void session_closed_closesItsEditors() {
    ShopFixture.look(session);
    openRule();
    Ui.await("the editor", () -> Ui.page().getActiveEditor() instanceof PolicyEditor);
    ShopFixture.lookAway();
    Ui.await("no editor", () -> Ui.page().getEditorReferences().length == 0);
    assertEquals(0, session.listeners());
  }
}
