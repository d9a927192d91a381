package io.sekisho.console.ui;

import java.util.Optional;
import org.eclipse.jface.action.Action;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Menu;

/** Menus that open below a word or an icon. */
public final class Menus {
  private Menus() {}

  /** An entry that runs something. */
  public static Action action(String text, Runnable run) {
    return new Action(text.replace("&", "&&")) {
      @Override
      public void run() {
        run.run();
      }
    };
  }

  /**
   * Greys an entry with why behind its words, or lets it be chosen again; in an open menu, too.
   *
   * @param text its words without why
   */
  public static void refuse(Action action, String text, Optional<String> refusal) {
    String words = refusal.map(r -> Texts.bind(Texts.refused_entry, text, r)).orElse(text);
    action.setText(words.replace("&", "&&"));
    action.setEnabled(refusal.isEmpty());
  }

  /** An entry with a check mark. */
  public static Action checked(String text, boolean checked, Runnable run) {
    Action action =
        new Action(text.replace("&", "&&"), Action.AS_CHECK_BOX) {
          @Override
          public void run() {
            run.run();
          }
        };
    action.setChecked(checked);
    return action;
  }

  /** Opens below the control; the menu is disposed when it has closed. */
  public static void open(MenuManager manager, Control below) {
    Menu menu = manager.createContextMenu(below);
    menu.setLocation(below.toDisplay(0, below.getSize().y));
    menu.addListener(org.eclipse.swt.SWT.Hide, e -> menu.getDisplay().asyncExec(manager::dispose));
    menu.setVisible(true);
  }
}
