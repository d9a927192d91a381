package io.sekisho.console.graph.view;

import io.sekisho.console.graph.layout.Pins;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.eclipse.core.runtime.ILog;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.osgi.service.prefs.BackingStoreException;
import org.osgi.service.prefs.Preferences;

/**
 * Pinned places in the preferences of the workspace, apart for each cluster. Keys are ids of nodes,
 * values {@code x,y}; a value of another form is left out.
 */
final class PinStore {
  private static final String NODE = "io.sekisho.console.graph";

  private PinStore() {}

  /** Pins of a cluster, none if there are none or they cannot be read. */
  static Pins load(String cluster) {
    Map<String, Pins.Place> places = new HashMap<>();
    try {
      Preferences node = node(cluster);
      for (String key : node.keys()) {
        PinText.parse(node.get(key, "")).ifPresent(p -> places.put(key, p));
      }
    } catch (BackingStoreException e) {
      ILog.of(PinStore.class).warn("Pinned places of " + cluster + " were not read.", e);
    }
    return new Pins(places);
  }

  /** Keeps the pins of a cluster. */
  static void save(String cluster, Pins pins) {
    try {
      Preferences node = node(cluster);
      node.clear();
      pins.places().forEach((id, place) -> node.put(id, PinText.of(place)));
      node.flush();
    } catch (BackingStoreException e) {
      ILog.of(PinStore.class).warn("Pinned places of " + cluster + " were not kept.", e);
    }
  }

  /** A name of a cluster may hold slashes, a name of a node of preferences may not. */
  private static Preferences node(String cluster) {
    String safe = HexFormat.of().formatHex(cluster.getBytes(StandardCharsets.UTF_8));
    return InstanceScope.INSTANCE.getNode(NODE).node("pins").node(safe);
  }
}
