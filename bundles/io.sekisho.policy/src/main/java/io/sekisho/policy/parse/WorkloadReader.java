package io.sekisho.policy.parse;

import io.sekisho.policy.Kind;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Manifests;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.PortLabels;
import io.sekisho.policy.Problem;
import io.sekisho.policy.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Tells manifests that make pods from documents. Of a workload it reads the pods' labels and ports
 * and leaves the rest alone: whether it is right is Kubernetes' affair.
 */
public final class WorkloadReader {
  /** Where the pod lies in a manifest of a kind. */
  private static final Map<String, List<String>> PODS =
      Map.of(
          "Pod", List.of(),
          "Deployment", List.of("spec", "template"),
          "ReplicaSet", List.of("spec", "template"),
          "StatefulSet", List.of("spec", "template"),
          "DaemonSet", List.of("spec", "template"),
          "Job", List.of("spec", "template"),
          "CronJob", List.of("spec", "jobTemplate", "spec", "template"));

  private static final List<String> OUR_VERSIONS =
      List.of("cilium.io/", "policy.networking.k8s.io/", "sekisho.io/");

  /** A manifest that makes pods, until the labels of namespaces are known. */
  private record Pods(
      String kind, String namespace, String name, List<String> labels, boolean onHost) {}

  private final List<Problem> problems = new ArrayList<>();
  private final List<Pods> pods = new ArrayList<>();
  private final Map<String, List<String>> namespaces = new HashMap<>();
  private final TreeSet<String> skipped = new TreeSet<>();

  private WorkloadReader() {}

  /** Reads every manifest of every text. */
  public static Manifests read(List<String> texts) {
    var reader = new WorkloadReader();
    var rest = new ArrayList<String>();
    for (int i = 0; i < texts.size(); i++) {
      rest.add(reader.readText(i, texts.get(i)));
    }
    Parsed parsed = parse(rest);
    var problems = new ArrayList<>(reader.problems);
    problems.addAll(parsed.problems());
    return new Manifests(
        new Parsed(parsed.documents(), parsed.places(), problems),
        reader.workloads(),
        reader.skipped);
  }

  /** Texts without a document are no problem here: they held workloads only. */
  private static Parsed parse(List<String> texts) {
    Parsed parsed = DocumentReader.read(texts);
    return new Parsed(
        parsed.documents(),
        parsed.places(),
        parsed.problems().stream()
            .filter(p -> !Slice.split(texts.get(p.text())).isEmpty())
            .toList());
  }

  /** The text with blank lines in place of manifests that are no documents. */
  private String readText(int text, String stream) {
    var lines = new ArrayList<>(stream.lines().toList());
    for (Slice slice : Slice.split(stream.startsWith("\ufeff") ? stream.substring(1) : stream)) {
      var findings = new Findings(text, slice.firstLine());
      Optional<Fields> fields =
          Tree.read(slice.yaml(), findings)
              .filter(n -> n.getTag().equals(Tag.MAP))
              .flatMap(n -> Fields.any(n, "the manifest", findings));
      String kind = fields.map(f -> word(f, "kind")).orElse("");
      String version = fields.map(f -> word(f, "apiVersion")).orElse("");
      if (fields.isEmpty() || isDocument(kind, version)) {
        continue;
      }
      readManifest(kind, fields.get(), findings);
      problems.addAll(findings.named(kind));
      int end = slice.firstLine() + (int) slice.yaml().lines().count();
      for (int i = slice.firstLine(); i < Math.min(end, lines.size()); i++) {
        lines.set(i, "");
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private static boolean isDocument(String kind, String version) {
    return kind.isEmpty()
        || Kind.of(kind).isPresent()
        || OUR_VERSIONS.stream().anyMatch(version::startsWith)
        || (!PODS.containsKey(kind) && !DidYouMean.nearest(kind, Kind.words()).isEmpty());
  }

  private static String word(Fields fields, String name) {
    return fields
        .raw(name)
        .filter(ScalarNode.class::isInstance)
        .map(n -> ((ScalarNode) n).getValue())
        .orElse("");
  }

  private void readManifest(String kind, Fields manifest, Findings findings) {
    Optional<Fields> metadata = at(manifest, List.of("metadata"), findings);
    String name = metadata.map(m -> word(m, "name")).orElse("");
    if (kind.equals("Namespace")) {
      namespaces.put(name, labels(metadata, Labels.NAMESPACE_LABELS, findings));
    } else if (PODS.containsKey(kind)) {
      String namespace =
          metadata.map(m -> word(m, "namespace")).filter(n -> !n.isEmpty()).orElse("default");
      Optional<Fields> pod = at(manifest, PODS.getOrDefault(kind, List.of()), findings);
      pod.ifPresent(p -> readPod(kind, namespace, name, p, findings));
    } else {
      skipped.add(kind);
    }
  }

  private void readPod(String kind, String namespace, String name, Fields pod, Findings findings) {
    var labels = new ArrayList<>(labels(at(pod, List.of("metadata"), findings), "", findings));
    Optional<Fields> spec = at(pod, List.of("spec"), findings);
    labels.addAll(ports(spec, findings));
    boolean onHost = spec.map(s -> word(s, "hostNetwork")).filter("true"::equals).isPresent();
    pods.add(new Pods(kind, namespace, name, labels, onHost));
  }

  private static List<String> ports(Optional<Fields> spec, Findings findings) {
    var named = new ArrayList<String>();
    for (Node container : spec.flatMap(s -> s.list("containers")).orElse(List.of())) {
      Optional<Fields> fields = Fields.any(container, "a container", findings);
      for (Node port : fields.flatMap(f -> f.list("ports")).orElse(List.of())) {
        Fields.any(port, "a port", findings)
            .filter(p -> !word(p, "name").isEmpty())
            .ifPresent(p -> named.add(port(p)));
      }
    }
    try {
      return PortLabels.parse(String.join(",", named));
    } catch (IllegalArgumentException e) {
      findings.error(spec.map(Fields::node).orElseThrow(), e.getMessage());
      return List.of();
    }
  }

  private static String port(Fields port) {
    String protocol = word(port, "protocol");
    return word(port, "name")
        + "="
        + word(port, "containerPort")
        + "/"
        + (protocol.isEmpty() ? "TCP" : protocol);
  }

  private static List<String> labels(Optional<Fields> metadata, String prefix, Findings findings) {
    var out = new ArrayList<String>();
    metadata
        .filter(m -> m.has("labels"))
        .flatMap(m -> at(m, List.of("labels"), findings))
        .ifPresent(
            f ->
                f.names()
                    .forEach(
                        n -> f.text(n).ifPresent(v -> out.add("k8s:" + prefix + n + "=" + v))));
    return out;
  }

  /** The map at a path; empty if there is none. */
  private static Optional<Fields> at(Fields fields, List<String> path, Findings findings) {
    Optional<Fields> here = Optional.of(fields);
    for (String name : path) {
      here = here.flatMap(f -> f.raw(name)).flatMap(n -> Fields.any(n, "'" + name + "'", findings));
    }
    return here;
  }

  private List<Workload> workloads() {
    var out = new ArrayList<Workload>();
    for (Pods pod : pods) {
      if (pod.onHost()) {
        continue; // such pods have the identity of their node
      }
      var labels = new ArrayList<>(pod.labels());
      labels.add("k8s:" + Labels.NAMESPACE + "=" + pod.namespace());
      labels.addAll(namespaces.getOrDefault(pod.namespace(), List.of()));
      out.add(new Workload(pod.kind(), pod.namespace(), pod.name(), Labels.of(labels)));
    }
    return out;
  }
}
