package io.sekisho.agent.endpoint;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The text of an endpoint's state file: what it shall be, and its last known identity. */
final class EndpointJson {
  private static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .disableHtmlEscaping()
          .setStrictness(Strictness.STRICT)
          .create();

  /** The fields of the file. */
  private record Fields(
      int id,
      @Nullable String containerId,
      @Nullable String interfaceName,
      @Nullable String networkNamespace,
      @Nullable String network,
      @Nullable String namespace,
      @Nullable String pod,
      @Nullable String uid,
      @Nullable String workload,
      @Nullable List<String> labels,
      @Nullable List<String> addresses,
      @Nullable Long egressBandwidth,
      @Nullable Long ingressBandwidth,
      @Nullable String adopted,
      @Nullable Boolean audit,
      int identity) {}

  private EndpointJson() {}

  /** The text of an endpoint. */
  static String write(StoredEndpoint stored) {
    EndpointSpec spec = stored.spec();
    var request = spec.request();
    return GSON.toJson(
        new Fields(
            spec.id(),
            request.attachment().containerId(),
            request.attachment().interfaceName(),
            request.networkNamespace().toString(),
            request.network(),
            request.namespace(),
            request.pod(),
            request.uid(),
            request.workload(),
            request.labels().texts(),
            spec.addresses().stream().map(InetAddress::getHostAddress).toList(),
            limit(request.bandwidth().egress()),
            limit(request.bandwidth().ingress()),
            request.adopted().map(EndpointSpec.Adopted::hostInterface).orElse(null),
            stored.auditSet().orElse(null),
            stored.identity().number()));
  }

  /**
   * What a text says.
   *
   * @throws IllegalArgumentException if it is not the text of an endpoint
   */
  static StoredEndpoint read(String text) {
    try {
      Fields fields = GSON.fromJson(text, Fields.class);
      if (fields == null) {
        throw new IllegalArgumentException("the file is empty");
      }
      return stored(fields);
    } catch (JsonParseException e) {
      throw new IllegalArgumentException("not JSON of an endpoint: " + e.getMessage(), e);
    }
  }

  private static StoredEndpoint stored(Fields fields) {
    int id = fields.id();
    if (id < 1 || id > EndpointSpec.MAX_ID || fields.identity() < 1) {
      throw new IllegalArgumentException("id or identity is out of range");
    }
    List<InetAddress> addresses =
        list(fields.addresses(), "addresses").stream().map(InetAddress::ofLiteral).toList();
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("there is no address");
    }
    var adopted =
        Optional.ofNullable(fields.adopted()).map(a -> new EndpointSpec.Adopted(a, addresses));
    var request =
        new EndpointSpec.Request(
            new Attachment(
                text(fields.containerId(), "containerId"),
                text(fields.interfaceName(), "interfaceName")),
            Path.of(text(fields.networkNamespace(), "networkNamespace")),
            Objects.requireNonNullElse(fields.network(), ""),
            Objects.requireNonNullElse(fields.namespace(), ""),
            text(fields.pod(), "pod"),
            Objects.requireNonNullElse(fields.uid(), ""),
            text(fields.workload(), "workload"),
            Labels.of(list(fields.labels(), "labels")),
            new Bandwidth(limit(fields.egressBandwidth()), limit(fields.ingressBandwidth())),
            adopted);
    var labels = request.labels();
    var spec = new EndpointSpec(id, request, addresses);
    return new StoredEndpoint(
        spec, new Identity(fields.identity(), labels), Optional.ofNullable(fields.audit()));
  }

  /** No limit is no field, as in files of agents that knew of none. */
  private static @Nullable Long limit(long bits) {
    return bits == 0 ? null : Long.valueOf(bits);
  }

  private static long limit(@Nullable Long bits) {
    if (bits != null && bits < 0) {
      throw new IllegalArgumentException("a limit is below zero");
    }
    return bits == null ? 0 : bits;
  }

  private static String text(@Nullable String value, String name) {
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }

  private static List<String> list(@Nullable List<String> value, String name) {
    if (value == null || value.contains(null)) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }
}
