package io.sekisho.cli;

import io.sekisho.api.observer.GetFlowsRequest;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.api.relay.NodeState;
import io.sekisho.api.v1.ListEndpointsRequest;
import io.sekisho.api.v1.ListEndpointsResponse;
import io.sekisho.api.v1.ListIdentitiesRequest;
import io.sekisho.flow.recording.Recording;
import io.sekisho.flow.recording.RecordingException;
import io.sekisho.impact.seen.Gathering;
import io.sekisho.impact.seen.Traffic;
import io.sekisho.policy.Identities;
import io.sekisho.policy.Labels;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that choose recorded flows of the cluster, and what was recorded. */
final class RecordedFlows {
  private static final long STEP = 50_000;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      defaultValue = "1h",
      description = "Flows since a time, or of a span before now (${DEFAULT-VALUE}).")
  private String since = "1h";

  @Option(names = "--until", paramLabel = "TIME", description = "End at a time, or a span before.")
  private @Nullable String until;

  @Option(
      names = "--recording",
      paramLabel = "FOLDER",
      description = "Flows of a recording (monitor --record), in place of what agents hold.")
  private @Nullable Path folder;

  /**
   * The cluster as it is, and what was recorded.
   *
   * @param endpoints of all nodes
   * @param identities those of endpoints too
   * @param traffic the flows
   */
  record Read(ListEndpointsResponse endpoints, Identities identities, Traffic traffic) {
    /** Labels of every endpoint. */
    Collection<Labels> universe() {
      return endpoints.getEndpointsList().stream()
          .map(e -> Labels.of(e.getLabelsList()))
          .distinct()
          .toList();
    }
  }

  /** Reads all of it; what is missing is told. */
  Read read(AgentClient client, PrintWriter err) {
    var endpoints = client.endpoints().list(ListEndpointsRequest.getDefaultInstance());
    var identities = new Identities();
    endpoints
        .getEndpointsList()
        .forEach(e -> identities.endpoint(e.getIdentity(), e.getLabelsList()));
    client
        .identities()
        .list(ListIdentitiesRequest.getDefaultInstance())
        .getIdentitiesList()
        .forEach(i -> identities.add(i.getNumber(), i.getLabelsList()));
    var gathering = new Gathering(identities::labels);
    if (folder == null) {
      client.flows().getFlows(request()).forEachRemaining(r -> take(r, gathering, err));
    } else {
      replay(folder, gathering, err);
    }
    Traffic traffic = gathering.traffic();
    long missing = traffic.lost() + traffic.leftOut();
    if (missing > 0) {
      err.println(Texts.plural(missing, "flow") + " of that time are missing");
    }
    return new Read(endpoints, identities, traffic);
  }

  private GetFlowsRequest request() {
    var request = GetFlowsRequest.newBuilder().setSince(Texts.moment(since));
    return request.setUntil(Texts.moment(until == null ? "0s" : until)).build();
  }

  private static void replay(Path folder, Gathering gathering, PrintWriter err) {
    try {
      Recording.Contents contents = Recording.replay(folder, gathering::add);
      if (contents.damagedBytes() > 0) {
        err.println(
            Texts.plural(contents.damagedBytes(), "byte") + " of the recording are damaged");
      }
    } catch (RecordingException e) {
      throw new CliException(CliException.Code.REFUSED, e.sentence(), e);
    }
  }

  private static void take(GetFlowsResponse response, Gathering gathering, PrintWriter err) {
    switch (response.getResponseTypesCase()) {
      case FLOW -> {
        gathering.add(response.getFlow());
        if (gathering.flows() % STEP == 0 && System.console() != null) {
          err.println("reading recorded flows: " + gathering.flows());
          err.flush();
        }
      }
      case LOST_EVENTS -> gathering.lost(response.getLostEvents().getNumEventsLost());
      case NODE_STATUS -> {
        if (response.getNodeStatus().getStateChange() != NodeState.NODE_CONNECTED) {
          err.println(FlowLine.of(response.getNodeStatus()));
        }
      }
      case RESPONSETYPES_NOT_SET -> {}
    }
  }
}
