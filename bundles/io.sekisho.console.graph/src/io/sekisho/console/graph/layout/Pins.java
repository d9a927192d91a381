package io.sekisho.console.graph.layout;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the operator has put nodes; immutable. A place is relative to the corner of the node's
 * container, or to the picture's for nodes without one, so that it survives a new layout.
 *
 * @param places by id of the node
 */
public record Pins(Map<String, Place> places) {
  /** Nothing is pinned. */
  public static final Pins NONE = new Pins(Map.of());

  /** Keeps an immutable copy. */
  public Pins {
    places = Map.copyOf(places);
  }

  /** Left top corner of a node, in pixels at 100 %. */
  public record Place(int x, int y) {}

  /** Whether the operator has put it somewhere. */
  public boolean has(String id) {
    return places.containsKey(id);
  }

  /** The place of a node, if it is pinned. */
  public Optional<Place> of(String id) {
    return Optional.ofNullable(places.get(id));
  }

  /** One more. */
  public Pins with(String id, Place place) {
    Map<String, Place> next = new HashMap<>(places);
    next.put(id, place);
    return new Pins(next);
  }

  /** One less. */
  public Pins without(String id) {
    Map<String, Place> next = new HashMap<>(places);
    next.remove(id);
    return new Pins(next);
  }
}
