package io.sekisho.console.ui;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.EndpointState;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.Party;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The two ends of a path.
 *
 * @param source {@code namespace/pod}
 * @param destination {@code namespace/pod}, an address, or empty where it is still to be chosen
 */
public record PathEnds(String source, String destination) {
  /** Command that opens the path of what is selected. */
  public static final String OF_SELECTION = "io.sekisho.console.path.ofSelection";

  /** Command that opens the path view with parameters {@code source} and {@code destination}. */
  public static final String SHOW = "io.sekisho.console.path.show";

  /**
   * The ends of what is selected; empty where it has no source in the cluster, for a path is
   * measured from inside an endpoint.
   */
  public static Optional<PathEnds> of(Selected selected, ClusterSession session) {
    return switch (selected) {
      case Selected.Flow f ->
          pod(f.flow().client()).map(p -> new PathEnds(p, end(f.flow().server())));
      case Selected.Connection c -> connection(c, session);
      case Selected.Flows f -> f.ends().flatMap(c -> connection(c, session));
      case Selected.Workload w -> pod(w.key(), session).map(p -> new PathEnds(p, ""));
      case Selected.Pod p -> Optional.of(new PathEnds(p.namespace() + "/" + p.name(), ""));
      case Selected.Service s -> Optional.empty();
      case Selected.Nothing n -> Optional.empty();
      case Selected.Namespace n -> Optional.empty();
      case Selected.Node n -> Optional.empty();
    };
  }

  private static Optional<PathEnds> connection(Selected.Connection c, ClusterSession session) {
    Optional<PathEnds> seen =
        newest(c, session.flows().newestFirst())
            .flatMap(f -> pod(f.client()).map(p -> new PathEnds(p, end(f.server()))))
            .filter(e -> !e.destination().isEmpty());
    if (seen.isPresent()) {
      return seen;
    }
    String server = pod(c.serverKey(), session).orElseGet(() -> address(c.serverKey()));
    return pod(c.clientKey(), session).map(p -> new PathEnds(p, server));
  }

  private static Optional<FlowRecord> newest(Selected.Connection c, List<FlowRecord> flows) {
    return flows.stream()
        .filter(f -> f.client().key().equals(c.clientKey()))
        .filter(f -> f.server().key().equals(c.serverKey()))
        .findFirst();
  }

  private static Optional<String> pod(Party party) {
    return party.kind() == Party.Kind.WORKLOAD && !party.pod().isEmpty()
        ? Optional.of(party.namespace() + "/" + party.pod())
        : Optional.empty();
  }

  private static String end(Party party) {
    return pod(party).orElse(party.address());
  }

  /** A pod of a workload, one that is ready if there is one. */
  private static Optional<String> pod(String key, ClusterSession session) {
    return session.inventory().endpoints().values().stream()
        .filter(e -> (e.getNamespace() + "/" + e.getWorkload()).equals(key))
        .min(
            Comparator.comparing((Endpoint e) -> e.getState() != EndpointState.ENDPOINT_READY)
                .thenComparing(Endpoint::getPod))
        .map(e -> e.getNamespace() + "/" + e.getPod());
  }

  /** The address of {@code /198.51.100.7/32}; empty for what is no single address. */
  private static String address(String key) {
    String name = key.substring(key.indexOf('/') + 1).replaceFirst("/(32|128)$", "");
    boolean plain = name.matches("[0-9.]+") || name.matches("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    return plain ? name : "";
  }
}
