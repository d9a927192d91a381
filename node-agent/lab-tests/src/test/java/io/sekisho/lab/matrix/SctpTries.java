package io.sekisho.lab.matrix;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** INITs of many links, each with a tag of its own; those that arrive count as answered. */
final class SctpTries {
  private static final int FIRST_PORT = 20_000;
  private static final int PORTS = 40_000;

  private final Grid grid;
  private final Map<Integer, Link> waiting = new HashMap<>();
  private int last;

  SctpTries(Grid grid) {
    this.grid = grid;
  }

  /** Sends one for each link that is of SCTP; those of before count no more. */
  void start(List<Link> links) {
    waiting.clear();
    for (Link link : links) {
      if (link.protocol() == Protocol.SCTP) {
        var init = new SctpSocket.Init(link.port(), ++last);
        int port = FIRST_PORT + last % PORTS;
        if (grid.sctp(link.from(), link.v6())
            .send(grid.address(link.to(), link.v6()), port, init)) {
          waiting.put(last, link);
        }
      }
    }
  }

  /** Adds the links whose packets have come; how many. */
  int look(Set<Link> arrived) {
    int found = 0;
    for (String place : grid.places()) {
      for (boolean v6 : new boolean[] {false, true}) {
        SctpSocket socket = grid.sctp(place, v6);
        for (var init = socket.receive(); init.isPresent(); init = socket.receive()) {
          Link link = waiting.get(init.get().tag());
          if (link != null
              && link.to().equals(place)
              && link.v6() == v6
              && link.port() == init.get().port()) {
            waiting.remove(init.get().tag());
            arrived.add(link);
            found++;
          }
        }
      }
    }
    return found;
  }
}
