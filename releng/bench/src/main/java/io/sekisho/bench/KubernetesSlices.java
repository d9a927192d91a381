package io.sekisho.bench;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.apiserver.ResourceKind;
import io.sekisho.lab.LabException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The endpoints that other nodes' agents have written, for changes: a slice is written whole, as
 * its agent does, by one request that names the version which it replaces.
 */
final class KubernetesSlices {
  static final ResourceKind KIND =
      new ResourceKind("sekisho.io", "v1", "SekishoEndpointSlice", "sekishoendpointslices", true);

  /** Endpoints of a node whose numbers are the same but for so many share a slice. */
  private static final int SIZE = 64;

  private final KubernetesRequests requests;
  private final Map<String, Slice> slices = new HashMap<>();

  /** One object. */
  private static final class Slice {
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<String, String> entries = new TreeMap<>();
    private final String session;
    private String version;

    private Slice(String version, String session) {
      this.version = version;
      this.session = session;
    }
  }

  /** Reads all of them. */
  KubernetesSlices(ApiServer api, KubernetesRequests requests) {
    this.requests = requests;
    var options = new ListOptionsBuilder().build();
    api.list(KIND, KubernetesContent.NAMESPACE, options).getItems().forEach(this::learn);
  }

  private void learn(GenericKubernetesResource object) {
    List<?> entries =
        Objects.requireNonNull((List<?>) object.<Object>get("spec", "entries"), "no entries");
    String session = ((Map<?, ?>) entries.getFirst()).get("session") + "";
    var slice = new Slice(object.getMetadata().getResourceVersion(), session);
    for (Object entry : entries) {
      String key = ((Map<?, ?>) entry).get("key") + "";
      if (!object.getMetadata().getName().equals(sliceOf(key))) {
        throw new LabException(
            LabException.Code.AGENT, key + " is in " + object.getMetadata().getName());
      }
      slice.entries.put(key, entry(key, ((Map<?, ?>) entry).get("value") + "", session));
    }
    slices.put(object.getMetadata().getName(), slice);
  }

  /** {@code endpoints/n1/130} lies in {@code n1.2}. */
  static String sliceOf(String key) {
    String[] parts = key.split("/");
    return parts[1] + "." + Integer.parseInt(parts[2]) / SIZE;
  }

  private static String entry(String key, String value, String session) {
    return "{\"key\":\"%s\",\"value\":\"%s\",\"session\":\"%s\"}".formatted(key, value, session);
  }

  /**
   * Writes and removes endpoints.
   *
   * @param changes the new value of a key; empty to remove it
   */
  void change(Map<String, Optional<byte[]>> changes) {
    changes.keySet().stream()
        .map(KubernetesSlices::sliceOf)
        .distinct()
        .forEach(name -> change(name, changes));
  }

  private void change(String name, Map<String, Optional<byte[]>> changes) {
    Slice slice = slices.get(name);
    if (slice == null) {
      throw new LabException(LabException.Code.AGENT, "there is no slice " + name);
    }
    slice.lock.lock();
    try {
      changes.forEach(
          (key, value) -> {
            if (sliceOf(key).equals(name)) {
              value.ifPresentOrElse(
                  v ->
                      slice.entries.put(
                          key, entry(key, Base64.getEncoder().encodeToString(v), slice.session)),
                  () -> slice.entries.remove(key));
            }
          });
      slice.version = requests.replace(KIND, KubernetesContent.NAMESPACE, name, text(name, slice));
    } finally {
      slice.lock.unlock();
    }
  }

  private static String text(String name, Slice slice) {
    return """
    {"apiVersion":"%s","kind":"%s","metadata":{"name":"%s","namespace":"%s",\
    "resourceVersion":"%s"},"spec":{"entries":[%s]}}"""
        .formatted(
            KIND.apiVersion(),
            KIND.kind(),
            name,
            KubernetesContent.NAMESPACE,
            slice.version,
            String.join(",", slice.entries.values()));
  }
}
