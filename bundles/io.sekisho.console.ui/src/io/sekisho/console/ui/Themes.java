package io.sekisho.console.ui;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Widget;

/** Which theme is in force, and who wants to know when it changes. UI thread only. */
public final class Themes {
  private static final List<Runnable> LISTENERS = new CopyOnWriteArrayList<>();
  private static Theme current = Theme.LIGHT;

  private Themes() {}

  /** The theme in force. */
  public static Theme current() {
    return current;
  }

  /**
   * Puts a theme in force: native widgets follow, then every listener is told, also when it
   * was in force already.
   *
   * <p>{@code GTK_THEME} of the environment beats the wish towards GTK, in both directions.
   */
  public static void use(Display display, Theme theme) {
    display.setDarkThemePreferred(theme.dark());
    current = theme;
    LISTENERS.forEach(Runnable::run);
  }

  /** Calls back after every change while the owner lives. */
  public static void onChange(Widget owner, Runnable listener) {
    LISTENERS.add(listener);
    owner.addDisposeListener(e -> LISTENERS.remove(listener));
  }
}
