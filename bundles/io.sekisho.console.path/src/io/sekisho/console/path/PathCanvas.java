package io.sekisho.console.path;

import io.sekisho.console.path.PathPlan.Station;
import io.sekisho.console.ui.Look;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.eclipse.swt.SWT;
import org.eclipse.swt.accessibility.AccessibleAdapter;
import org.eclipse.swt.accessibility.AccessibleEvent;
import org.eclipse.swt.custom.ScrolledComposite;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.graphics.Transform;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Event;

/**
 * The path as a picture: a click or the arrow keys choose a station, whose details the listener
 * gets. Scrolls when the path is longer than the view is wide.
 */
final class PathCanvas {
  private final ScrolledComposite scroll;
  private final Canvas canvas;
  private final Look look;
  private final Consumer<Optional<Station>> chosen;
  private Optional<PathPlan> plan = Optional.empty();
  private Optional<PathPicture> picture = Optional.empty();
  private int selected = -1;

  PathCanvas(Composite parent, Look look, Consumer<Optional<Station>> chosen) {
    this.look = look;
    this.chosen = chosen;
    scroll = new ScrolledComposite(parent, SWT.H_SCROLL | SWT.V_SCROLL);
    scroll.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    scroll.setBackground(look.theme().ground());
    scroll.setExpandHorizontal(true);
    scroll.setExpandVertical(true);
    canvas = new Canvas(scroll, SWT.DOUBLE_BUFFERED);
    canvas.setBackground(look.theme().ground());
    scroll.setContent(canvas);
    canvas.addPaintListener(
        e -> {
          e.gc.setAntialias(SWT.ON);
          e.gc.setTextAntialias(SWT.ON);
          paint(e.gc);
        });
    canvas.addListener(SWT.MouseDown, this::press);
    canvas.addListener(SWT.MouseMove, this::hover);
    canvas.addListener(SWT.KeyDown, this::key);
    canvas.addListener(SWT.Traverse, e -> e.doit = !isArrow(e.keyCode));
    canvas.addListener(SWT.FocusIn, e -> focused());
    canvas.addListener(SWT.FocusOut, e -> canvas.redraw());
    canvas
        .getAccessible()
        .addAccessibleListener(
            new AccessibleAdapter() {
              @Override
              public void getName(AccessibleEvent e) {
                e.result = Texts.picture_name;
              }

              @Override
              public void getDescription(AccessibleEvent e) {
                e.result = description();
              }
            });
  }

  Composite control() {
    return scroll;
  }

  void show(PathPlan next) {
    plan = Optional.of(next);
    PathPicture made = new PathPicture(canvas, look, next);
    picture = Optional.of(made);
    select(-1);
    scroll.setMinSize(made.layout().width(), made.layout().height());
    canvas.redraw();
  }

  private int left() {
    int width = picture.map(p -> p.layout().width()).orElse(0);
    return Math.max(0, (canvas.getClientArea().width - width) / 2);
  }

  private int top() {
    int height = picture.map(p -> p.layout().height()).orElse(0);
    return Math.max(0, (canvas.getClientArea().height - height) / 3);
  }

  private void paint(org.eclipse.swt.graphics.GC gc) {
    if (picture.isEmpty()) {
      return;
    }
    Transform shift = new Transform(gc.getDevice());
    gc.getTransform(shift);
    shift.translate(left(), top());
    gc.setTransform(shift);
    picture.get().paint(gc, selected, canvas.isFocusControl());
    shift.translate(-left(), -top());
    gc.setTransform(shift);
    shift.dispose();
  }

  private int at(Event e) {
    return picture.map(p -> p.layout().at(e.x - left(), e.y - top())).orElse(-1);
  }

  private void press(Event e) {
    canvas.setFocus();
    select(at(e));
  }

  private void hover(Event e) {
    int at = at(e);
    String tip =
        plan.filter(p -> at >= 0).map(p -> p.stations().get(at).hop().getDetail()).orElse("");
    String before = canvas.getToolTipText() == null ? "" : canvas.getToolTipText();
    if (!tip.equals(before)) {
      canvas.setToolTipText(tip.isEmpty() ? null : tip);
    }
  }

  private static boolean isArrow(int key) {
    return key == SWT.ARROW_LEFT || key == SWT.ARROW_RIGHT;
  }

  private void key(Event e) {
    int last = plan.map(p -> p.stations().size() - 1).orElse(-1);
    switch (e.keyCode) {
      case SWT.ARROW_RIGHT -> select(Math.min(last, selected + 1));
      case SWT.ARROW_LEFT -> select(Math.max(Math.min(0, last), selected - 1));
      case SWT.HOME -> select(Math.min(0, last));
      case SWT.END -> select(last);
      case SWT.ESC -> select(-1);
      default -> {}
    }
  }

  private void focused() {
    if (selected < 0 && plan.filter(p -> !p.stations().isEmpty()).isPresent()) {
      select(0);
    }
    canvas.redraw();
  }

  private void select(int next) {
    selected = next;
    chosen.accept(plan.filter(p -> next >= 0).map(p -> p.stations().get(next)));
    picture.filter(p -> next >= 0).map(p -> p.layout().places().get(next)).ifPresent(this::reveal);
    canvas.redraw();
  }

  private void reveal(Rectangle place) {
    int sees = scroll.getClientArea().width;
    int from = scroll.getOrigin().x;
    if (place.x < from || place.x + place.width > from + sees) {
      scroll.setOrigin(Math.max(0, place.x + place.width / 2 - sees / 2), scroll.getOrigin().y);
    }
  }

  private String description() {
    return plan.map(
            p ->
                p.stations().stream()
                    .map(s -> s.name() + ", " + PathWords.kind(s.hop()) + " " + s.hop().getNode())
                    .collect(Collectors.joining("; ")))
        .orElse("");
  }
}
