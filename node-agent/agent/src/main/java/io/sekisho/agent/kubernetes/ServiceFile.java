package io.sekisho.agent.kubernetes;

import static io.sekisho.agent.kubernetes.LastKnown.text;

import io.sekisho.agent.health.Health;
import io.sekisho.policy.Cidr;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The services of the API server as this node knew them last, on disk. */
final class ServiceFile {
  private final LastKnown<Row> file;

  /** One service in the file. */
  private record Row(
      @Nullable String namespace,
      @Nullable String name,
      @Nullable Map<String, String> labels,
      @Nullable Map<String, String> selector,
      @Nullable List<String> addresses) {}

  /** In the node's state folder. */
  ServiceFile(Path state, Health health) {
    file =
        new LastKnown<>(
            state.resolve("kubernetes-services.json"),
            "services of the API server",
            Row[].class,
            health);
  }

  /** What was kept; empty if nothing was, or if the file is broken, which is set aside then. */
  Optional<List<ServiceFacts>> read() {
    return file.read(rows -> rows.stream().map(ServiceFile::service).toList());
  }

  private static ServiceFacts service(Row row) {
    return new ServiceFacts(
        text(row.namespace()),
        text(row.name()),
        Fields.copy(row.labels()),
        Fields.copy(row.selector()),
        Optional.ofNullable(row.addresses()).orElse(List.of()).stream().map(Cidr::parse).toList());
  }

  /** Keeps what is known. */
  void write(List<ServiceFacts> services) {
    file.write(
        services.stream()
            .map(
                s ->
                    new Row(
                        s.namespace(),
                        s.name(),
                        s.labels(),
                        s.selector(),
                        s.addresses().stream().map(Cidr::toString).toList()))
            .toList());
  }
}
