package io.sekisho.agent.cluster;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Keeps what a watch tells, in order, and the state that follows from it. */
final class RecordingWatcher implements ClusterStore.Watcher {
  private final List<String> calls = new ArrayList<>();
  private final Map<String, String> state = new TreeMap<>();

  @Override
  public synchronized void reset() {
    calls.add("reset");
    state.clear();
  }

  @Override
  public synchronized void put(ClusterStore.Entry entry) {
    String value = new String(entry.value(), StandardCharsets.UTF_8);
    calls.add(entry.key() + "=" + value);
    state.put(entry.key(), value);
  }

  @Override
  public synchronized void deleted(String key) {
    calls.add("-" + key);
    state.remove(key);
  }

  @Override
  public synchronized void synced() {
    calls.add("synced");
  }

  synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  synchronized Map<String, String> state() {
    return new TreeMap<>(state);
  }
}
