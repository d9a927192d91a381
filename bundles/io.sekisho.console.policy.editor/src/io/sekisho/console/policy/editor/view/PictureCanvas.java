package io.sekisho.console.policy.editor.view;

import io.sekisho.console.policy.editor.Texts;
import io.sekisho.console.policy.editor.draw.Element;
import io.sekisho.console.policy.editor.draw.ElementId;
import io.sekisho.console.policy.editor.draw.Marks;
import io.sekisho.console.policy.editor.draw.PictureFigure;
import io.sekisho.console.policy.editor.draw.Plan;
import io.sekisho.console.policy.editor.draw.Rect;
import io.sekisho.console.policy.editor.draw.Zoomed;
import io.sekisho.console.policy.editor.model.Finding;
import io.sekisho.console.policy.editor.model.Live;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.console.ui.Dragged;
import io.sekisho.console.ui.Look;
import io.sekisho.policy.Direction;
import java.util.List;
import java.util.Optional;
import org.eclipse.draw2d.FigureCanvas;
import org.eclipse.draw2d.geometry.Point;
import org.eclipse.draw2d.geometry.PrecisionPoint;
import org.eclipse.swt.SWT;
import org.eclipse.swt.accessibility.AccessibleAdapter;
import org.eclipse.swt.accessibility.AccessibleEvent;
import org.eclipse.swt.dnd.DND;
import org.eclipse.swt.dnd.DropTarget;
import org.eclipse.swt.dnd.DropTargetAdapter;
import org.eclipse.swt.dnd.DropTargetEvent;
import org.eclipse.swt.dnd.TextTransfer;
import org.eclipse.swt.dnd.Transfer;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Event;

/** The picture of one spec as a widget: what is selected, hovered, dropped and typed. */
public final class PictureCanvas {
  /** Hears what the operator does. */
  interface Listener {
    /** Whether the picture can be changed; else it is only looked at. */
    boolean editable();

    void selected(Optional<ElementId> id);

    /** Enter, or a double click. */
    void opened(ElementId id);

    void menu(Optional<ElementId> id, Direction side, int displayX, int displayY);

    void key(Event e);

    void dropped(Dragged what, Optional<ElementId> on, Direction side);
  }

  private final FigureCanvas canvas;
  private final PictureFigure figure;
  private final Zoomed zoomed;
  private final Listener listener;
  private Optional<Plan> plan = Optional.empty();
  private Marks marks = Marks.NONE;
  private Live live = Live.UNKNOWN;
  private boolean stale;
  private Optional<ElementId> selected = Optional.empty();
  private Optional<ElementId> hovered = Optional.empty();
  private Optional<Direction> drop = Optional.empty();

  PictureCanvas(Composite parent, Look look, Listener listener) {
    this.listener = listener;
    canvas = new FigureCanvas(parent, SWT.DOUBLE_BUFFERED);
    canvas.setBackground(look.theme().ground());
    figure = new PictureFigure(look, canvas.getDisplay());
    zoomed = new Zoomed(figure);
    canvas.setContents(zoomed);
    canvas.getViewport().setContentsTracksWidth(false);
    canvas.addListener(SWT.Resize, e -> arrange());
    canvas.addListener(SWT.MouseVerticalWheel, this::wheel);
    canvas.addListener(SWT.MouseDown, this::down);
    canvas.addListener(SWT.MouseDoubleClick, e -> at(e).ifPresent(listener::opened));
    canvas.addListener(SWT.MouseMove, e -> hover(at(e)));
    canvas.addListener(SWT.MouseExit, e -> hover(Optional.empty()));
    canvas.addListener(SWT.KeyDown, this::key);
    canvas.addListener(SWT.FocusIn, e -> draw());
    canvas.addListener(SWT.FocusOut, e -> draw());
    canvas.addListener(SWT.MenuDetect, this::menu);
    // arrows and Enter are for the picture, Tab leaves it
    canvas.addListener(
        SWT.Traverse,
        e -> e.doit = e.detail == SWT.TRAVERSE_TAB_NEXT || e.detail == SWT.TRAVERSE_TAB_PREVIOUS);
    canvas.getAccessible().addAccessibleListener(new Spoken());
    new Drops().install();
  }

  /** The widget. */
  public FigureCanvas control() {
    return canvas;
  }

  /** What is drawn. */
  public Optional<Plan> plan() {
    return plan;
  }

  /** What is wrong with what is drawn. */
  public Marks marks() {
    return marks;
  }

  /** What is selected. */
  public Optional<ElementId> selected() {
    return selected;
  }

  /** Whether the picture is that of an earlier text. */
  public boolean stale() {
    return stale;
  }

  void show(SpecPicture spec, Live now) {
    live = now;
    stale = false;
    plan = Optional.of(planned(spec));
    selected = selected.filter(s -> plan.get().element(s).isPresent());
    hovered = Optional.empty();
    draw();
  }

  void stale(boolean now) {
    stale = now;
    draw();
  }

  void marks(Marks next) {
    marks = next;
    draw();
  }

  void select(Optional<ElementId> id) {
    if (!id.equals(selected)) {
      selected = id;
      draw();
      id.ifPresent(this::reveal);
      canvas.getAccessible().setFocus(-1);
    }
  }

  private void reveal(ElementId id) {
    plan.flatMap(p -> p.element(id))
        .map(Element::box)
        .map(this::scaled)
        .ifPresent(
            r -> {
              int top = canvas.getViewport().getViewLocation().y;
              int height = canvas.getClientArea().height;
              if (r.y() < top || r.bottom() > top + height) {
                canvas.scrollToY(Math.max(0, r.middle() - height / 2));
              }
            });
  }

  private Plan planned(SpecPicture spec) {
    Plan whole = Plan.of(spec, live, (int) (canvas.getClientArea().width / zoomed.zoom()));
    return listener.editable() ? whole : whole.withoutAdding();
  }

  /** How large the picture is drawn, 1 for its own size. */
  public double zoom() {
    return zoomed.zoom();
  }

  /** Draws it so large from now on; what is in the middle stays there. */
  void zoom(double next) {
    zoom(next, canvas.getClientArea().height / 2);
  }

  private void zoom(double next, int y) {
    if (next == zoomed.zoom()) {
      return;
    }
    double under = (y + canvas.getViewport().getViewLocation().y) / zoomed.zoom();
    zoomed.zoom(next);
    arrange();
    canvas.getLightweightSystem().getUpdateManager().performValidation();
    canvas.scrollToY((int) Math.round(under * next) - y);
  }

  private void wheel(Event e) {
    Zoom.byWheel(e, zoomed.zoom())
        .ifPresent(
            next -> {
              zoom(next, e.y);
              e.doit = false;
            });
  }

  private void arrange() {
    plan.ifPresent(
        p -> {
          plan = Optional.of(planned(p.spec()));
          draw();
        });
  }

  private void draw() {
    if (canvas.isDisposed()) {
      return;
    }
    plan.ifPresent(
        p ->
            figure.show(
                new PictureFigure.Shown(
                    p, marks, stale, selected, canvas.isFocusControl(), hovered, drop)));
  }

  private Point place(int x, int y) {
    Point origin = canvas.getViewport().getViewLocation();
    return new PrecisionPoint((x + origin.x) / zoomed.zoom(), (y + origin.y) / zoomed.zoom());
  }

  private Optional<ElementId> at(Event e) {
    return at(e.x, e.y);
  }

  private Optional<ElementId> at(int x, int y) {
    Point p = place(x, y);
    return plan.flatMap(pl -> pl.at(p.x, p.y)).map(Element::id);
  }

  private Direction side(int x) {
    int at = place(x, 0).x;
    return plan.map(p -> p.side(at)).orElse(Direction.INGRESS);
  }

  /** Where an element stands in the widget. */
  public Optional<Rect> bounds(ElementId id) {
    Point origin = canvas.getViewport().getViewLocation();
    return plan.flatMap(p -> p.element(id))
        .map(Element::box)
        .map(this::scaled)
        .map(r -> new Rect(r.x() - origin.x, r.y() - origin.y, r.width(), r.height()));
  }

  private Rect scaled(Rect r) {
    double by = zoomed.zoom();
    return new Rect(
        (int) Math.round(r.x() * by),
        (int) Math.round(r.y() * by),
        (int) Math.round(r.width() * by),
        (int) Math.round(r.height() * by));
  }

  private void down(Event e) {
    canvas.setFocus();
    Optional<ElementId> id = at(e);
    select(id);
    listener.selected(id);
    if (e.button == 1 && id.filter(ElementId.Add.class::isInstance).isPresent()) {
      listener.opened(id.get());
    }
  }

  private void hover(Optional<ElementId> id) {
    if (id.equals(hovered)) {
      return;
    }
    hovered = id;
    canvas.setToolTipText(id.map(this::tip).orElse(null));
    draw();
  }

  /** What is to be known of an element, in words. */
  public String tip(ElementId id) {
    StringBuilder out =
        new StringBuilder(plan.flatMap(p -> p.element(id)).map(Element::tip).orElse(""));
    for (Finding finding : marks.of().getOrDefault(id, List.of())) {
      String key = finding.error() ? "tip.error" : "tip.warning";
      out.append('\n').append(Texts.of(key, finding.message()));
    }
    return out.toString();
  }

  private void key(Event e) {
    switch (e.keyCode) {
      case SWT.ARROW_UP -> walk(e.stateMask, 0, -1);
      case SWT.ARROW_DOWN -> walk(e.stateMask, 0, 1);
      case SWT.ARROW_LEFT -> walk(e.stateMask, -1, 0);
      case SWT.ARROW_RIGHT -> walk(e.stateMask, 1, 0);
      case SWT.CR, SWT.KEYPAD_CR, SWT.F2 -> selected.ifPresent(listener::opened);
      default -> Zoom.byKey(e, zoomed.zoom()).ifPresentOrElse(this::zoom, () -> listener.key(e));
    }
  }

  private void walk(int mask, int dx, int dy) {
    if ((mask & SWT.MODIFIER_MASK) != 0 || plan.isEmpty()) {
      return;
    }
    Optional<ElementId> next =
        selected
            .flatMap(s -> plan.get().element(s))
            .map(e -> nearest(e, dx, dy))
            .orElseGet(() -> plan.get().elements().stream().findFirst().map(Element::id));
    if (next.isPresent()) {
      select(next);
      listener.selected(next);
    }
  }

  private Optional<ElementId> nearest(Element from, int dx, int dy) {
    int x = from.box().x() + from.box().width() / 2;
    int y = from.box().middle();
    return plan.orElseThrow().elements().stream()
        .filter(e -> !e.id().equals(from.id()))
        .filter(
            e -> {
              int mx = e.box().x() + e.box().width() / 2 - x;
              int my = e.box().middle() - y;
              boolean sameColumn = Math.abs(mx) < 8;
              return dx == 0 ? sameColumn && my * dy > 0 : !sameColumn && mx * dx > 0;
            })
        .min(
            java.util.Comparator.comparingInt(
                e -> {
                  int mx = Math.abs(e.box().x() + e.box().width() / 2 - x);
                  int my =
                      e.box().y() <= y && y <= e.box().bottom()
                          ? 0
                          : Math.abs(e.box().middle() - y);
                  return dx == 0 ? my : mx + 2 * my;
                }))
        .map(Element::id);
  }

  private void menu(Event e) {
    org.eclipse.swt.graphics.Point p = canvas.toControl(e.x, e.y);
    boolean byKey = e.detail == SWT.MENU_KEYBOARD;
    if (!byKey) {
      select(at(p.x, p.y));
    }
    Optional<Rect> box = selected.flatMap(this::bounds);
    int x = byKey ? box.map(b -> b.x() + 20).orElse(20) : p.x;
    int y = byKey ? box.map(Rect::bottom).orElse(20) : p.y;
    org.eclipse.swt.graphics.Point at = canvas.toDisplay(x, y);
    listener.menu(selected, side(x), at.x, at.y);
  }

  /** What screen readers are told: what is selected, else what is drawn. */
  private final class Spoken extends AccessibleAdapter {
    @Override
    public void getName(AccessibleEvent e) {
      e.result =
          selected
              .map(PictureCanvas.this::tip)
              .orElseGet(
                  () ->
                      Texts.of("picture.name", plan.map(p -> p.spec().head().title()).orElse("")));
    }
  }

  /** Takes what is dragged from the inventory, from the palette, or as text from anywhere. */
  private final class Drops extends DropTargetAdapter {
    void install() {
      DropTarget target = new DropTarget(canvas, DND.DROP_COPY | DND.DROP_MOVE | DND.DROP_DEFAULT);
      target.setTransfer(new Transfer[] {TextTransfer.getInstance()});
      target.addDropListener(this);
    }

    @Override
    public void dragOver(DropTargetEvent e) {
      boolean takes = listener.editable() && !stale && plan.isPresent();
      e.detail = !takes ? DND.DROP_NONE : DND.DROP_COPY;
      org.eclipse.swt.graphics.Point p = canvas.toControl(e.x, e.y);
      Optional<Direction> side =
          e.detail == DND.DROP_NONE ? Optional.empty() : Optional.of(side(p.x));
      Optional<ElementId> over = at(p.x, p.y);
      if (!side.equals(drop) || !over.equals(hovered)) {
        drop = side;
        hovered = over;
        draw();
      }
    }

    @Override
    public void dragLeave(DropTargetEvent e) {
      drop = Optional.empty();
      draw();
    }

    @Override
    public void drop(DropTargetEvent e) {
      drop = Optional.empty();
      org.eclipse.swt.graphics.Point p = canvas.toControl(e.x, e.y);
      if (e.data instanceof String text) {
        Dragged.parse(text).ifPresent(d -> listener.dropped(d, at(p.x, p.y), side(p.x)));
      }
      draw();
    }
  }
}
