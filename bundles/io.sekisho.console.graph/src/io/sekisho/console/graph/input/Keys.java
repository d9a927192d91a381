package io.sekisho.console.graph.input;

import java.util.Optional;
import java.util.Set;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Event;

/**
 * The keyboard: arrows walk, Enter tells more or opens, F fits, + and - zoom, L lays out, Escape
 * clears, Tab leaves the graph.
 */
public final class Keys {
  private final Steered graph;

  /** Listens to the canvas as long as it lives. */
  public Keys(Steered graph) {
    this.graph = graph;
    graph.canvas().addListener(SWT.KeyDown, this::key);
    graph.canvas().addListener(SWT.Traverse, Keys::traverse);
  }

  /** Tab goes to the next control; arrows and Enter are ours. */
  private static void traverse(Event e) {
    switch (e.detail) {
      case SWT.TRAVERSE_TAB_NEXT, SWT.TRAVERSE_TAB_PREVIOUS -> e.doit = true;
      default -> e.doit = false;
    }
  }

  private void key(Event e) {
    if ((e.stateMask & (SWT.MOD1 | SWT.MOD3)) != 0) {
      return;
    }
    switch (e.keyCode) {
      case SWT.ARROW_LEFT -> walk(Walk.Way.LEFT);
      case SWT.ARROW_RIGHT -> walk(Walk.Way.RIGHT);
      case SWT.ARROW_UP -> walk(Walk.Way.UP);
      case SWT.ARROW_DOWN -> walk(Walk.Way.DOWN);
      case SWT.CR, SWT.KEYPAD_CR -> enter();
      case SWT.ESC -> graph.select(Set.of());
      case SWT.KEYPAD_ADD -> graph.zoom(true);
      case SWT.KEYPAD_SUBTRACT -> graph.zoom(false);
      default -> letter(e.character);
    }
  }

  private void letter(char c) {
    switch (c) {
      case 'f', 'F' -> graph.fit();
      case '+', '=' -> graph.zoom(true);
      case '-' -> graph.zoom(false);
      case 'l', 'L' -> graph.layOut();
      default -> {}
    }
  }

  private void walk(Walk.Way way) {
    graph
        .scene()
        .ifPresent(
            s -> {
              Walk walk = new Walk(s.model(), s.placement());
              Optional<String> now = graph.seen().selected().stream().findFirst();
              Optional<String> next = now.isPresent() ? walk.from(now.get(), way) : walk.first();
              next.ifPresent(id -> graph.select(Set.of(id)));
              next.ifPresent(graph::reveal);
            });
  }

  private void enter() {
    Set<String> selected = graph.seen().selected();
    boolean folded =
        selected.size() == 1
            && graph
                .scene()
                .flatMap(s -> s.model().node(selected.iterator().next()))
                .filter(n -> n.folded())
                .isPresent();
    if (folded) {
      graph.unfold(selected.iterator().next());
    } else {
      graph.details();
    }
  }
}
