package io.sekisho.console.graph.view;

import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Paint;
import org.eclipse.swt.SWT;
import org.eclipse.swt.accessibility.ACC;
import org.eclipse.swt.accessibility.AccessibleAdapter;
import org.eclipse.swt.accessibility.AccessibleControlAdapter;
import org.eclipse.swt.accessibility.AccessibleControlEvent;
import org.eclipse.swt.accessibility.AccessibleEvent;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Event;

/** A word that can be clicked, without a frame until the pointer or the focus is on it. */
final class FlatButton extends Canvas {
  private static final int PAD_X = 6;
  private static final int PAD_Y = 4;
  private static final int ARROW = 14;
  private final Look look;
  private final String name;
  private final boolean opens;
  private final Runnable action;
  private String text;
  private boolean hovered;
  private boolean framed;

  /**
   * Makes a button.
   *
   * @param name for screen readers and the tooltip; the text may be only a sign
   * @param opens whether it opens a menu: an arrow says so
   */
  FlatButton(
      Composite parent, Look look, String text, String name, boolean opens, Runnable action) {
    super(parent, SWT.DOUBLE_BUFFERED);
    this.look = look;
    this.text = text;
    this.name = name;
    this.opens = opens;
    this.action = action;
    setBackground(parent.getBackground());
    setToolTipText(name.equals(text) ? null : name);
    addListener(SWT.Paint, this::paint);
    addListener(SWT.MouseEnter, e -> hover(true));
    addListener(SWT.MouseExit, e -> hover(false));
    addListener(SWT.MouseUp, this::mouse);
    addListener(SWT.KeyDown, this::key);
    addListener(SWT.FocusIn, e -> redraw());
    addListener(SWT.FocusOut, e -> redraw());
    addListener(SWT.Traverse, e -> e.doit = e.detail != SWT.TRAVERSE_RETURN);
    speak();
  }

  private void speak() {
    getAccessible()
        .addAccessibleListener(
            new AccessibleAdapter() {
              @Override
              public void getName(AccessibleEvent e) {
                e.result = name;
              }
            });
    getAccessible()
        .addAccessibleControlListener(
            new AccessibleControlAdapter() {
              @Override
              public void getRole(AccessibleControlEvent e) {
                e.detail = ACC.ROLE_PUSHBUTTON;
              }

              @Override
              public void getValue(AccessibleControlEvent e) {
                e.result = text;
              }
            });
  }

  /** Always on a tint: a chip that says that the view is narrowed. */
  FlatButton framed() {
    framed = true;
    return this;
  }

  void text(String next) {
    if (!next.equals(text)) {
      text = next;
      requestLayout();
      redraw();
    }
  }

  String text() {
    return text;
  }

  private void hover(boolean on) {
    hovered = on;
    redraw();
  }

  private void mouse(Event e) {
    if (e.button == 1 && getClientArea().contains(e.x, e.y)) {
      action.run();
    }
  }

  private void key(Event e) {
    if (e.character == ' ' || e.keyCode == SWT.CR || opens && e.keyCode == SWT.ARROW_DOWN) {
      action.run();
    }
  }

  @Override
  public Point computeSize(int wHint, int hHint, boolean changed) {
    GC gc = new GC(this);
    gc.setFont(look.fonts().normal());
    Point size = gc.textExtent(text);
    gc.dispose();
    int width = size.x + 2 * PAD_X + (opens ? ARROW : 0);
    return new Point(wHint == SWT.DEFAULT ? width : wHint, size.y + 2 * PAD_Y);
  }

  private void paint(Event e) {
    Point size = getSize();
    e.gc.setAntialias(SWT.ON);
    if (hovered || framed && !text.isEmpty()) {
      Paint.round(
          e.gc,
          0,
          0,
          size.x,
          size.y,
          look.theme().tint(look.theme().accent(), look.theme().ground()));
    }
    int middle = size.y / 2;
    int x = Paint.text(e.gc, text, look.fonts().normal(), look.theme().text(), PAD_X, middle);
    if (opens) {
      Paint.arrowDown(e.gc, x + 8, middle, look.theme().faint());
    }
    if (isFocusControl()) {
      e.gc.setForeground(look.theme().accent());
      e.gc.drawRoundRectangle(0, 0, size.x - 1, size.y - 1, 8, 8);
    }
  }
}
