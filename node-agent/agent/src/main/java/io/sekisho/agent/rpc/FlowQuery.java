package io.sekisho.agent.rpc;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.observer.GetFlowsRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;

/**
 * A request for flows, checked. Its reach into the past is Hubble's: the last (or with {@code
 * first} the first) {@code number} of those that match, none before {@code since}; all when neither
 * is given; none when it only follows.
 */
final class FlowQuery {
  /** Flows of all nodes that are put in order in memory. */
  static final int MOST = 10_000;

  private final GetFlowsRequest request;
  private final Predicate<Flow> filter;

  /**
   * Checks a request.
   *
   * @throws IllegalArgumentException if a filter or a time is broken
   */
  FlowQuery(GetFlowsRequest request) {
    this.request = request;
    if (request.getFirst() && request.getFollow()) {
      throw new IllegalArgumentException("the first flows cannot be followed; ask for the last");
    }
    if (request.hasSince() && !Timestamps.isValid(request.getSince())
        || request.hasUntil() && !Timestamps.isValid(request.getUntil())) {
      throw new IllegalArgumentException("since and until must be times");
    }
    if (number() > MOST) {
      throw new IllegalArgumentException(
          "at most " + MOST + " flows can be asked for by number; give a time instead");
    }
    var wanted = FlowFilters.of(request);
    filter = flow -> inTime(flow.getTime()) && wanted.test(flow);
  }

  private boolean inTime(Timestamp time) {
    return (!request.hasSince() || Timestamps.compare(time, request.getSince()) >= 0)
        && (!request.hasUntil() || Timestamps.compare(time, request.getUntil()) <= 0);
  }

  boolean matches(Flow flow) {
    return filter.test(flow);
  }

  boolean follows() {
    return request.getFollow();
  }

  boolean wantsPast() {
    return !request.getFollow() || request.hasSince() || number() != 0;
  }

  /** How many flows are wanted; 0 for all. */
  long number() {
    long number = request.getNumber();
    return number < 0 ? Long.MAX_VALUE : number;
  }

  boolean first() {
    return request.getFirst();
  }

  /** The same question about the past only. */
  GetFlowsRequest past() {
    return request.toBuilder().setFollow(false).build();
  }

  /** The same question about what comes only. */
  GetFlowsRequest live() {
    return request.toBuilder().setFollow(true).clearNumber().clearSince().build();
  }

  /** The flows that match of a node's past, oldest first; the list is read by place only. */
  Iterator<Flow> past(List<Flow> flows) {
    return new Matching(flows, request.getFirst() || number() == 0 ? 0 : lastStart(flows));
  }

  /** Place of the oldest flow of the last {@code number} that match. */
  private int lastStart(List<Flow> flows) {
    long found = 0;
    for (int i = flows.size() - 1; i >= 0; i--) {
      Flow flow = flows.get(i);
      if (filter.test(flow) && ++found == number()) {
        return i;
      }
    }
    return 0;
  }

  /** Matching flows from a place on. */
  private final class Matching implements Iterator<Flow> {
    private final List<Flow> flows;
    private final List<Flow> next = new ArrayList<>(1);
    private int place;
    private long told;

    private Matching(List<Flow> flows, int start) {
      this.flows = flows;
      this.place = start;
    }

    @Override
    public boolean hasNext() {
      boolean enough = first() && number() > 0 && told >= number();
      while (!enough && next.isEmpty() && place < flows.size()) {
        Flow flow = flows.get(place++);
        if (filter.test(flow)) {
          next.add(flow);
        }
      }
      return !next.isEmpty();
    }

    @Override
    public Flow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      told++;
      return next.removeFirst();
    }
  }
}
