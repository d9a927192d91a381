package io.sekisho.console.app;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ResourceBundle;
import org.eclipse.jface.window.Window;
import org.eclipse.swt.widgets.Control;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PlatformUI;

/**
 * What a view or a dialog is, and its keys.
 *
 * @param title its name, as it is shown
 * @param what one paragraph
 * @param keys of its own
 * @param everywhere keys of the window; none in a dialog
 */
record Help(String title, String what, List<Key> keys, List<Key> everywhere) {
  private static final ResourceBundle TEXTS =
      ResourceBundle.getBundle(
          "io.sekisho.console.app.help", Locale.getDefault(), Help.class.getClassLoader());

  private static final String KEYS = ".keys";

  /** A key, and what it does. */
  record Key(String key, String does) {}

  /** Help for where a control is: its dialog, or the view or editor that is in use. */
  static Help of(Control control) {
    Object data = control.getShell().getData();
    if (data instanceof Window window && what(window.getClass().getSimpleName()).isPresent()) {
      String id = window.getClass().getSimpleName();
      String title = control.getShell().getText();
      return new Help(title, what(id).orElse(""), keys(id), List.of());
    }
    return Optional.ofNullable(PlatformUI.getWorkbench().getActiveWorkbenchWindow())
        .map(IWorkbenchWindow::getActivePage)
        .map(IWorkbenchPage::getActivePartReference)
        .filter(part -> what(part.getId()).isPresent())
        .map(part -> of(part.getPartName(), part.getId()))
        .orElseGet(() -> of(Texts.help_window, "window"));
  }

  private static Help of(String title, String id) {
    return new Help(title, what(id).orElse(""), keys(id), keys("everywhere"));
  }

  /** The paragraph about a view's id or a dialog's class. */
  static Optional<String> what(String id) {
    return text(id);
  }

  private static List<Key> keys(String id) {
    return text(id + KEYS).stream()
        .flatMap(all -> Arrays.stream(all.split(" \\| ")))
        .map(each -> each.split(" = ", 2))
        .map(each -> new Key(each[0], each[1]))
        .toList();
  }

  private static Optional<String> text(String name) {
    return TEXTS.containsKey(name) ? Optional.of(TEXTS.getString(name)) : Optional.empty();
  }
}
