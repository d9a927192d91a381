package io.sekisho.console.policy;

import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;

/**
 * Draws a column's texts shortened in their middle where there is no room, for names differ at both
 * ends; the tooltip has the whole. The items keep their texts. UI thread only.
 */
public final class LongNames {
  private static final String DOTS = "…";
  private static final int GAP = 6;

  private final Table table;
  private final int column;

  private LongNames(Table table, int column) {
    this.table = table;
    this.column = column;
  }

  /** Does so for a column of a table, as long as it lives. */
  public static void in(Table table, int column) {
    var names = new LongNames(table, column);
    table.addListener(SWT.EraseItem, names::erase);
    table.addListener(SWT.PaintItem, names::paint);
    table.addListener(SWT.MouseMove, names::hover);
  }

  private void erase(Event event) {
    if (event.index == column) {
      event.detail &= ~SWT.FOREGROUND;
    }
  }

  private void paint(Event event) {
    if (event.index != column || !(event.item instanceof TableItem item)) {
      return;
    }
    Rectangle cell = item.getBounds(column);
    int x = event.x;
    var image = item.getImage(column);
    if (image != null) {
      Rectangle size = image.getBounds();
      event.gc.drawImage(image, x, cell.y + (cell.height - size.height) / 2);
      x += size.width + GAP;
    }
    String shown = shortened(event.gc, item.getText(column), cell.x + cell.width - GAP - x);
    Point size = event.gc.textExtent(shown);
    boolean selected = (event.detail & SWT.SELECTED) != 0;
    if (!selected) {
      event.gc.setForeground(item.getForeground(column));
    }
    event.gc.drawText(shown, x, cell.y + (cell.height - size.y) / 2, true);
  }

  /** A tooltip only where something is cut. */
  private void hover(Event event) {
    Optional<String> whole =
        Optional.ofNullable(table.getItem(new Point(event.x, event.y)))
            .filter(i -> i.getBounds(column).contains(event.x, event.y))
            .map(i -> i.getText(column))
            .filter(this::cut);
    String now = whole.orElse(null);
    if (!java.util.Objects.equals(now, table.getToolTipText())) {
      table.setToolTipText(now);
    }
  }

  private boolean cut(String text) {
    GC gc = new GC(table);
    gc.setFont(table.getFont());
    try {
      Rectangle image = table.getItem(0).getImageBounds(column);
      int room = table.getColumn(column).getWidth() - image.width - 3 * GAP;
      return gc.textExtent(text).x > room;
    } finally {
      gc.dispose();
    }
  }

  /** A text that fits into a width, px: whole, or without its middle. */
  public static String shortened(GC gc, String text, int width) {
    if (gc.textExtent(text).x <= width) {
      return text;
    }
    int low = 0;
    int high = text.length() - 1;
    while (low < high) { // most letters that fit
      int letters = (low + high + 1) / 2;
      if (gc.textExtent(without(text, letters)).x <= width) {
        low = letters;
      } else {
        high = letters - 1;
      }
    }
    return without(text, low);
  }

  /** Only so many letters of a text, from both ends. */
  private static String without(String text, int letters) {
    int front = (letters + 1) / 2;
    return text.substring(0, front) + DOTS + text.substring(text.length() - (letters - front));
  }
}
