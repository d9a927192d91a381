package io.sekisho.agent.rpc;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.sekisho.api.observer.GetFlowsResponse;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * The past of several nodes in the order of time, each node's in its own order; holds one response
 * of each node, and for the last {@code n} these.
 */
final class FlowMerge {
  private static final Comparator<GetFlowsResponse> BY_TIME =
      Comparator.comparing(FlowMerge::time, Timestamps.comparator());

  private final PriorityQueue<Source> sources =
      new PriorityQueue<>(Comparator.comparing(source -> source.head, BY_TIME));

  /** A node's responses and the next of them. */
  private static final class Source {
    private final Iterator<GetFlowsResponse> rest;
    private GetFlowsResponse head;

    private Source(Iterator<GetFlowsResponse> rest) {
      this.rest = rest;
      this.head = rest.next();
    }
  }

  FlowMerge(List<Iterator<GetFlowsResponse>> nodes) {
    for (var node : nodes) {
      if (node.hasNext()) {
        sources.add(new Source(node));
      }
    }
  }

  private static Timestamp time(GetFlowsResponse response) {
    return response.hasFlow() ? response.getFlow().getTime() : response.getTime();
  }

  /** Gives everything, in order. */
  void all(Consumer<GetFlowsResponse> taker) {
    first(Long.MAX_VALUE, taker);
  }

  /** Gives the first so many flows, and what else comes before. */
  void first(long number, Consumer<GetFlowsResponse> taker) {
    long told = 0;
    while (!sources.isEmpty() && told < number) {
      var response = next();
      told += response.hasFlow() ? 1 : 0;
      taker.accept(response);
    }
  }

  /** Gives the last so many flows, and every count of lost events. */
  void last(int number, Consumer<GetFlowsResponse> taker) {
    var last = new ArrayDeque<GetFlowsResponse>();
    while (!sources.isEmpty()) {
      var response = next();
      if (!response.hasFlow()) {
        taker.accept(response);
        continue;
      }
      if (last.size() == number) {
        last.remove();
      }
      last.add(response);
    }
    last.forEach(taker);
  }

  private GetFlowsResponse next() {
    Source source = sources.remove();
    var response = source.head;
    if (source.rest.hasNext()) {
      source.head = source.rest.next();
      sources.add(source);
    }
    return response;
  }
}
