package io.sekisho.console.graph.view;

import io.sekisho.console.graph.layout.Pins;
import io.sekisho.console.graph.layout.Scene;
import java.util.Set;

/** Hears what happens in a graph viewer, on the UI thread. */
public interface GraphListener {
  /** Hears nothing. */
  GraphListener NONE = new GraphListener() {};

  /** Another scene is on its way to the screen. */
  default void shown(Scene scene) {}

  /** The camera has another zoom. */
  default void zoomed(double zoom) {}

  /** The operator selected ids; none if empty. */
  default void selected(Set<String> ids) {}

  /** The pointer is over an id; empty text for nothing. */
  default void hovered(String id) {}

  /** The operator pinned or freed nodes. */
  default void pinned(Pins pins) {}

  /** The operator wants to know more about the selection. */
  default void details() {}
}
