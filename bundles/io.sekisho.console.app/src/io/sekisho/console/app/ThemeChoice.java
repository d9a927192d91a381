package io.sekisho.console.app;

import io.sekisho.console.ui.Theme;
import io.sekisho.console.ui.Themes;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.core.runtime.ILog;
import org.eclipse.core.runtime.preferences.IEclipsePreferences;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.eclipse.e4.ui.css.swt.theme.IThemeEngine;
import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.PlatformUI;
import org.osgi.service.prefs.BackingStoreException;

/** Light or dark: what the operator chose, kept in the preferences, for widgets, CSS and tokens. */
public final class ThemeChoice {
  private static final String NODE = "io.sekisho.console.app";
  private static final String ENGINE_NODE = "org.eclipse.e4.ui.css.swt.theme";
  private static final int SETTLE_MILLIS = 250;
  private static final String KEY = "theme";
  private static final String DARK = "dark";
  private static final String LIGHT = "light";

  private ThemeChoice() {}

  /**
   * Before the first shell: the wish of the arguments, else what is stored, else the platform's.
   */
  static void apply(Display display, Optional<Boolean> wish) {
    wish.ifPresent(ThemeChoice::store);
    Themes.use(display, dark() ? Theme.DARK : Theme.LIGHT);
    // read by the workbench when it starts; a later change would flash
    InstanceScope.INSTANCE.getNode(ENGINE_NODE).put("themeid", id(dark()));
  }

  private static boolean dark() {
    // GTK_THEME beats every wish, so the tokens follow it
    String forced = Map.copyOf(System.getenv()).getOrDefault("GTK_THEME", "");
    if (!forced.isEmpty()) {
      return forced.toLowerCase(Locale.ROOT).contains(DARK);
    }
    String stored = node().get(KEY, "");
    return stored.isEmpty() ? Display.isSystemDarkTheme() : stored.equals(DARK);
  }

  /**
   * Changes the running application: the workbench's own pieces at once, ours when the platform has
   * taken back what its style sheet does not set.
   */
  public static void use(boolean dark) {
    store(dark);
    Display display = PlatformUI.getWorkbench().getDisplay();
    IThemeEngine engine = PlatformUI.getWorkbench().getService(IThemeEngine.class);
    if (engine != null) {
      engine.setTheme(id(dark), false);
    }
    display.timerExec(
        SETTLE_MILLIS, () -> Themes.use(display, dark ? Theme.DARK : Theme.LIGHT));
  }

  private static String id(boolean dark) {
    return NODE + "." + (dark ? DARK : LIGHT);
  }

  private static void store(boolean dark) {
    IEclipsePreferences node = node();
    node.put(KEY, dark ? DARK : LIGHT);
    try {
      node.flush();
    } catch (BackingStoreException e) {
      ILog.of(ThemeChoice.class).error("The theme was not stored.", e);
    }
  }

  private static IEclipsePreferences node() {
    return InstanceScope.INSTANCE.getNode(NODE);
  }
}
