package io.sekisho.console.ui;

import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.Font;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;

/**
 * Theme and fonts together, and the plain pieces that views are made of: boxes, labels, hairlines,
 * hand-drawn pieces. Pieces take the background of their parent.
 *
 * @param theme colours
 * @param fonts fonts
 */
public record Look(Theme theme, Fonts fonts) {
  /** Draws a piece of the given size in pixels. */
  @FunctionalInterface
  public interface Painter {
    /** Antialiasing is on; the background is filled. */
    void paint(GC gc, int width, int height);
  }

  /** The look in force; UI thread only. */
  public static Look of(Display display) {
    return new Look(Themes.current(), Fonts.of(display));
  }

  /** A composite with a grid: margins and gaps in pixels, multiples of 4. */
  public Composite box(
      Composite parent, Color background, int columns, int marginX, int marginY, int gap) {
    Composite box = new Composite(parent, SWT.NONE);
    box.setBackground(background);
    GridLayout layout = new GridLayout(columns, false);
    layout.marginWidth = marginX;
    layout.marginHeight = marginY;
    layout.horizontalSpacing = gap;
    layout.verticalSpacing = gap;
    box.setLayout(layout);
    return box;
  }

  /** The same, as wide as its parent's grid allows. */
  public Composite row(
      Composite parent, Color background, int columns, int marginX, int marginY, int gap) {
    Composite row = box(parent, background, columns, marginX, marginY, gap);
    row.setLayoutData(new GridData(SWT.FILL, SWT.TOP, true, false));
    return row;
  }

  /** One line of text. */
  public Label label(Composite parent, String text, Font font, Color colour) {
    return label(parent, text, font, colour, SWT.NONE);
  }

  /** Text that wraps at the width of its grid cell. */
  public Label wrapped(Composite parent, String text, Font font, Color colour) {
    Label label = label(parent, text, font, colour, SWT.WRAP);
    GridData data = new GridData(SWT.FILL, SWT.TOP, true, false);
    data.widthHint = 180;
    label.setLayoutData(data);
    return label;
  }

  private Label label(Composite parent, String text, Font font, Color colour, int style) {
    Label label = new Label(parent, style);
    label.setBackground(parent.getBackground());
    label.setForeground(colour);
    label.setFont(font);
    label.setText(text.replace("&", "&&"));
    return label;
  }

  /**
   * A piece drawn by hand.
   *
   * @param width in pixels, or {@link SWT#DEFAULT} to fill
   * @param height likewise
   */
  public Canvas canvas(Composite parent, int width, int height, Painter painter) {
    Canvas canvas = new Canvas(parent, SWT.DOUBLE_BUFFERED);
    canvas.setBackground(parent.getBackground());
    boolean fillX = width == SWT.DEFAULT;
    boolean fillY = height == SWT.DEFAULT;
    GridData data =
        new GridData(fillX ? SWT.FILL : SWT.BEGINNING, fillY ? SWT.FILL : SWT.CENTER, fillX, fillY);
    data.widthHint = fillX ? 20 : width;
    data.heightHint = height;
    canvas.setLayoutData(data);
    canvas.addPaintListener(
        e -> {
          e.gc.setAntialias(SWT.ON);
          e.gc.setTextAntialias(SWT.ON);
          Rectangle area = canvas.getClientArea();
          painter.paint(e.gc, area.width, area.height);
        });
    return canvas;
  }

  /** A thin line across the parent's grid. */
  public void hairline(Composite parent) {
    Canvas line = new Canvas(parent, SWT.NONE);
    line.setBackground(theme.line());
    GridData data = new GridData(SWT.FILL, SWT.CENTER, true, false);
    data.heightHint = 1;
    data.horizontalSpan = ((GridLayout) parent.getLayout()).numColumns;
    line.setLayoutData(data);
  }

  /** Empty space of a height in pixels. */
  public void gap(Composite parent, int height) {
    Canvas space = new Canvas(parent, SWT.NONE);
    space.setBackground(parent.getBackground());
    GridData data = new GridData(SWT.FILL, SWT.TOP, true, false);
    data.heightHint = height;
    data.horizontalSpan = ((GridLayout) parent.getLayout()).numColumns;
    space.setLayoutData(data);
  }
}
