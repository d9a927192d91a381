package io.sekisho.agent.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.sekisho.agent.apiserver.ApiException;
import io.sekisho.agent.apiserver.ApiException.Code;
import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.apiserver.ResourceKind;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes warnings as Events of Kubernetes, where {@code kubectl describe} shows them. One that says
 * the same of the same object has the same name, so agents that restart, and several that see the
 * same, write it once as long as the server keeps it.
 */
final class EventWriter {
  private static final System.Logger LOG = System.getLogger(EventWriter.class.getName());

  /** The API's limit, bytes; texts are cut by characters, most of which have one byte. */
  private static final int LONGEST = 1000;

  /** Events that are remembered as written. */
  private static final int REMEMBERED = 4096;

  private static final String COMPONENT = "sekisho-agent";

  private final ApiServer api;
  private final String node;
  private final Clock clock;
  private final Map<String, Boolean> written =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Events of a node's agent. */
  EventWriter(ApiServer api, String node, Clock clock) {
    this.api = api;
    this.node = node;
    this.clock = clock;
  }

  /** The object that an event is about; the namespace is empty where it has none. */
  record About(String apiVersion, String kind, String namespace, String name, String uid) {}

  /**
   * Warns; blocks. Whether a request was made: not if the same was written before.
   *
   * @param reason one word
   * @param message a sentence
   */
  boolean warn(About about, String reason, String message) {
    String text = message.length() > LONGEST ? message.substring(0, LONGEST) + " …" : message;
    String id = HexFormat.of().toHexDigits((about.uid() + reason + text).hashCode());
    String name = about.name() + "." + id;
    String key = about.namespace() + "/" + about.kind() + "/" + name;
    synchronized (written) {
      if (written.putIfAbsent(key, true) != null) {
        return false;
      }
    }
    try {
      var made = api.create(ResourceKind.EVENT, event(about, name, reason, text).build());
      assert made != null;
    } catch (ApiException e) {
      if (e.code() == Code.UNAVAILABLE) {
        synchronized (written) {
          written.remove(key);
        }
      }
      if (e.code() != Code.CONFLICT) {
        LOG.log(System.Logger.Level.DEBUG, "no event {0}: {1}", key, e.getMessage());
      }
    }
    return true;
  }

  private GenericKubernetesResourceBuilder event(
      About about, String name, String reason, String message) {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    var fields = new LinkedHashMap<String, Object>();
    var object = new LinkedHashMap<String, Object>();
    object.put("apiVersion", about.apiVersion());
    object.put("kind", about.kind());
    object.put("name", about.name());
    object.put("uid", about.uid());
    if (!about.namespace().isEmpty()) {
      object.put("namespace", about.namespace());
    }
    fields.put("involvedObject", object);
    fields.put("type", "Warning");
    fields.put("reason", reason);
    fields.put("message", message);
    fields.put("source", Map.of("component", COMPONENT, "host", node));
    fields.put("reportingComponent", COMPONENT);
    fields.put("reportingInstance", node);
    fields.put("firstTimestamp", now);
    fields.put("lastTimestamp", now);
    fields.put("count", 1);
    return new GenericKubernetesResourceBuilder()
        .withApiVersion(ResourceKind.EVENT.apiVersion())
        .withKind(ResourceKind.EVENT.kind())
        .withNewMetadata()
        .withName(name)
        // events of what has no namespace are in this one
        .withNamespace(about.namespace().isEmpty() ? "default" : about.namespace())
        .endMetadata()
        .withAdditionalProperties(fields);
  }
}
