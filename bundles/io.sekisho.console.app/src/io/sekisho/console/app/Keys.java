package io.sekisho.console.app;

import io.sekisho.console.ui.Press;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StyledText;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Spinner;
import org.eclipse.swt.widgets.Text;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PlatformUI;

/**
 * Single keys that work wherever no text is typed: / goes to the filter, Space stops and follows;
 * and F1, which works everywhere, in dialogs too. They are no bindings of the platform because
 * those would take the keys from text fields, too.
 */
final class Keys {
  private final Display display;

  Keys(Display display) {
    this.display = display;
  }

  void install() {
    display.addFilter(SWT.KeyDown, this::key);
  }

  private void key(Event event) {
    if (event.stateMask != 0 || !(event.widget instanceof Control control)) {
      return;
    }
    if (event.keyCode == SWT.F1) {
      HelpCard.toggle(control);
      consume(event);
      return;
    }
    if (typed(control)) {
      return;
    }
    IWorkbenchWindow window = PlatformUI.getWorkbench().getActiveWorkbenchWindow();
    if (window == null || !inWindow(control, window.getShell())) {
      return;
    }
    if (event.character == '/') {
      TopBar.of(window).ifPresent(TopBar::focusFilter);
      consume(event);
    } else if (event.character == ' ' && !pressedBySpace(control)) {
      Scope scope = Scopes.of(window);
      scope.pause(!scope.paused());
      consume(event);
    }
  }

  private static void consume(Event event) {
    event.type = SWT.None;
    event.doit = false;
  }

  private static boolean inWindow(Control control, Shell shell) {
    return control.getShell() == shell;
  }

  private static boolean typed(Control control) {
    return control instanceof Text
        || control instanceof StyledText
        || control instanceof Combo
        || control instanceof Spinner;
  }

  private static boolean pressedBySpace(Control control) {
    return control instanceof Button || Press.isPress(control);
  }
}
