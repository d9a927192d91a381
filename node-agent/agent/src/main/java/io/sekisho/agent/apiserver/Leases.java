package io.sekisho.agent.apiserver;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The fields of {@code coordination.k8s.io/v1} leases. */
public final class Leases {
  /** MicroTime of the API: RFC 3339 with exactly six digits. */
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private static final String HOLDER = "holderIdentity";
  private static final String DURATION = "leaseDurationSeconds";
  private static final String RENEWED = "renewTime";

  private Leases() {}

  /** A new lease, renewed now. */
  public static GenericKubernetesResource make(
      String namespace, String name, Map<String, String> labels, String holder, Duration length) {
    return new GenericKubernetesResourceBuilder()
        .withApiVersion(ResourceKind.LEASE.apiVersion())
        .withKind(ResourceKind.LEASE.kind())
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .withLabels(labels)
        .endMetadata()
        .withAdditionalProperties(Map.of("spec", spec(holder, length)))
        .build();
  }

  private static Map<String, Object> spec(String holder, Duration length) {
    var spec = new HashMap<String, Object>();
    spec.put(HOLDER, holder);
    spec.put(DURATION, Math.max(1, length.toSeconds()));
    spec.put(RENEWED, MICRO_TIME.format(Instant.now()));
    return spec;
  }

  /** The lease with another holder, renewed now. */
  static GenericKubernetesResource held(
      GenericKubernetesResource lease, String holder, Duration length) {
    return lease.toBuilder().withAdditionalProperties(Map.of("spec", spec(holder, length))).build();
  }

  /** The merge patch that renews a lease now. */
  public static String renewal() {
    return "{\"spec\":{\"renewTime\":\"" + MICRO_TIME.format(Instant.now()) + "\"}}";
  }

  /** Who holds it; empty if nobody does. */
  static String holder(GenericKubernetesResource lease) {
    return Optional.<Object>ofNullable(lease.get("spec", HOLDER)).map(Object::toString).orElse("");
  }

  /** When it was last renewed, by the holder's clock: good for comparing, not for reckoning. */
  public static String renewed(GenericKubernetesResource lease) {
    return Optional.<Object>ofNullable(lease.get("spec", RENEWED)).map(Object::toString).orElse("");
  }

  /** How long it lasts without a renewal. */
  public static Duration length(GenericKubernetesResource lease) {
    Object seconds = lease.get("spec", DURATION);
    return seconds instanceof Number number
        ? Duration.ofSeconds(number.longValue())
        : Duration.ZERO;
  }
}
