package io.sekisho.console.ui;

import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Path;

/** Small charts without axes. Values per slot, oldest first; {@code top} is the full height. */
public final class Charts {
  private Charts() {}

  /** A filled line. */
  public static void area(
      GC gc,
      double[] values,
      double top,
      int x,
      int y,
      int width,
      int height,
      Color line,
      Color fill) {
    if (values.length < 2) {
      return;
    }
    Path area = new Path(gc.getDevice());
    Path edge = new Path(gc.getDevice());
    area.moveTo(x, y + height);
    for (int i = 0; i < values.length; i++) {
      float px = x + (float) width * i / (values.length - 1);
      float py = (float) (y + height - Math.min(1, values[i] / Math.max(top, 1e-9)) * height);
      area.lineTo(px, py);
      if (i == 0) {
        edge.moveTo(px, py);
      } else {
        edge.lineTo(px, py);
      }
    }
    area.lineTo(x + width, y + height);
    area.close();
    gc.setBackground(fill);
    gc.fillPath(area);
    gc.setForeground(line);
    gc.setLineWidth(1);
    gc.setLineStyle(SWT.LINE_SOLID);
    gc.drawPath(edge);
    area.dispose();
    edge.dispose();
  }

  /** Bars of 2 px that stand on the ground line; an empty slot draws nothing. */
  public static void bars(
      GC gc, double[] values, double top, int x, int y, int width, int height, Color colour) {
    gc.setBackground(colour);
    for (int i = 0; i < values.length; i++) {
      if (values[i] > 0) {
        double share = Math.min(1, values[i] / Math.max(top, 1e-9));
        int h = Math.max(2, (int) Math.round(share * height));
        gc.fillRectangle(place(i, values.length, x, width), y + height - h, 2, h);
      }
    }
  }

  /** Hatches the slots in which events were lost: the chart can't be trusted there. */
  public static void hatch(
      GC gc, double[] lost, int x, int y, int width, int height, Color colour) {
    gc.setForeground(colour);
    gc.setLineWidth(1);
    gc.setLineStyle(SWT.LINE_SOLID);
    for (int i = 0; i < lost.length; i++) {
      if (lost[i] > 0) {
        int left = place(i, lost.length, x, width);
        for (int at = y; at < y + height; at += 4) {
          gc.drawLine(left, at + 3, left + 3, at);
        }
      }
    }
  }

  private static int place(int slot, int slots, int x, int width) {
    return x + (int) Math.round((width - 2.0) * slot / Math.max(1, slots - 1));
  }

  /** Sums neighbouring slots until at most {@code slots} are left. */
  public static double[] condensed(int[] values, int slots) {
    int per = Math.max(1, (values.length + slots - 1) / slots);
    int n = (values.length + per - 1) / per;
    double[] out = new double[n];
    for (int i = 0; i < values.length; i++) {
      // the last slot is whole: what does not divide is left at the old end
      int slot = n - 1 - (values.length - 1 - i) / per;
      out[slot] += values[i];
    }
    return out;
  }

  /** The greatest value, at least {@code least}. */
  public static double top(double[] values, double least) {
    double top = least;
    for (double v : values) {
      top = Math.max(top, v);
    }
    return top;
  }
}
