package io.sekisho.console.ui;

import java.util.Map;
import org.eclipse.core.commands.Command;
import org.eclipse.core.commands.ParameterizedCommand;
import org.eclipse.core.commands.common.CommandException;
import org.eclipse.core.runtime.ILog;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.commands.ICommandService;
import org.eclipse.ui.handlers.IHandlerService;

/** Commands of other features, fired by id: features do not import each other. UI thread only. */
public final class Commands {
  private Commands() {}

  /** Whether someone acts on a command. */
  public static boolean handled(String id) {
    Command command = command(id);
    return command.isDefined() && command.isHandled();
  }

  /** Runs a command; a failure goes to the error log. */
  public static void fire(String id) {
    fire(id, Map.of());
  }

  /** Runs a command with values for its parameters. */
  public static void fire(String id, Map<String, String> values) {
    try {
      ParameterizedCommand command = ParameterizedCommand.generateCommand(command(id), values);
      PlatformUI.getWorkbench().getService(IHandlerService.class).executeCommand(command, null);
    } catch (CommandException e) {
      ILog.of(Commands.class).error("The command " + id + " failed.", e);
    }
  }

  private static Command command(String id) {
    return PlatformUI.getWorkbench().getService(ICommandService.class).getCommand(id);
  }
}
