package io.sekisho.console.flows;

import org.eclipse.core.commands.Command;
import org.eclipse.core.commands.common.CommandException;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.commands.ICommandService;
import org.eclipse.ui.handlers.IHandlerService;

/**
 * Buttons that fire commands of the policy views by id; the handlers act on what is selected in the
 * window's scope. A command that nobody handles gives a button that can't be pressed.
 */
final class Actions {
  static final String OPEN_RULE = "io.sekisho.console.policy.openRule";
  static final String ALLOW = "io.sekisho.console.policy.draftAllow";
  static final String DENY = "io.sekisho.console.policy.draftDeny";
  static final String GRAPH = "io.sekisho.console.graph.view";
  static final String FLOWS = "io.sekisho.console.flows.table";

  private Actions() {}

  static void buttons(Sheet sheet, boolean dropped, boolean hasRule) {
    Composite row = sheet.buttons();
    sheet.button(row, Texts.button_open, hasRule && handled(OPEN_RULE), () -> fire(OPEN_RULE));
    if (dropped) {
      sheet.button(row, Texts.button_allow, handled(ALLOW), () -> fire(ALLOW));
    } else {
      sheet.button(row, Texts.button_deny, handled(DENY), () -> fire(DENY));
    }
    sheet.button(row, Texts.button_flows, true, Actions::showFlows);
  }

  private static boolean handled(String id) {
    Command command = PlatformUI.getWorkbench().getService(ICommandService.class).getCommand(id);
    return command.isDefined() && command.isHandled();
  }

  private static void fire(String id) {
    try {
      PlatformUI.getWorkbench().getService(IHandlerService.class).executeCommand(id, null);
    } catch (CommandException e) {
      org.eclipse.core.runtime.ILog.of(Actions.class).error("The command " + id + " failed.", e);
    }
  }

  private static void showFlows() {
    IWorkbenchWindow window = PlatformUI.getWorkbench().getActiveWorkbenchWindow();
    if (window != null && window.getActivePage() != null) {
      try {
        window.getActivePage().showView(FLOWS);
      } catch (org.eclipse.ui.PartInitException e) {
        org.eclipse.core.runtime.ILog.of(Actions.class).error("The flows did not open.", e);
      }
    }
  }
}
