package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.app.ConnectDialog;
import io.sekisho.console.app.ThemeChoice;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.jface.dialogs.PopupDialog;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.IViewPart;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.views.IViewDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** F1 says of every view and dialog what it is, and its keys. */
class HelpTest {
  private static final String OURS = "io.sekisho.console.";
  private static final String GRAPH = "io.sekisho.console.graph.view";

  private FakeSession session;

  @BeforeEach
  void connect() {
    session = FakeSession.shop(System.currentTimeMillis() / 1000);
    Ui.run(
        () -> {
          Ui.shell().setBounds(0, 0, 1440, 900);
          Ui.shell().forceActive();
        });
    ShopFixture.look(session);
  }

  @AfterEach
  void leave() {
    Ui.run(() -> card().ifPresent(Shell::close));
    Ui.run(() -> ThemeChoice.use(false));
    ShopFixture.lookAway();
    session.close();
  }

  private static Optional<Shell> card() {
    return Arrays.stream(Ui.display().getShells())
        .filter(s -> s.getData() instanceof PopupDialog && s.isVisible())
        .findFirst();
  }

  private static String texts(Composite below) {
    StringBuilder all = new StringBuilder();
    for (Control child : below.getChildren()) {
      if (child instanceof Label label) {
        all.append(label.getText()).append('\n');
      } else if (child instanceof Composite composite) {
        all.append(texts(composite));
      }
    }
    return all.toString();
  }

  /** As the keyboard does: through the display's filters. */
  private static void pressF1(Control focus) {
    Event event = new Event();
    event.type = SWT.KeyDown;
    event.keyCode = SWT.F1;
    focus.notifyListeners(SWT.KeyDown, event);
  }

  private static List<IViewDescriptor> views() {
    return Arrays.stream(PlatformUI.getWorkbench().getViewRegistry().getViews())
        .filter(v -> v.getId().startsWith(OURS))
        .toList();
  }

  @Test
  void views_all_sayWhatTheyAre() {
    List<IViewDescriptor> all = Ui.call(HelpTest::views);
    assertTrue(all.size() >= 13, all::toString);
    for (IViewDescriptor view : all) {
      String text =
          Ui.call(
              () -> {
                IViewPart part = Ui.page().showView(view.getId());
                part.setFocus();
                pressF1(Ui.shell());
                String said = texts(card().orElseThrow());
                card().ifPresent(Shell::close);
                return said;
              });
      List<String> lines = text.lines().toList();
      assertEquals(view.getLabel(), lines.getFirst(), text);
      assertTrue(lines.get(1).length() > 30 && lines.get(1).endsWith("."), text);
      assertTrue(text.contains("Everywhere\nCtrl+F or /\nfilter\n"), text);
    }
  }

  @Test
  void graph_f1_showsItsKeysAndF1AgainHidesThem() throws Exception {
    for (boolean dark : List.of(false, true)) {
      Ui.run(() -> ThemeChoice.use(dark));
      Ui.call(
          () -> {
            Ui.page().showView(GRAPH).setFocus();
            pressF1(Ui.shell());
            return true;
          });
      String text = Ui.call(() -> texts(card().orElseThrow()));
      assertTrue(text.contains("\nF\nfit\n"), text);
      Ui.dialogScreenshot(dark ? "help-dark" : "help-light", Ui.call(() -> card().orElseThrow()));
      Ui.run(() -> pressF1(card().orElseThrow()));
      assertFalse(Ui.call(() -> card().isPresent()));
    }
  }

  @Test
  void dialog_f1_saysWhatItIs() {
    ConnectDialog dialog =
        Ui.call(
            () -> {
              ConnectDialog made = new ConnectDialog(Ui.shell(), List.of());
              made.setBlockOnOpen(false);
              made.open();
              pressF1(made.getShell());
              return made;
            });
    String text = Ui.call(() -> texts(card().orElseThrow()));
    Ui.run(
        () -> {
          card().ifPresent(Shell::close);
          dialog.close();
        });
    assertTrue(text.startsWith("Connect to a cluster\nA cluster is opened by a context"), text);
    assertFalse(text.contains("Everywhere"), text);
  }
}
