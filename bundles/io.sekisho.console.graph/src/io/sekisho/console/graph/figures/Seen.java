package io.sekisho.console.graph.figures;

import io.sekisho.console.graph.model.GraphEdge;
import io.sekisho.console.graph.model.GraphModel;
import io.sekisho.console.graph.model.GraphNode;
import io.sekisho.console.ui.Theme;
import java.util.HashSet;
import java.util.Set;
import org.eclipse.swt.graphics.Color;

/** How the picture is looked at: theme, zoom, what is selected and under the pointer. Mutable. */
public final class Seen {
  /** Below this zoom only names and titles are drawn. */
  public static final double FAR = 0.56;

  private Theme theme;
  private double zoom = 1;
  private boolean old;
  private String hovered = "";
  private Set<String> selected = Set.of();
  private final Set<String> related = new HashSet<>();
  private Set<String> pinned = Set.of();

  /** Looks with a theme at 100 %. */
  public Seen(Theme theme) {
    this.theme = theme;
  }

  /** The theme in force. */
  public Theme theme() {
    return theme;
  }

  /** Looks with another theme. */
  public void theme(Theme next) {
    theme = next;
  }

  void zoom(double next) {
    zoom = next;
  }

  double zoom() {
    return zoom;
  }

  boolean far() {
    return zoom < FAR;
  }

  /** Marks all data as old: everything is painted in the colour of the unknown. */
  public void old(boolean next) {
    old = next;
  }

  /** Ids of what is selected. */
  public Set<String> selected() {
    return selected;
  }

  /** Id of what is under the pointer, empty for nothing. */
  public String hovered() {
    return hovered;
  }

  /** The pointer is over something else. */
  public void hover(String id) {
    hovered = id;
  }

  /** Ids of nodes with a pin mark. */
  public void pinned(Set<String> ids) {
    pinned = Set.copyOf(ids);
  }

  boolean pinned(String id) {
    return pinned.contains(id);
  }

  /**
   * Selects ids; what belongs to them is not faded: ends of edges, edges and neighbours of nodes.
   */
  public void select(GraphModel model, Set<String> ids) {
    selected = Set.copyOf(ids);
    related.clear();
    related.addAll(ids);
    for (GraphNode n : model.nodes()) {
      if (ids.contains(GraphNode.NAMESPACE + n.group())) {
        related.add(n.id());
      }
    }
    Set<String> seeds = Set.copyOf(related);
    for (GraphEdge e : model.edges()) {
      if (ids.contains(e.id())) {
        related.add(e.from());
        related.add(e.to());
      } else if (seeds.contains(e.from()) || seeds.contains(e.to())) {
        related.add(e.id());
        related.add(e.from());
        related.add(e.to());
      }
    }
  }

  boolean faded(String id) {
    return !selected.isEmpty() && !related.contains(id);
  }

  boolean isSelected(String id) {
    return selected.contains(id);
  }

  /** Whether it is selected or under the pointer. */
  public boolean marked(String id) {
    return selected.contains(id) || hovered.equals(id);
  }

  /** A colour of meaning: the unknown's while data is old, mixed with the ground where faded. */
  Color ink(Color colour, boolean faded) {
    Color now = old && colour != theme.text() && colour != theme.faint() ? theme.unknown() : colour;
    return faded ? theme.faded(now) : now;
  }
}
