package io.sekisho.cli;

import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.sekisho.api.flow.FlowFilter;
import io.sekisho.api.flow.Verdict;
import io.sekisho.api.observer.GetFlowsRequest;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.flow.recording.FlowRecorder;
import io.sekisho.flow.recording.RecordingException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows flows. */
@Command(
    name = "monitor",
    mixinStandardHelpOptions = true,
    description = "Flows of the cluster: the last ones, or as they come with --follow.")
final class MonitorCommand extends AgentCommand {
  private static final int LAST = 20;

  @Mixin private Output output;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with the flows as they come.")
  private boolean follow;

  @Option(
      names = "--last",
      paramLabel = "N",
      description = "Begin with the last N flows; 20, or 0 with --follow or --since.")
  private @Nullable Long last;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Begin at a time, or a span before now.")
  private @Nullable String since;

  @Option(names = "--until", paramLabel = "TIME", description = "End at a time, or a span before.")
  private @Nullable String until;

  @Option(names = "--verdict", paramLabel = "VERDICT", description = "dropped, forwarded, audit …")
  private List<Verdict> verdicts = List.of();

  @Option(
      names = "--from",
      paramLabel = "NS/POD",
      description = "Source pod by the beginning of its name, or an address prefix.")
  private @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "NS/POD",
      description = "Destination pod by the beginning of its name, or an address prefix.")
  private @Nullable String to;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "Flows from or to a namespace.")
  private @Nullable String namespace;

  @Option(names = "--port", paramLabel = "PORT", description = "Destination port.")
  private @Nullable String port;

  @Option(names = "--protocol", paramLabel = "NAME", description = "tcp, udp, icmpv4, icmpv6 …")
  private @Nullable String protocol;

  @Option(names = "--node", paramLabel = "NAME", description = "Seen by a node.")
  private @Nullable String node;

  @Option(
      names = "--record",
      paramLabel = "FOLDER",
      description =
          "Write the flows into a folder, for policy dry-run --recording and the console, in place"
              + " of showing them; at most 1 GiB, the oldest go.")
  private @Nullable Path recording;

  @Option(names = "--local", description = "Only what this agent's own node has seen.")
  private boolean local;

  @Override
  void ask(AgentClient client) {
    var flows = client.flows();
    if (local) {
      var headers = new Metadata();
      headers.put(Metadata.Key.of("sekisho-local", Metadata.ASCII_STRING_MARSHALLER), "1");
      flows = flows.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }
    Iterator<GetFlowsResponse> responses = flows.getFlows(request());
    if (recording == null) {
      responses.forEachRemaining(this::tell);
    } else {
      keep(recording, responses);
    }
  }

  /** Until there are no more, or the operator ends it: what came by then is written whole. */
  private void keep(Path folder, Iterator<GetFlowsResponse> responses) {
    try (var recorder = FlowRecorder.open(folder)) {
      Thread end = new Thread(recorder::close, "end of the recording");
      Runtime.getRuntime().addShutdownHook(end);
      while (recorder.failure().isEmpty() && responses.hasNext()) {
        keep(recorder, responses.next());
      }
      recorder.close();
      Runtime.getRuntime().removeShutdownHook(end);
      err().println(Texts.plural(recorder.written(), "flow") + " recorded in " + folder);
      if (recorder.missing() > 0) {
        err().println(Texts.plural(recorder.missing(), "flow") + " are missing");
      }
      if (recorder.failure().isPresent()) {
        throw new CliException(CliException.Code.REFUSED, recorder.failure().get().sentence());
      }
    } catch (RecordingException e) {
      throw new CliException(CliException.Code.REFUSED, e.sentence(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void keep(FlowRecorder recorder, GetFlowsResponse response) throws InterruptedException {
    switch (response.getResponseTypesCase()) {
      case FLOW -> recorder.put(response.getFlow());
      case LOST_EVENTS -> recorder.lost(response.getLostEvents().getNumEventsLost());
      case NODE_STATUS -> err().println(FlowLine.of(response.getNodeStatus()));
      case RESPONSETYPES_NOT_SET -> {}
    }
  }

  GetFlowsRequest request() {
    var request = GetFlowsRequest.newBuilder().setFollow(follow);
    request.setNumber(last != null ? last : follow || since != null ? 0 : LAST);
    if (since != null) {
      request.setSince(Texts.moment(since));
    }
    if (until != null) {
      request.setUntil(Texts.moment(until));
    }
    var filter = filter();
    if (namespace != null) {
      String pods = namespace + "/";
      request.addWhitelist(filter.clone().addSourcePod(pods));
      request.addWhitelist(filter.clone().addDestinationPod(pods));
    } else if (!filter.build().equals(FlowFilter.getDefaultInstance())) {
      request.addWhitelist(filter);
    }
    return request.build();
  }

  private FlowFilter.Builder filter() {
    var filter = FlowFilter.newBuilder().addAllVerdict(verdicts);
    if (from != null) {
      if (isAddress(from)) {
        filter.addSourceIp(from);
      } else {
        filter.addSourcePod(from);
      }
    }
    if (to != null) {
      if (isAddress(to)) {
        filter.addDestinationIp(to);
      } else {
        filter.addDestinationPod(to);
      }
    }
    if (port != null) {
      filter.addDestinationPort(port);
    }
    if (protocol != null) {
      filter.addProtocol(protocol);
    }
    if (node != null) {
      filter.addNodeName(node);
    }
    return filter;
  }

  private static boolean isAddress(String text) {
    return text.contains(":") || text.matches("[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+(/[0-9]+)?");
  }

  private void tell(GetFlowsResponse response) {
    if (output.isJson()) {
      out().println(Output.line(response));
    } else if (response.hasFlow()) {
      out().println(FlowLine.of(response.getFlow()));
    } else if (response.hasLostEvents()) {
      out().println(FlowLine.of(response.getLostEvents(), response.getNodeName()));
    } else {
      err().println(FlowLine.of(response.getNodeStatus()));
    }
    out().flush();
  }
}
