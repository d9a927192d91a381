package io.sekisho.agent.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.agent.apiserver.ListWatch;
import io.sekisho.agent.cluster.ClusterStore.Entry;
import io.sekisho.agent.cluster.ClusterStore.Watcher;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells a watcher of keys what is told of objects. Of a slice only what differs from before is
 * told, for which the values of each object are remembered by their version.
 */
final class StoreWatch implements ListWatch.Handler {
  private static final System.Logger LOG = System.getLogger(StoreWatch.class.getName());
  private static final byte[] NOTHING = {};

  private final String prefix;
  private final WatchGuard guard;

  /** By object and key: the value of a slice's entry, of others nothing but that they are there. */
  private final Map<String, Map<String, byte[]>> told = new HashMap<>();

  StoreWatch(String prefix, WatchGuard guard) {
    this.prefix = prefix;
    this.guard = guard;
  }

  @Override
  public void reset() {
    told.clear();
    guard.call(Watcher::reset);
  }

  @Override
  public void put(GenericKubernetesResource object) {
    String name = object.getMetadata().getName();
    boolean slice = object.get("spec", "entries") != null;
    Map<String, byte[]> before = told.getOrDefault(name, Map.of());
    var now = new HashMap<String, byte[]>();
    try {
      for (Entry entry : StoreObjects.entries(object)) {
        if (entry.key().startsWith(prefix)) {
          now.put(entry.key(), slice ? entry.value() : NOTHING);
          if (!slice || !Arrays.equals(before.get(entry.key()), entry.value())) {
            guard.call(w -> w.put(entry));
          }
        }
      }
    } catch (ClusterStoreException e) {
      LOG.log(System.Logger.Level.ERROR, "left out: {0}", e.getMessage());
    }
    told.put(name, now);
    before.keySet().stream().filter(key -> !now.containsKey(key)).forEach(this::gone);
  }

  private void gone(String key) {
    guard.call(w -> w.deleted(key));
  }

  @Override
  public void deleted(GenericKubernetesResource object) {
    Map<String, byte[]> before = told.remove(object.getMetadata().getName());
    if (before != null) {
      before.keySet().forEach(this::gone);
    }
  }

  @Override
  public void synced() {
    guard.call(Watcher::synced);
  }
}
