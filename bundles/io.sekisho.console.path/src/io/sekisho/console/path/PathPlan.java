package io.sekisho.console.path;

import io.sekisho.api.v1.PathDrop;
import io.sekisho.api.v1.PathHop;
import io.sekisho.api.v1.PathHopKind;
import io.sekisho.api.v1.TracePathResponse;
import io.sekisho.console.ui.Format;
import java.util.ArrayList;
import java.util.List;

/**
 * What a path's picture and table show: stations in order, grouped by the node where they are, and
 * how far packets came.
 *
 * @param groups from the source to the destination
 * @param answered whether anything came back
 * @param dropStation number of the station where a ping was dropped, counted over all groups; -1
 *     where none is known
 */
record PathPlan(List<Group> groups, boolean answered, int dropStation) {
  /** What is known of the way to a station. */
  enum Reach {
    /** Packets passed. */
    PASSED,
    /** Packets were dropped before. */
    BEYOND_DROP,
    /** Nothing came back, and nobody knows how far packets came. */
    UNKNOWN
  }

  /**
   * Stations side by side on one node.
   *
   * @param node empty outside the cluster
   */
  record Group(String node, List<Station> stations) {
    boolean outside() {
      return node.isEmpty();
    }
  }

  /**
   * A station.
   *
   * @param number from 0 over all groups
   * @param rtt round trip from the node before as words; empty where it was not measured
   */
  record Station(int number, PathHop hop, String rtt) {
    String name() {
      return hop.getName().isEmpty() ? Format.UNKNOWN : hop.getName();
    }

    /** Empty where the name says it already. */
    String address() {
      return hop.getAddress().equals(hop.getName()) ? "" : hop.getAddress();
    }
  }

  /** Plans what an agent answered. */
  static PathPlan of(TracePathResponse answer) {
    List<Group> groups = new ArrayList<>();
    List<Station> open = new ArrayList<>();
    String node = "";
    for (int i = 0; i < answer.getHopsCount(); i++) {
      PathHop hop = answer.getHops(i);
      if (!open.isEmpty() && !hop.getNode().equals(node)) {
        groups.add(new Group(node, List.copyOf(open)));
        open.clear();
      }
      node = hop.getNode();
      open.add(new Station(i, hop, hop.hasRttNs() ? Format.latency(hop.getRttNs()) : ""));
    }
    if (!open.isEmpty()) {
      groups.add(new Group(node, List.copyOf(open)));
    }
    boolean answered = answer.getPing().getAnswered() > 0;
    int drop = answer.hasDrop() ? dropStation(groups, answer.getDrop()) : -1;
    return new PathPlan(List.copyOf(groups), answered, drop);
  }

  /** Policy decides at the host's end of an endpoint; other drops are known by their node only. */
  private static int dropStation(List<Group> groups, PathDrop drop) {
    boolean policy = drop.getReason().startsWith("POLICY");
    for (Group group : groups.reversed()) {
      if (group.node().equals(drop.getNode()) && !group.stations().isEmpty()) {
        return group.stations().stream()
            .filter(s -> policy && s.hop().getKind() == PathHopKind.ENDPOINT_PROGRAM)
            .reduce((a, b) -> b)
            .orElse(group.stations().getLast())
            .number();
      }
    }
    return -1;
  }

  List<Station> stations() {
    return groups.stream().flatMap(g -> g.stations().stream()).toList();
  }

  /** Whether packets came to a station. */
  Reach reach(Station station) {
    if (dropStation >= 0) {
      return station.number() <= dropStation ? Reach.PASSED : Reach.BEYOND_DROP;
    }
    return answered || station.number() == 0 ? Reach.PASSED : Reach.UNKNOWN;
  }

  /** Latency from the group before: that of the first station that has one. */
  static String latency(Group group) {
    return group.stations().stream()
        .map(Station::rtt)
        .filter(r -> !r.isEmpty())
        .findFirst()
        .orElse("");
  }
}
