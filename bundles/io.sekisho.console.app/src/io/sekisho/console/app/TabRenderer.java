package io.sekisho.console.app;

import io.sekisho.console.ui.Paint;
import io.sekisho.console.ui.Theme;
import io.sekisho.console.ui.Themes;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.CTabFolder;
import org.eclipse.swt.custom.CTabFolderRenderer;
import org.eclipse.swt.custom.CTabItem;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.graphics.Rectangle;

/**
 * Tabs as quiet words, the one in front underlined, as Operate and Configure are in the top bar.
 * The platform's own lines have a colour that does not follow the theme. Named in the style sheets.
 */
public final class TabRenderer extends CTabFolderRenderer {
  private static final int PAD = 8;
  private static final int GAP = 6;
  private static final int UNDERLINE = 2;

  /** Set on folders that are drawn anew when the theme changes. */
  private static final String FOLLOWS = TabRenderer.class.getName();

  /** From the right edge of a tab to the middle of its cross. */
  private static final int CLOSE = 13;

  /** Called by the style engine, for a folder again with every style sheet. */
  public TabRenderer(CTabFolder folder) {
    super(folder);
    if (folder.getData(FOLLOWS) == null) {
      folder.setData(FOLLOWS, true);
      Themes.onChange(folder, folder::redraw);
    }
  }

  @Override
  protected Point computeSize(int part, int state, GC gc, int widthHint, int heightHint) {
    Point size = super.computeSize(part, state, gc, widthHint, heightHint);
    if (part < 0) {
      return size;
    }
    CTabItem item = parent.getItem(part);
    gc.setFont(parent.getFont());
    int whole = PAD + imageWidth(item) + gc.textExtent(item.getText()).x + after(item);
    boolean squeezed = closable(item) && (state & MINIMUM_SIZE) != 0;
    return new Point(squeezed ? Math.min(size.x, whole) : whole, size.y);
  }

  /** What a tab has behind its word: its cross, if it has one. */
  private static int after(CTabItem item) {
    return closable(item) ? CLOSE + PAD : PAD;
  }

  private static boolean closable(CTabItem item) {
    return (item.getStyle() & SWT.CLOSE) != 0;
  }

  private static int imageWidth(CTabItem item) {
    Image image = item.getImage();
    return image == null ? 0 : image.getBounds().width + GAP;
  }

  @Override
  protected void draw(int part, int state, Rectangle bounds, GC gc) {
    switch (part) {
      case PART_BACKGROUND, PART_BODY, PART_HEADER -> {
        gc.setBackground(Themes.current().ground());
        gc.fillRectangle(bounds);
      }
      case PART_BORDER -> {}
      default -> {
        if (part >= 0) {
          tab(parent.getItem(part), (state & SWT.SELECTED) != 0, bounds, gc);
        } else {
          super.draw(part, state, bounds, gc);
        }
      }
    }
  }

  private void tab(CTabItem item, boolean front, Rectangle at, GC gc) {
    Theme theme = Themes.current();
    gc.setBackground(theme.ground());
    gc.fillRectangle(at);
    int x = at.x + PAD;
    Image image = item.getImage();
    if (image != null) {
      gc.drawImage(image, x, at.y + (at.height - image.getBounds().height) / 2);
      x += imageWidth(item);
    }
    if (closable(item)) {
      // where the folder takes a click as closing
      Paint.cross(gc, at.x + at.width - CLOSE, at.y + at.height / 2, 3, 1, theme.faint());
    }
    gc.setFont(parent.getFont());
    gc.setForeground(front ? theme.text() : theme.faint());
    String word = Paint.fit(gc, item.getText(), at.x + at.width - after(item) - x);
    int height = gc.textExtent(word).y;
    gc.drawText(word, x, at.y + (at.height - height) / 2, SWT.DRAW_TRANSPARENT);
    if (front) {
      gc.setBackground(theme.accent());
      gc.fillRectangle(at.x + PAD, at.y + at.height - UNDERLINE, at.width - 2 * PAD, UNDERLINE);
    }
    if (parent.isFocusControl() && front) {
      gc.setForeground(theme.accent());
      gc.drawFocus(at.x + 2, at.y + 2, at.width - 4, at.height - 4 - UNDERLINE);
    }
  }
}
