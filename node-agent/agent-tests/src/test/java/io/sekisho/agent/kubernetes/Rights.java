package io.sekisho.agent.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.sekisho.agent.apiserver.ApiException;
import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.apiserver.ResourceKind;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** What users may ask an API server for, and what they did ask. */
final class Rights {
  private static final ResourceKind REVIEW =
      new ResourceKind(
          "authorization.k8s.io", "v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", false);

  /** Everybody may ask these who he is, what he may, and whom to believe. */
  private static final List<String> OF_EVERYBODY =
      List.of("authorization.k8s.io", "authentication.k8s.io", "certificates.k8s.io");

  private static final int FORBIDDEN = 403;

  private Rights() {}

  /** Rights of a client in a namespace by all of its roles, as {@code verb resource.group name}. */
  static TreeSet<String> granted(ApiServer client, String namespace) {
    var review = new GenericKubernetesResource();
    review.setApiVersion(REVIEW.apiVersion());
    review.setKind(REVIEW.kind());
    review.setMetadata(new ObjectMeta());
    review.setAdditionalProperty("spec", Map.of("namespace", namespace));
    var out = new TreeSet<String>();
    GenericKubernetesResource answer = client.create(REVIEW, review);
    for (Map<?, ?> rule : Fields.maps(Fields.map(answer, "status"), "resourceRules")) {
      for (Object group : Fields.list(rule, "apiGroups")) {
        if (!OF_EVERYBODY.contains(group)) {
          addAll(rule, group, out);
        }
      }
    }
    return out;
  }

  private static void addAll(Map<?, ?> rule, Object group, Set<String> rights) {
    for (Object resource : Fields.list(rule, "resources")) {
      for (Object verb : Fields.list(rule, "verbs")) {
        names(rule).forEach(name -> rights.add(text(verb, resource, group) + name));
      }
    }
  }

  private static String text(Object verb, Object resource, Object group) {
    return verb + " " + resource + (group.equals("") ? "" : "." + group);
  }

  /** What follows a right that holds for some objects only, once for each; else one empty text. */
  private static List<String> names(Map<?, ?> rule) {
    List<?> names = Fields.list(rule, "resourceNames");
    return names.isEmpty() ? List.of("") : names.stream().map(name -> " " + name).toList();
  }

  /**
   * One request.
   *
   * @param namespace of the object, empty where it has none
   * @param right as {@link #granted} says it, without a name
   * @param name of the object, empty where several are meant
   */
  record Asked(String namespace, String right, String name, boolean refused) {}

  /** What a user asked for until now. */
  static List<Asked> asked(ControlPlane cluster, String user) {
    var out = new ArrayList<Asked>();
    for (String line : cluster.audit()) {
      JsonObject event = JsonParser.parseString(line).getAsJsonObject();
      JsonElement about = event.get("objectRef");
      boolean his = field(event.getAsJsonObject("user"), "username").equals(user);
      if (his && about != null && about.getAsJsonObject().has("resource")) {
        JsonObject object = about.getAsJsonObject();
        String below = field(object, "subresource");
        String resource = field(object, "resource") + (below.isEmpty() ? "" : "/" + below);
        String group = field(object, "apiGroup");
        if (!OF_EVERYBODY.contains(group)) {
          JsonElement code = event.getAsJsonObject("responseStatus").get("code");
          out.add(
              new Asked(
                  field(object, "namespace"),
                  text(field(event, "verb"), resource, group),
                  field(object, "name"),
                  code.getAsInt() == FORBIDDEN));
        }
      }
    }
    return out;
  }

  /** A client of a service account of ours; options of its token may follow. */
  static ApiServer byToken(ControlPlane cluster, Path folder, String... account)
      throws IOException {
    var words = new ArrayList<>(List.of("-n", "sekisho-system", "create", "token"));
    words.addAll(List.of(account));
    String token = cluster.kubectl(words.toArray(String[]::new)).strip();
    Path kubeconfig = folder.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        Files.readString(cluster.kubeconfig())
            .replaceAll("user: \\{client-.*}", "user: {token: " + token + "}"));
    return ApiServer.open(
        new ApiServer.Settings(Optional.of(kubeconfig), Duration.ofSeconds(5), 100),
        Clock.systemUTC());
  }

  /** Why a node is not changed; empty if it is. */
  static String refusal(
      ApiServer client, String node, UnaryOperator<GenericKubernetesResource> change) {
    GenericKubernetesResource now = client.get(ResourceKind.NODE, "", node).orElseThrow();
    try {
      var written = client.replace(ResourceKind.NODE, change.apply(now));
      assertEquals(node, written.getMetadata().getName());
      return "";
    } catch (ApiException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** A node with another value of a field of its spec. */
  static GenericKubernetesResource with(
      GenericKubernetesResource node, String field, Object value) {
    Map<String, Object> spec = Fields.without(Fields.map(node, "spec"), List.of(field));
    spec.put(field, value);
    Map<String, Object> all = Fields.without(node.getAdditionalProperties(), List.of("spec"));
    all.put("spec", spec);
    return node.toBuilder().withAdditionalProperties(all).build();
  }

  private static String field(JsonObject object, String name) {
    return object.has(name) ? object.get(name).getAsString() : "";
  }
}
