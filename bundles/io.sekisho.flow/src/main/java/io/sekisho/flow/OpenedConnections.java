package io.sekisho.flow;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Remembers for some seconds what each side has told of a connection's opening, so that it counts
 * once although the client's and the server's node both tell, in any order, and not at all when the
 * server's side drops what the client's side let pass. Keeps the youngest connections.
 */
final class OpenedConnections {
  /** Both sides tell within the time that a first packet needs, and that clocks may differ. */
  private static final long TOGETHER_NANOS = 10_000_000_000L;

  private record Connection(
      String client, int clientPort, String server, int serverPort, String protocol) {}

  private enum State {
    /** One side let it pass, and it counts. */
    COUNTED,
    /** Both sides let it pass, and it counts once. */
    SETTLED,
    /** The server's side dropped it, and it does not count. */
    DROPPED
  }

  /** What was told first, and what has become of it. */
  private static final class Opening {
    private final long timeNanos;
    private final boolean egress;
    private State state;

    private Opening(FlowRecord flow, State state) {
      timeNanos = flow.timeNanos();
      egress = flow.egress();
      this.state = state;
    }
  }

  private final Map<Connection, Opening> openings;

  OpenedConnections(int capacity) {
    openings =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Connection, Opening> eldest) {
            return size() > capacity;
          }
        };
  }

  /** Takes note that a side let an opening pass; whether the connection counts now. */
  boolean forwarded(FlowRecord flow) {
    Connection key = key(flow);
    Opening known = openings.get(key);
    if (known == null || !isNear(known, flow)) {
      return remember(key, flow, State.COUNTED);
    }
    if (known.state == State.DROPPED) {
      // the client's news came later than the server's drop; or the server's side let it pass now
      return !flow.egress() && remember(key, flow, State.SETTLED);
    }
    if (known.egress != flow.egress() && known.state == State.COUNTED) {
      known.state = State.SETTLED;
      return false;
    }
    return remember(key, flow, State.COUNTED);
  }

  /**
   * Takes note that a first packet was dropped. If the client's side had let it pass: when that was
   * counted, ns since the epoch, to be taken back.
   */
  OptionalLong dropped(FlowRecord flow) {
    if (flow.egress() || flow.reply()) {
      return OptionalLong.empty();
    }
    Connection key = key(flow);
    Opening known = openings.get(key);
    if (known == null || !isNear(known, flow)) {
      remember(key, flow, State.DROPPED);
    } else if (known.state == State.COUNTED && known.egress) {
      known.state = State.DROPPED;
      return OptionalLong.of(known.timeNanos);
    }
    return OptionalLong.empty();
  }

  void clear() {
    openings.clear();
  }

  private boolean remember(Connection key, FlowRecord flow, State state) {
    openings.remove(key); // the youngest stand last
    openings.put(key, new Opening(flow, state));
    return true;
  }

  private static boolean isNear(Opening known, FlowRecord flow) {
    return Math.abs(flow.timeNanos() - known.timeNanos) <= TOGETHER_NANOS;
  }

  private static Connection key(FlowRecord flow) {
    return new Connection(
        flow.client().address(),
        flow.clientPort(),
        flow.server().address(),
        flow.serverPort(),
        flow.protocol());
  }
}
