package io.sekisho.console.ui;

import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.accessibility.ACC;
import org.eclipse.swt.accessibility.AccessibleAdapter;
import org.eclipse.swt.accessibility.AccessibleControlAdapter;
import org.eclipse.swt.accessibility.AccessibleControlEvent;
import org.eclipse.swt.accessibility.AccessibleEvent;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;

/**
 * A hand-drawn button without frame: a word, an icon, a chip or a row that can be clicked. It can
 * be reached by Tab, pressed by Space and Enter, and read by a screen reader. A pale ground shows
 * hover, a thin frame focus. What is refused is greyed, and says why.
 */
public final class Press {
  private static final String MARK = Press.class.getName();

  /** How much is seen of one that can't be pressed, of 255. */
  private static final int GREYED = 110;

  private final Canvas canvas;
  private final Runnable action;
  private String name;
  private Optional<String> refusal = Optional.empty();
  private boolean hover;

  /**
   * @param width in pixels or {@link SWT#DEFAULT} to fill
   * @param name read aloud, and the tooltip
   */
  public Press(
      Composite parent,
      Look look,
      int width,
      int height,
      String name,
      Look.Painter painter,
      Runnable action) {
    this.name = name;
    this.action = action;
    canvas = look.canvas(parent, width, height, (gc, w, h) -> paint(gc, w, h, look, painter));
    canvas.setToolTipText(name);
    canvas.setCursor(canvas.getDisplay().getSystemCursor(SWT.CURSOR_HAND));
    canvas.addListener(SWT.MouseEnter, e -> hover(true));
    canvas.addListener(SWT.MouseExit, e -> hover(false));
    canvas.addListener(
        SWT.MouseUp,
        e -> {
          if (e.button == 1 && canvas.getClientArea().contains(e.x, e.y)) {
            run();
          }
        });
    canvas.addListener(
        SWT.KeyDown,
        e -> {
          if (e.character == ' ' || e.character == SWT.CR) {
            run();
          }
        });
    canvas.addListener(SWT.Traverse, e -> e.doit = true);
    canvas.addListener(SWT.FocusIn, e -> canvas.redraw());
    canvas.addListener(SWT.FocusOut, e -> canvas.redraw());
    canvas.setData(MARK, Boolean.TRUE);
    describe();
  }

  /** Whether a control is such a button: it takes Space and Enter itself. */
  public static boolean isPress(Control control) {
    return control.getData(MARK) != null;
  }

  private void run() {
    if (refusal.isEmpty()) {
      action.run();
    }
  }

  /** Greys it, with why in its tooltip; empty lets it be pressed again. */
  public void refuse(Optional<String> why) {
    if (!why.equals(refusal)) {
      refusal = why;
      name(name);
      canvas.setCursor(
          canvas.getDisplay().getSystemCursor(why.isEmpty() ? SWT.CURSOR_HAND : SWT.CURSOR_ARROW));
      canvas.redraw();
    }
  }

  /** What is read aloud. */
  private String words() {
    return refusal.map(r -> Texts.bind(Texts.refused_entry, name, r)).orElse(name);
  }

  private void describe() {
    canvas
        .getAccessible()
        .addAccessibleListener(
            new AccessibleAdapter() {
              @Override
              public void getName(AccessibleEvent e) {
                e.result = words();
              }
            });
    canvas
        .getAccessible()
        .addAccessibleControlListener(
            new AccessibleControlAdapter() {
              @Override
              public void getRole(AccessibleControlEvent e) {
                e.detail = ACC.ROLE_PUSHBUTTON;
              }

              @Override
              public void getState(AccessibleControlEvent e) {
                e.detail = refusal.isEmpty() ? ACC.STATE_FOCUSABLE : ACC.STATE_DISABLED;
              }
            });
  }

  private void hover(boolean on) {
    hover = on;
    canvas.redraw();
  }

  private void paint(GC gc, int w, int h, Look look, Look.Painter painter) {
    Theme theme = look.theme();
    if (hover && refusal.isEmpty()) {
      Paint.round(gc, 0, 0, w, h, Theme.mix(theme.faint(), canvas.getBackground(), 0.1));
    }
    gc.setAlpha(refusal.isEmpty() ? 255 : GREYED);
    painter.paint(gc, w, h);
    gc.setAlpha(255);
    if (canvas.isFocusControl()) {
      gc.setForeground(theme.accent());
      gc.setLineWidth(1);
      gc.drawRoundRectangle(0, 0, w - 1, h - 1, 8, 8);
    }
  }

  /** The widget, for layout and redraw. */
  public Canvas control() {
    return canvas;
  }

  /** Gives another name and tooltip. */
  public void name(String next) {
    name = next;
    canvas.setToolTipText(words());
  }

  /** A word that can be clicked, 24 px high. */
  public static Press word(Composite parent, Look look, String text, Runnable action) {
    int width = Paint.width(parent, text, look.fonts().normal()) + 12;
    return new Press(
        parent,
        look,
        width,
        24,
        text,
        (gc, w, h) -> Paint.text(gc, text, look.fonts().normal(), look.theme().text(), 6, h / 2),
        action);
  }

  /** A word with a small arrow: opens a menu. */
  public static Press menu(Composite parent, Look look, String text, Runnable action) {
    int width = Paint.width(parent, text, look.fonts().normal()) + 28;
    return new Press(
        parent,
        look,
        width,
        24,
        text,
        (gc, w, h) -> {
          Paint.text(gc, text, look.fonts().normal(), look.theme().text(), 6, h / 2);
          Paint.arrowDown(gc, w - 11, h / 2, look.theme().faint());
        },
        action);
  }

  /** A 16 px icon in a square of 24 px. */
  public static Press icon(Composite parent, Look look, Icons icon, String name, Runnable action) {
    return new Press(
        parent,
        look,
        24,
        24,
        name,
        (gc, w, h) -> icon.draw(gc, w / 2 - 8, h / 2 - 8, look.theme().faint()),
        action);
  }

  /** A chip with a cross: says what narrows a view, and widens it again. */
  public static Press chip(Composite parent, Look look, String text, Runnable close) {
    int width = Math.min(420, Paint.width(parent, text, look.fonts().normal()) + 36);
    return new Press(
        parent,
        look,
        width,
        26,
        Texts.bind(Texts.chip_remove, text),
        (gc, w, h) -> {
          Theme t = look.theme();
          Paint.round(gc, 0, 0, w, h, Theme.mix(t.accent(), t.panel(), 0.16));
          gc.setFont(look.fonts().normal());
          Paint.text(gc, Paint.fit(gc, text, w - 34), look.fonts().normal(), t.text(), 10, h / 2);
          Paint.cross(gc, w - 14, h / 2, 3, 1, t.text());
        },
        close);
  }
}
