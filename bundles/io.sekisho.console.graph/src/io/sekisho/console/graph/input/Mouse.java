package io.sekisho.console.graph.input;

import io.sekisho.console.graph.figures.Camera;
import io.sekisho.console.graph.layout.Box;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Event;

/**
 * The mouse: the wheel zooms at the pointer; a drag pans on the ground, moves a node, draws a
 * rubber band with Shift, and moves the window on the map; a double click folds and opens.
 */
public final class Mouse {
  private static final double STEP = 1.2;
  private static final int STILL = 4;

  private enum Drag {
    NONE,
    PAN,
    NODE,
    BAND,
    MAP
  }

  private final Steered graph;
  private Drag drag = Drag.NONE;
  private boolean moved;
  private int downX;
  private int downY;
  private int lastX;
  private int lastY;
  private String node = "";
  private Box nodeStart = Box.NOWHERE;

  /** Listens to the canvas as long as it lives. */
  public Mouse(Steered graph) {
    this.graph = graph;
    Canvas canvas = graph.canvas();
    canvas.addListener(SWT.MouseVerticalWheel, this::wheel);
    canvas.addListener(SWT.MouseDown, this::down);
    canvas.addListener(SWT.MouseMove, this::move);
    canvas.addListener(SWT.MouseUp, this::up);
    canvas.addListener(SWT.MouseDoubleClick, this::doubleClick);
    canvas.addListener(SWT.MouseExit, e -> graph.hover(""));
  }

  private void wheel(Event e) {
    Camera c = graph.stage().camera();
    graph.look(c.zoomed(c.zoom() * Math.pow(STEP, Integer.signum(e.count)), e.x, e.y));
    e.doit = false;
  }

  private Optional<String> at(Event e) {
    Camera c = graph.stage().camera();
    return graph.picture().at(c.worldX(e.x), c.worldY(e.y), c.zoom());
  }

  private void down(Event e) {
    graph.canvas().setFocus();
    downX = lastX = e.x;
    downY = lastY = e.y;
    moved = false;
    Optional<String> at = at(e);
    if (e.button == 3) {
      at.filter(id -> !graph.seen().selected().contains(id))
          .ifPresent(id -> graph.select(Set.of(id)));
      return;
    }
    if (e.button != 1 && e.button != 2) {
      return;
    }
    if (graph.stage().map().holds(e.x, e.y)) {
      drag = Drag.MAP;
      onMap(e);
    } else if (e.button == 2) {
      drag = Drag.PAN;
    } else if ((e.stateMask & SWT.MOD2) != 0) {
      drag = Drag.BAND;
    } else {
      press(at);
    }
  }

  private void press(Optional<String> at) {
    drag = Drag.PAN;
    at.flatMap(id -> graph.scene().map(s -> s.placement().nodes().get(id)))
        .ifPresent(
            box -> {
              drag = Drag.NODE;
              node = at.get();
              nodeStart = box;
            });
  }

  private void move(Event e) {
    if (drag == Drag.NONE) {
      graph.hover(at(e).orElse(""));
      return;
    }
    if (!moved && Math.hypot(e.x - downX, e.y - downY) < STILL) {
      return;
    }
    moved = true;
    Camera c = graph.stage().camera();
    switch (drag) {
      case PAN -> graph.look(c.panned(e.x - lastX, e.y - lastY));
      case NODE ->
          graph.drag(
              node,
              nodeStart.x() + (int) Math.round((e.x - downX) / c.zoom()),
              nodeStart.y() + (int) Math.round((e.y - downY) / c.zoom()));
      case BAND -> {
        graph.stage().band(band(e));
        graph.canvas().redraw();
      }
      case MAP -> onMap(e);
      case NONE -> {}
    }
    lastX = e.x;
    lastY = e.y;
  }

  private void onMap(Event e) {
    double[] p = graph.stage().onMap(e.x, e.y);
    Camera c = graph.stage().camera();
    var size = graph.canvas().getSize();
    graph.look(
        new Camera(c.zoom(), size.x / 2.0 - p[0] * c.zoom(), size.y / 2.0 - p[1] * c.zoom()));
  }

  private Box band(Event e) {
    return new Box(
        Math.min(downX, e.x), Math.min(downY, e.y), Math.abs(e.x - downX), Math.abs(e.y - downY));
  }

  private void up(Event e) {
    Drag ended = drag;
    drag = Drag.NONE;
    if (ended == Drag.BAND) {
      graph.stage().band(Box.NOWHERE);
      Camera c = graph.stage().camera();
      Box b = band(e);
      Box part =
          new Box(
              (int) c.worldX(b.x()),
              (int) c.worldY(b.y()),
              (int) (b.width() / c.zoom()),
              (int) (b.height() / c.zoom()));
      graph.select(graph.picture().inside(part));
    } else if (moved && ended == Drag.NODE) {
      graph.drop(node);
    } else if (!moved && e.button == 1 && ended != Drag.MAP && ended != Drag.NONE) {
      click(e);
    }
  }

  private void click(Event e) {
    Camera c = graph.stage().camera();
    Optional<String> fold = graph.picture().foldMark(c.worldX(e.x), c.worldY(e.y));
    if (fold.isPresent()) {
      graph.unfold(io.sekisho.console.graph.model.GraphNode.NAMESPACE + fold.get());
      return;
    }
    Set<String> next = new HashSet<>();
    at(e).ifPresent(next::add);
    if ((e.stateMask & SWT.MOD1) != 0) {
      next.addAll(graph.seen().selected());
    }
    graph.select(next);
  }

  private void doubleClick(Event e) {
    if (e.button == 1) {
      at(e).ifPresent(graph::unfold);
    }
  }
}
