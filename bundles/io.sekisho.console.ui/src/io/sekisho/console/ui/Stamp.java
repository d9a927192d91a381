package io.sekisho.console.ui;

import java.util.function.Consumer;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.ImageData;
import org.eclipse.swt.graphics.ImageGcDrawer;

/**
 * Draws black on white, then takes the darkness as opacity of the colour: smooth edges on every
 * ground.
 */
record Stamp(Consumer<GC> strokes, Color colour) implements ImageGcDrawer {
  @Override
  public void drawOn(GC gc, int w, int h) {
    gc.setAntialias(SWT.ON);
    gc.setBackground(gc.getDevice().getSystemColor(SWT.COLOR_WHITE));
    gc.fillRectangle(0, 0, w, h);
    strokes.accept(gc);
  }

  @Override
  public void postProcess(ImageData data) {
    int pixel = data.palette.getPixel(colour.getRGB());
    for (int y = 0; y < data.height; y++) {
      for (int x = 0; x < data.width; x++) {
        data.setAlpha(x, y, 255 - data.palette.getRGB(data.getPixel(x, y)).green);
        data.setPixel(x, y, pixel);
      }
    }
  }
}
