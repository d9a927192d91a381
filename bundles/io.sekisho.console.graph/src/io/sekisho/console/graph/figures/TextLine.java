package io.sekisho.console.graph.figures;

import io.sekisho.console.graph.layout.Size;
import io.sekisho.console.graph.layout.TextMeasure.Face;
import org.eclipse.draw2d.Graphics;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.TextLayout;

/** One line of text: measured at 100 %, shaped once per font size, drawn often. */
final class TextLine {
  private final TextPass pass;
  private final Face face;
  private String text = "";
  private Size size = new Size(0, 0);
  private TextLayout layout;
  private int layoutPoints;
  private int layoutWidth;
  private int layoutHeight;

  TextLine(TextPass pass, Face face) {
    this.pass = pass;
    this.face = face;
  }

  /** Shows another text, its middle left out where it is wider than so many pixels. */
  void set(String next, int most) {
    String fitted = pass.measure().fit(next, face, most);
    if (!fitted.equals(text)) {
      text = fitted;
      size = pass.measure().of(fitted, face);
      dispose();
    }
  }

  Face face() {
    return face;
  }

  int width() {
    return size.width();
  }

  int height() {
    return size.height();
  }

  /** Asks for the text to be drawn once all shapes are: left edge and top, in world pixels. */
  void draw(double x, double y, Color colour) {
    pass.add(this, x, y + size.height() / 2.0, false, colour);
  }

  /** The same round a middle. */
  void drawCentred(double x, double y, Color colour) {
    pass.add(this, x, y, true, colour);
  }

  /** Draws at a place of the window, vertically round {@code middle}. */
  void drawAt(Graphics g, int x, int middle, boolean centred, Color colour, int base) {
    int points = TextPass.points(face, base);
    if (layout == null || layoutPoints != points) {
      dispose();
      layoutPoints = points;
      layout = new TextLayout(pass.device());
      layout.setFont(pass.font(face, base));
      layout.setText(text);
      layoutHeight = layout.getBounds().height;
      layoutWidth = layout.getBounds().width;
    }
    g.setForegroundColor(colour);
    g.drawTextLayout(layout, centred ? x - layoutWidth / 2 : x, middle - layoutHeight / 2);
  }

  void dispose() {
    if (layout != null) {
      layout.dispose();
      layout = null;
    }
  }
}
