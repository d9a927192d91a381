package io.sekisho.console.app;

import io.sekisho.console.core.Clusters;
import org.eclipse.equinox.app.IApplication;
import org.eclipse.equinox.app.IApplicationContext;
import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.PlatformUI;

/** The console as an application of the platform. */
public final class ConsoleApplication implements IApplication {
  private static final Integer WRONG_ARGUMENTS = 13;

  @Override
  public Object start(IApplicationContext context) {
    Arguments arguments;
    try {
      arguments =
          Arguments.parse(
              (String[]) context.getArguments().get(IApplicationContext.APPLICATION_ARGS));
    } catch (IllegalArgumentException e) {
      System.err.println("sekisho-console: " + e.getMessage() + "\n\n" + Arguments.USAGE);
      context.applicationRunning();
      System.setProperty(IApplicationContext.EXIT_DATA_PROPERTY, "");
      return WRONG_ARGUMENTS;
    }
    if (arguments.help()) {
      System.out.print(Arguments.USAGE);
      return EXIT_OK;
    }
    Display.setAppName("Sekisho");
    Display display = PlatformUI.createDisplay();
    try {
      ThemeChoice.apply(display, arguments.dark());
      int code = PlatformUI.createAndRunWorkbench(display, new Advisor(arguments));
      return code == PlatformUI.RETURN_RESTART ? EXIT_RESTART : EXIT_OK;
    } finally {
      Clusters.shared().closeAll();
      display.dispose();
    }
  }

  @Override
  public void stop() {
    if (PlatformUI.isWorkbenchRunning()) {
      Display display = PlatformUI.getWorkbench().getDisplay();
      display.syncExec(() -> PlatformUI.getWorkbench().close());
    }
  }
}
