package io.sekisho.console.graph.view;

import io.sekisho.console.graph.figures.Camera;
import io.sekisho.console.graph.layout.Placement;
import org.eclipse.swt.widgets.Canvas;

/** Brings the picture from one placement and camera to another in 200 ms. UI thread only. */
final class Glide {
  private static final long NANOS = 200_000_000;
  private static final int FRAME_MILLIS = 12;

  /** Shows one step. */
  @FunctionalInterface
  interface Step {
    /** Shows places and camera of the moment; {@code last} for the final one. */
    void show(Placement placement, Camera camera, boolean last);
  }

  private final Canvas canvas;
  private final Step step;
  private int run;
  private boolean running;

  Glide(Canvas canvas, Step step) {
    this.canvas = canvas;
    this.step = step;
  }

  boolean running() {
    return running;
  }

  /** Starts; a glide under way is left where it is. */
  void start(Placement from, Placement to, Camera fromCamera, Camera toCamera) {
    run++;
    running = true;
    frame(from, to, fromCamera, toCamera, System.nanoTime(), run);
  }

  /** Ends a glide under way without its last step. */
  void stop() {
    run++;
    running = false;
  }

  private void frame(
      Placement from, Placement to, Camera fromCamera, Camera toCamera, long start, int own) {
    if (own != run || canvas.isDisposed()) {
      return;
    }
    double t = Math.min(1, (System.nanoTime() - start) / (double) NANOS);
    if (t >= 1) {
      running = false;
      step.show(to, toCamera, true);
      return;
    }
    double share = 1 - Math.pow(1 - t, 3);
    step.show(to.glide(from, share), mix(fromCamera, toCamera, share), false);
    canvas
        .getDisplay()
        .timerExec(FRAME_MILLIS, () -> frame(from, to, fromCamera, toCamera, start, own));
  }

  private static Camera mix(Camera a, Camera b, double share) {
    return new Camera(
        a.zoom() + (b.zoom() - a.zoom()) * share,
        a.x() + (b.x() - a.x()) * share,
        a.y() + (b.y() - a.y()) * share);
  }
}
