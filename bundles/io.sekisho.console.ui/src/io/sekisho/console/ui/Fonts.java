package io.sekisho.console.ui;

import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Font;
import org.eclipse.swt.graphics.FontData;
import org.eclipse.swt.widgets.Display;

/**
 * The platform's font in the few cuts that views use; one set per display, disposed with it.
 *
 * @param normal the platform's own
 * @param bold the same, bold: titles
 * @param small one point less: second lines
 * @param large seven points more: the one number that counts
 * @param mono fixed width: texts of documents
 */
public record Fonts(Font normal, Font bold, Font small, Font large, Font mono) {
  private static final String KEY = Fonts.class.getName();

  /** The fonts of the display; UI thread only. */
  public static Fonts of(Display display) {
    if (display.getData(KEY) instanceof Fonts fonts) {
      return fonts;
    }
    FontData base = display.getSystemFont().getFontData()[0];
    String name = base.getName();
    int height = base.getHeight();
    Fonts fonts =
        new Fonts(
            display.getSystemFont(),
            new Font(display, name, height, SWT.BOLD),
            new Font(display, name, height - 1, SWT.NORMAL),
            new Font(display, name, height + 7, SWT.NORMAL),
            new Font(display, "monospace", height, SWT.NORMAL));
    display.setData(KEY, fonts);
    display.disposeExec(fonts::dispose);
    return fonts;
  }

  private void dispose() {
    bold.dispose();
    small.dispose();
    large.dispose();
    mono.dispose();
  }
}
