package io.sekisho.console.graph.bench;

import io.sekisho.console.graph.figures.Camera;
import io.sekisho.console.graph.figures.FontMeasure;
import io.sekisho.console.graph.figures.TextPass;
import io.sekisho.console.graph.fixtures.Clusters;
import io.sekisho.console.graph.layout.Pins;
import io.sekisho.console.graph.layout.Planner;
import io.sekisho.console.graph.layout.Scene;
import io.sekisho.console.graph.layout.Size;
import io.sekisho.console.graph.model.Folding;
import io.sekisho.console.graph.view.GraphViewer;
import io.sekisho.console.ui.Theme;
import io.sekisho.flow.ServiceGraph;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Shell;

/**
 * Times frames and layouts of the traffic graph and prints them; with a file name, also as JSON.
 * Counts as a frame what lies between the begin of painting and X having drawn all of it.
 */
public final class GraphBench {
  private static final int FRAMES = Integer.getInteger("frames", 200);
  private static final int LAYOUTS = 9;
  private static final Size WINDOW = new Size(1440, 900);
  private static final Size BOUNDLESS = new Size(20_000, 12_000);
  private final Display display = new Display();
  private final Shell shell = new Shell(display, SWT.NO_TRIM);
  private final GraphViewer viewer;
  private final TextPass texts = new TextPass(display);
  private final Image pixel = new Image(display, 1, 1);
  private final List<String> json = new ArrayList<>();
  private final ThreadMXBean cpu = ManagementFactory.getThreadMXBean();
  private long started;
  private long startedCpu;
  private double spentCpu;
  private double spent;

  private GraphBench() {
    shell.setLayout(new FillLayout());
    viewer = new GraphViewer(shell, Theme.LIGHT, Throwable::printStackTrace);
    shell.setBounds(0, 0, WINDOW.width(), WINDOW.height());
    viewer
        .stage()
        .onBegin(
            () -> {
              started = System.nanoTime();
              startedCpu = cpu.getCurrentThreadCpuTime();
            });
    viewer.canvas().addListener(SWT.Paint, this::painted);
    shell.open();
    // the window's own first plan, of nothing, must not come in between
    while (viewer.scene().isEmpty()) {
      if (!display.readAndDispatch()) {
        display.sleep();
      }
    }
  }

  public static void main(String[] args) throws IOException {
    GraphBench bench = new GraphBench();
    bench.layouts();
    bench.calm();
    bench.frames(150, 400);
    bench.memory();
    if (args.length > 0) {
      Files.writeString(Path.of(args[0]), "{\n" + String.join(",\n", bench.json) + "\n}\n");
    }
    bench.shell.dispose();
    bench.display.dispose();
  }

  private Scene plan(ServiceGraph g, Size window, Optional<Scene> before) {
    FontMeasure measure = texts.measure();
    return new Planner(measure, Throwable::printStackTrace)
        .plan(new Planner.Request(g, Folding.START, window, Pins.NONE, before, false), () -> false);
  }

  private void layouts() {
    for (int[] n : new int[][] {{13, 20}, {40, 80}, {150, 400}, {500, 1300}}) {
      ServiceGraph g = n[0] == 13 ? Clusters.shop() : Clusters.synthetic(n[0], n[1], 25, 5);
      times("layout", n, "readable", g, WINDOW);
      if (n[0] == 150) {
        times("layout", n, "whole", g, BOUNDLESS);
      }
    }
  }

  private void times(String what, int[] n, String how, ServiceGraph g, Size window) {
    double[] ms = new double[LAYOUTS];
    Scene scene = null;
    for (int i = 0; i < LAYOUTS; i++) {
      long start = System.nanoTime();
      scene = plan(g, window, Optional.empty());
      ms[i] = (System.nanoTime() - start) / 1e6;
    }
    double first = ms[0];
    Arrays.sort(ms);
    String key = what + "." + n[0] + "/" + n[1] + "." + how;
    int shown = scene.model().nodes().size();
    print(key, "first %.0f ms, median %.0f ms, %.0f boxes", first, ms[LAYOUTS / 2], shown);
  }

  /** One workload more: how long, and how far do the others move? */
  private void calm() {
    for (int n : new int[] {40, 150}) {
      ServiceGraph all = Clusters.synthetic(n, n * 5 / 2, 25, 5);
      ServiceGraph.Node gone = all.nodes().get(n / 2);
      String key = gone.party().key();
      ServiceGraph less =
          new ServiceGraph(
              all.nodes().stream().filter(x -> x != gone).toList(),
              all.edges().stream()
                  .filter(e -> !e.clientKey().equals(key) && !e.serverKey().equals(key))
                  .toList(),
              all.spanNanos());
      Scene before = plan(less, BOUNDLESS, Optional.empty());
      long start = System.nanoTime();
      Scene after = plan(all, BOUNDLESS, Optional.of(before));
      double ms = (System.nanoTime() - start) / 1e6;
      double moved = after.placement().meanMove(before.placement());
      print(
          "calm." + n, "%.0f ms, mean move %.0f px, fresh %.0f", ms, moved, after.fresh() ? 1 : 0);
      start = System.nanoTime();
      plan(all, BOUNDLESS, Optional.of(after));
      print("live." + n, "%.1f ms for an update of numbers", (System.nanoTime() - start) / 1e6);
    }
  }

  private void frames(int nodes, int edges) {
    ServiceGraph g = Clusters.synthetic(nodes, edges, 25, 5);
    Scene scene = plan(g, BOUNDLESS, Optional.empty());
    viewer.picture().show(scene.model(), scene.placement());
    for (double zoom : new double[] {0, 0.36, 0.6, 1}) {
      Camera fit = Camera.fit(scene.placement().extent(), WINDOW.width(), WINDOW.height(), 24);
      viewer.stage().camera(zoom == 0 ? fit : fit.zoomed(zoom, 720, 450));
      pan(60);
      double[][] ms = pan(FRAMES);
      String key =
          "frame."
              + scene.model().nodes().size()
              + "/"
              + scene.model().edges().size()
              + "."
              + Math.round(viewer.stage().camera().zoom() * 100)
              + "%";
      print(
          key,
          "p50 %.1f ms, p99 %.1f ms; of the UI thread's own processor time p50 %.1f, p99 %.1f",
          ms[0][FRAMES / 2],
          ms[0][FRAMES * 99 / 100],
          ms[1][FRAMES / 2],
          ms[1][FRAMES * 99 / 100]);
    }
  }

  /** Sorted times of frames: by the clock, and of the processor. */
  private double[][] pan(int frames) {
    double[][] ms = new double[2][frames];
    for (int i = 0; i < frames; i++) {
      viewer.stage().camera(viewer.stage().camera().panned(i % 40 < 20 ? 3 : -3, 0));
      ms[0][i] = frame();
      ms[1][i] = spentCpu;
    }
    Arrays.sort(ms[0]);
    Arrays.sort(ms[1]);
    return ms;
  }

  /** GTK 3 paints when its frame clock says so: wait for it, and count only the painting. */
  private double frame() {
    spent = 0;
    viewer.canvas().redraw();
    while (spent == 0) {
      if (!display.readAndDispatch()) {
        display.sleep();
      }
    }
    return spent;
  }

  /** Behind all other paint listeners. Asking for a pixel waits until X has drawn everything. */
  private void painted(Event e) {
    e.gc.copyArea(pixel, 0, 0);
    pixel.getImageData();
    spentCpu = (cpu.getCurrentThreadCpuTime() - startedCpu) / 1e6;
    spent = (System.nanoTime() - started) / 1e6;
  }

  private void memory() {
    System.gc();
    Runtime r = Runtime.getRuntime();
    print("heap", "%.0f MB", (r.totalMemory() - r.freeMemory()) / 1048576.0);
  }

  private void print(String key, String form, double... values) {
    Object[] boxed = Arrays.stream(values).boxed().toArray();
    String text = String.format(Locale.ROOT, form, boxed);
    System.out.println(key + ": " + text);
    String numbers =
        String.join(
            ", ",
            Arrays.stream(values).mapToObj(v -> String.format(Locale.ROOT, "%.2f", v)).toList());
    json.add("  \"" + key + "\": [" + numbers + "]");
  }
}
