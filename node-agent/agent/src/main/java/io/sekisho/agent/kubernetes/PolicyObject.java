package io.sekisho.agent.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.sekisho.api.v1.Document;
import io.sekisho.policy.DocumentName;
import io.sekisho.policy.Kind;
import io.sekisho.policy.ObjectText;
import java.util.Optional;

/**
 * A policy of the API server, as the text that its author would have written.
 *
 * @param kind its kind
 * @param apiVersion in which version it came
 * @param uid tells it from others that had its name
 * @param generation grows with each change of what it says
 * @param yaml what is compiled: what it says now, or what it said last without an error; empty if
 *     it was never without
 * @param error what is wrong with what it says now, empty if nothing is
 * @param warning what is suspicious in what it says now, empty if nothing is
 */
record PolicyObject(
    Kind kind,
    String apiVersion,
    String namespace,
    String name,
    String uid,
    long generation,
    String yaml,
    String error,
    String warning) {
  /** An object as it came, after an earlier state of it if there was one. */
  static PolicyObject of(
      Kind kind, GenericKubernetesResource object, Optional<PolicyObject> before) {
    ObjectMeta meta = object.getMetadata();
    String text = text(object);
    String namespace = meta.getNamespace() == null ? "" : meta.getNamespace();
    long generation = meta.getGeneration() == null ? 0 : meta.getGeneration();
    Optional<PolicyObject> same = before.filter(b -> b.uid().equals(meta.getUid()));
    if (same.isPresent() && same.get().yaml().equals(text) && same.get().error().isEmpty()) {
      return same.get().at(generation);
    }
    Findings found = Findings.of(text);
    String error = found.errors();
    String inForce = error.isEmpty() ? text : same.map(PolicyObject::yaml).orElse("");
    return new PolicyObject(
        kind,
        object.getApiVersion(),
        namespace,
        meta.getName(),
        meta.getUid(),
        generation,
        inForce,
        error,
        error.isEmpty() ? found.warnings() : "");
  }

  private PolicyObject at(long newer) {
    return new PolicyObject(kind, apiVersion, namespace, name, uid, newer, yaml, error, warning);
  }

  /** The object without what only the server and its controllers wrote. */
  private static String text(GenericKubernetesResource object) {
    ObjectMeta meta = object.getMetadata();
    return ObjectText.of(
        object.getApiVersion(),
        object.getKind(),
        meta.getNamespace() == null ? "" : meta.getNamespace(),
        meta.getName(),
        Fields.copy(meta.getLabels()),
        Fields.copy(meta.getAnnotations()),
        object.getAdditionalProperties());
  }

  /** What it is called. */
  DocumentName documentName() {
    return new DocumentName(kind.text(), namespace, name);
  }

  /** What is compiled of it. */
  Document document() {
    return Document.newBuilder()
        .setKind(kind.text())
        .setNamespace(namespace)
        .setName(name)
        .setYaml(yaml)
        .build();
  }
}
