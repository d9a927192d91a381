package io.sekisho.console.ui;

import java.util.List;
import org.eclipse.swt.SWT;
import org.eclipse.swt.accessibility.AccessibleAdapter;
import org.eclipse.swt.accessibility.AccessibleEvent;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.Font;
import org.eclipse.swt.graphics.FontMetrics;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;

/** Lines of a document, as high as they need to be in the width that they get. */
public final class Code extends Canvas {
  private static final int LEAST_WIDTH = 180;

  private final String text;
  private final int character;
  private final int line;

  /** As wide as the grid of its parent allows. */
  Code(Composite parent, String text, Font font, Color ink) {
    super(parent, SWT.DOUBLE_BUFFERED);
    this.text = text;
    setBackground(parent.getBackground());
    setForeground(ink);
    setFont(font);
    GC gc = new GC(this);
    FontMetrics metrics = gc.getFontMetrics();
    character = Math.max(1, gc.textExtent("0").x);
    line = metrics.getHeight();
    gc.dispose();
    GridData data = new GridData(SWT.FILL, SWT.TOP, true, false);
    data.widthHint = LEAST_WIDTH;
    setLayoutData(data);
    addListener(SWT.Paint, e -> paint(e.gc));
    getAccessible()
        .addAccessibleListener(
            new AccessibleAdapter() {
              @Override
              public void getName(AccessibleEvent e) {
                e.result = text;
              }
            });
  }

  /** The lines as the document has them. */
  public String text() {
    return text;
  }

  private List<String> lines(int width) {
    return CodeLines.fit(text, width / character);
  }

  @Override
  public Point computeSize(int widthHint, int heightHint, boolean changed) {
    int width = widthHint == SWT.DEFAULT ? LEAST_WIDTH : widthHint;
    int height = heightHint == SWT.DEFAULT ? lines(width).size() * line : heightHint;
    return new Point(width, height);
  }

  private void paint(GC gc) {
    gc.setTextAntialias(SWT.ON);
    int y = 0;
    for (String one : lines(getClientArea().width)) {
      gc.drawText(one, 0, y, SWT.DRAW_TRANSPARENT);
      y += line;
    }
  }
}
