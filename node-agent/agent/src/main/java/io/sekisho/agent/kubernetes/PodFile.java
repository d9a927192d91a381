package io.sekisho.agent.kubernetes;

import static io.sekisho.agent.kubernetes.LastKnown.text;

import io.sekisho.agent.endpoint.Bandwidth;
import io.sekisho.agent.health.Health;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** This node's pods, each with the labels of its namespace, as the API server told them last. */
final class PodFile {
  /** More than a kubelet takes; what is beyond has no labels until the server answers. */
  private static final int MOST = 4096;

  private final LastKnown<Row> file;

  /** One pod in the file. */
  private record Row(
      @Nullable String namespace,
      @Nullable String name,
      @Nullable String uid,
      @Nullable Map<String, String> labels,
      @Nullable Map<String, String> namespaceLabels,
      @Nullable String serviceAccount,
      @Nullable List<String> ports,
      @Nullable String workload,
      long egress,
      long ingress) {}

  /**
   * A pod.
   *
   * @param namespaceLabels labels of its namespace
   */
  record Known(PodFacts pod, Map<String, String> namespaceLabels) {}

  /** In the node's state folder. */
  PodFile(Path state, Health health) {
    file =
        new LastKnown<>(
            state.resolve("kubernetes-pods.json"), "pods of the API server", Row[].class, health);
  }

  /** What was kept; empty if nothing was, or if the file is broken, which is set aside then. */
  Optional<List<Known>> read() {
    return file.read(rows -> rows.stream().map(PodFile::known).toList());
  }

  private static Known known(Row row) {
    Bandwidth bandwidth =
        row.egress() == 0 && row.ingress() == 0
            ? Bandwidth.UNLIMITED
            : new Bandwidth(row.egress(), row.ingress());
    var pod =
        new PodFacts(
            text(row.namespace()),
            text(row.name()),
            text(row.uid()),
            Fields.copy(row.labels()),
            text(row.serviceAccount()),
            List.copyOf(Optional.ofNullable(row.ports()).orElse(List.of())),
            text(row.workload()),
            new BandwidthAnnotations(bandwidth, ""));
    return new Known(pod, Fields.copy(row.namespaceLabels()));
  }

  /** Keeps what is known. */
  void write(List<Known> pods) {
    file.write(pods.stream().limit(MOST).map(PodFile::row).toList());
  }

  private static Row row(Known known) {
    PodFacts pod = known.pod();
    Bandwidth bandwidth = pod.limits().bandwidth();
    return new Row(
        pod.namespace(),
        pod.name(),
        pod.uid(),
        pod.labels(),
        known.namespaceLabels(),
        pod.serviceAccount(),
        pod.ports(),
        pod.workload(),
        bandwidth.egress(),
        bandwidth.ingress());
  }
}
