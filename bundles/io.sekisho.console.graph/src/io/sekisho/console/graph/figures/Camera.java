package io.sekisho.console.graph.figures;

import io.sekisho.console.graph.layout.Box;

/** Which part of the world the window shows, and how large; all in one immutable value. */
public record Camera(double zoom, double x, double y) {
  /** Least zoom. */
  public static final double LEAST = 0.1;

  /** Most zoom. */
  public static final double MOST = 4;

  /** The world's corner in the window's corner, at 100 %. */
  public static final Camera START = new Camera(1, 0, 0);

  /** Keeps to the limits. */
  public Camera {
    zoom = Math.clamp(zoom, LEAST, MOST);
  }

  /** A camera that shows all of a part of the world, at most at 100 %, with a margin in pixels. */
  public static Camera fit(Box world, int width, int height, int margin) {
    double across = (width - 2.0 * margin) / Math.max(1, world.width());
    double down = (height - 2.0 * margin) / Math.max(1, world.height());
    double zoom = Math.clamp(Math.min(1, Math.min(across, down)), LEAST, MOST);
    return new Camera(
        zoom, width / 2.0 - world.centreX() * zoom, height / 2.0 - world.centreY() * zoom);
  }

  /** Zooms so that what is under a point of the window stays there. */
  public Camera zoomed(double next, double px, double py) {
    double z = Math.clamp(next, LEAST, MOST);
    return new Camera(z, px - (px - x) * z / zoom, py - (py - y) * z / zoom);
  }

  /** Moves by pixels of the window. */
  public Camera panned(double dx, double dy) {
    return new Camera(zoom, x + dx, y + dy);
  }

  /** The world under a point of the window. */
  public double worldX(double px) {
    return (px - x) / zoom;
  }

  /** The world under a point of the window. */
  public double worldY(double py) {
    return (py - y) / zoom;
  }

  /** What a window of a size shows. */
  public Box sees(int width, int height) {
    return new Box(
        (int) Math.floor(worldX(0)),
        (int) Math.floor(worldY(0)),
        (int) Math.ceil(width / zoom) + 1,
        (int) Math.ceil(height / zoom) + 1);
  }
}
