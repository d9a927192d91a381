package io.sekisho.console.graph.view;

import io.sekisho.console.graph.figures.Camera;
import io.sekisho.console.graph.figures.Picture;
import io.sekisho.console.graph.figures.Seen;
import io.sekisho.console.graph.figures.Stage;
import io.sekisho.console.graph.figures.TextPass;
import io.sekisho.console.graph.input.Keys;
import io.sekisho.console.graph.input.Mouse;
import io.sekisho.console.graph.input.Steered;
import io.sekisho.console.graph.layout.Box;
import io.sekisho.console.graph.layout.Pins;
import io.sekisho.console.graph.layout.Placement;
import io.sekisho.console.graph.layout.Planner;
import io.sekisho.console.graph.layout.Scene;
import io.sekisho.console.graph.layout.Size;
import io.sekisho.console.graph.model.Folding;
import io.sekisho.console.graph.model.GraphModel;
import io.sekisho.console.graph.model.GraphNode;
import io.sekisho.console.ui.Theme;
import io.sekisho.flow.ServiceGraph;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.draw2d.FigureCanvas;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;

/**
 * The traffic graph as a viewer: takes service graphs, shows scenes. Layout runs on a worker; live
 * data is drawn in place; a new layout glides in. UI thread only.
 */
public final class GraphViewer implements Steered {
  /** Free pixels between a fitted picture and the border. */
  static final int MARGIN = 24;

  private static final double ZOOM_STEP = 1.2;
  private static final int RESIZED_MILLIS = 250;

  /** Natural logarithm of how much larger or smaller a window is quite another one: a quarter. */
  private static final double OTHER_SIZE = 0.22;

  private final FigureCanvas canvas;
  private final TextPass texts;
  private final Seen seen;
  private final Picture picture;
  private final Stage stage;
  private final LayoutWorker worker;
  private final Glide glide;
  private GraphListener listener = GraphListener.NONE;
  private ServiceGraph input = ServiceGraph.EMPTY;
  private Folding folding = Folding.START;
  private Pins pins = Pins.NONE;
  private Scene scene;
  private boolean following = true;
  private boolean dragging;
  private boolean planning;
  private boolean outdated;
  private Planner.Request lastAsked;
  private Size planned = new Size(1, 1);

  /** One object, so that the timer replaces the one that waits. */
  private final Runnable relayout = this::fitWindow;

  /**
   * Makes the canvas.
   *
   * @param onFailure hears of failed layouts, on any thread
   */
  public GraphViewer(Composite parent, Theme theme, Consumer<RuntimeException> onFailure) {
    canvas = new FigureCanvas(parent);
    texts = new TextPass(canvas.getDisplay());
    seen = new Seen(theme);
    picture = new Picture(texts, seen);
    stage = new Stage(picture, seen, texts);
    worker = new LayoutWorker(new Planner(texts.measure(), onFailure), onFailure);
    glide = new Glide(canvas, this::step);
    canvas.setBackground(theme.ground());
    canvas.setScrollBarVisibility(FigureCanvas.NEVER);
    canvas.getViewport().setContentsTracksWidth(true);
    canvas.getViewport().setContentsTracksHeight(true);
    canvas.setContents(stage);
    canvas.addListener(SWT.Resize, e -> resized());
    canvas.addListener(SWT.Dispose, e -> dispose());
    new Mouse(this);
    new Keys(this);
  }

  private void dispose() {
    worker.close();
    glide.stop();
    picture.dispose();
    texts.dispose();
  }

  /** Hears what the operator does; one listener. */
  public void listen(GraphListener next) {
    listener = next;
  }

  /** Shows another service graph; the picture stays as calm as it can. */
  public void input(ServiceGraph graph) {
    input = graph;
    plan(false);
  }

  /** What is shown. */
  public ServiceGraph input() {
    return input;
  }

  /** What the operator has folded. */
  public Folding folding() {
    return folding;
  }

  /** Folds otherwise. */
  public void fold(Folding next) {
    folding = next;
    following = true;
    plan(true);
  }

  @Override
  public void layOut() {
    following = true;
    plan(true);
  }

  /** Where the operator has put nodes. */
  public Pins pins() {
    return pins;
  }

  /** Takes pins from the preferences, before there is a picture. */
  public void pins(Pins next) {
    pins = next;
    seen.pinned(next.places().keySet());
  }

  /** Whether the picture is gliding to other places. */
  public boolean moving() {
    return glide.running();
  }

  /** Frees one node; it stays where it is until the next layout. */
  void unpin(String id) {
    pins(pins.without(id));
    listener.pinned(pins);
    canvas.redraw();
  }

  /** Forgets the picture and what was folded: another cluster comes. */
  public void restart() {
    input = ServiceGraph.EMPTY;
    folding = Folding.START;
    scene = null;
    following = true;
    dragging = false;
    abandon();
    seen.select(GraphModel.EMPTY, Set.of());
    picture.show(GraphModel.EMPTY, Placement.EMPTY);
    canvas.redraw();
  }

  /** Frees all nodes and lays out. */
  public void unpinAll() {
    pins(Pins.NONE);
    listener.pinned(pins);
    layOut();
  }

  /** Colours of another theme. */
  public void theme(Theme theme) {
    seen.theme(theme);
    canvas.setBackground(theme.ground());
    canvas.redraw();
  }

  /** Paints as data that is no longer true. */
  public void old(boolean old) {
    seen.old(old);
    canvas.redraw();
  }

  /** Whatever is under way must not come over what the operator does now. */
  private void abandon() {
    worker.forget();
    glide.stop();
    planning = false;
    outdated = false;
    lastAsked = null;
  }

  /** Asks for a scene. New data waits for the answer under way, the operator does not. */
  private void plan(boolean anew) {
    if (dragging || canvas.isDisposed()) {
      return;
    }
    org.eclipse.swt.graphics.Point size = canvas.getSize();
    if (size.x < 2 * MARGIN + 1 || size.y < 2 * MARGIN + 1) {
      return;
    }
    if (planning && !anew) {
      outdated = true;
      return;
    }
    planning = true;
    outdated = false;
    Planner.Request request =
        new Planner.Request(
            input, folding, new Size(size.x, size.y), pins, Optional.ofNullable(scene), anew);
    lastAsked = request;
    planned = anew || scene == null ? request.window() : planned;
    worker.plan(
        request,
        result -> {
          if (!canvas.isDisposed()) {
            canvas.getDisplay().asyncExec(() -> answered(request, result));
          }
        });
  }

  private void answered(Planner.Request request, Optional<Scene> result) {
    if (canvas.isDisposed() || dragging || lastAsked != request) {
      return;
    }
    planning = false;
    result.ifPresent(this::show);
    if (outdated) {
      plan(false);
    }
  }

  private void show(Scene next) {
    Scene before = scene;
    scene = next;
    Set<String> kept = new HashSet<>(seen.selected());
    kept.retainAll(known());
    seen.select(next.model(), kept);
    Camera camera = camera(before, next);
    boolean same = before != null && before.placement().nodes().equals(next.placement().nodes());
    if (before == null || before.placement().nodes().isEmpty() || same && !glide.running()) {
      glide.stop();
      step(next.placement(), camera, true);
    } else {
      glide.start(before.placement(), next.placement(), stage.camera(), camera);
    }
    listener.shown(next);
  }

  /** Follows the picture until the operator moves the camera; then it keeps the middle still. */
  private Camera camera(Scene before, Scene next) {
    Camera now = stage.camera();
    if (before == null || following && (next.fresh() || !inSight(next))) {
      return fitting(next);
    }
    int[] slide = next.placement().slide(before.placement());
    return now.panned(-slide[0] * now.zoom(), -slide[1] * now.zoom());
  }

  private boolean inSight(Scene s) {
    return stage.sees().holds(s.placement().extent());
  }

  private Camera fitting(Scene s) {
    org.eclipse.swt.graphics.Point size = canvas.getSize();
    return Camera.fit(s.placement().extent(), size.x, size.y, MARGIN);
  }

  private void step(Placement placement, Camera camera, boolean last) {
    GraphModel model = scene.model();
    picture.show(model, last ? scene.placement() : placement);
    stage.camera(camera);
    canvas.redraw();
    listener.zoomed(camera.zoom());
  }

  private void resized() {
    if (scene == null) {
      plan(true);
    } else if (following) {
      look(fitting(scene));
      following = true;
      canvas.getDisplay().timerExec(RESIZED_MILLIS, relayout);
    }
  }

  /** A window of quite another size has room for more, or needs more folded. */
  private void fitWindow() {
    if (canvas.isDisposed() || !following || scene == null) {
      return;
    }
    org.eclipse.swt.graphics.Point size = canvas.getSize();
    double ratio = (double) size.x * size.y / ((double) planned.width() * planned.height());
    if (Math.abs(Math.log(ratio)) > OTHER_SIZE) {
      plan(true);
    }
  }

  @Override
  public Canvas canvas() {
    return canvas;
  }

  @Override
  public Stage stage() {
    return stage;
  }

  @Override
  public Picture picture() {
    return picture;
  }

  @Override
  public Seen seen() {
    return seen;
  }

  @Override
  public Optional<Scene> scene() {
    return Optional.ofNullable(scene);
  }

  @Override
  public void look(Camera camera) {
    following = false;
    stage.camera(camera);
    canvas.redraw();
    listener.zoomed(camera.zoom());
  }

  @Override
  public void fit() {
    if (scene != null) {
      look(fitting(scene));
      following = true;
    }
  }

  @Override
  public void zoom(boolean in) {
    org.eclipse.swt.graphics.Point size = canvas.getSize();
    Camera c = stage.camera();
    double next = c.zoom() * (in ? ZOOM_STEP : 1 / ZOOM_STEP);
    look(c.zoomed(next, size.x / 2.0, size.y / 2.0));
  }

  @Override
  public void select(Set<String> ids) {
    mark(ids);
    listener.selected(seen.selected());
  }

  /** Shows a selection that was made elsewhere. */
  public void mark(Set<String> ids) {
    seen.select(scene == null ? GraphModel.EMPTY : scene.model(), ids);
    picture.mark();
    canvas.redraw();
  }

  @Override
  public void reveal(String id) {
    if (scene == null) {
      return;
    }
    Placement p = scene.placement();
    Box box = p.nodes().containsKey(id) ? p.nodes().get(id) : Box.NOWHERE;
    if (p.routes().containsKey(id)) {
      box = p.routes().get(id).bounds();
    }
    if (box != Box.NOWHERE && !stage.sees().meets(box)) {
      org.eclipse.swt.graphics.Point size = canvas.getSize();
      double z = stage.camera().zoom();
      look(new Camera(z, size.x / 2.0 - box.centreX() * z, size.y / 2.0 - box.centreY() * z));
    }
  }

  @Override
  public void hover(String id) {
    if (!id.equals(seen.hovered())) {
      seen.hover(id);
      picture.mark();
      canvas.redraw();
      listener.hovered(id);
    }
  }

  @Override
  public void unfold(String id) {
    if (id.startsWith(GraphNode.NAMESPACE)) {
      fold(folding.toggle(id.substring(GraphNode.NAMESPACE.length())));
    } else if (id.startsWith(GraphNode.MORE)) {
      fold(folding.open(id.substring(GraphNode.MORE.length())));
    }
  }

  @Override
  public void drag(String id, int x, int y) {
    if (scene == null) {
      return;
    }
    if (!dragging) {
      abandon();
    }
    dragging = true;
    scene = Planner.moved(scene, id, x, y, true);
    picture.show(scene.model(), scene.placement());
    canvas.redraw();
  }

  @Override
  public void drop(String id) {
    dragging = false;
    following = false;
    Box box = scene.placement().nodes().get(id);
    scene = Planner.moved(scene, id, box.x(), box.y(), false);
    picture.show(scene.model(), scene.placement());
    String group = scene.model().byId().get(id).group();
    Box corner = group.isEmpty() ? Box.NOWHERE : scene.placement().groups().get(group);
    Pins.Place place = new Pins.Place(box.x() - corner.x(), box.y() - corner.y());
    pins(pins.with(id, place));
    listener.pinned(pins);
    canvas.redraw();
    plan(false);
  }

  @Override
  public void details() {
    listener.details();
  }

  /** Ids of everything that can be selected now. */
  Set<String> known() {
    Set<String> ids = new HashSet<>();
    scene()
        .ifPresent(
            s -> {
              s.model().nodes().forEach(n -> ids.add(n.id()));
              s.model().edges().forEach(e -> ids.add(e.id()));
              s.model().groups().forEach(g -> ids.add(g.id()));
            });
    return ids;
  }
}
