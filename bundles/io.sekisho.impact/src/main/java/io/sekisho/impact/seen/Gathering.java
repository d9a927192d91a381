package io.sekisho.impact.seen;

import io.sekisho.api.flow.Endpoint;
import io.sekisho.api.flow.Flow;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowRecords;
import io.sekisho.policy.Labels;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Gathers flows to {@link Traffic} as they come, in bounded memory: one entry for each question,
 * with the newest flows of it. For one thread.
 */
public final class Gathering {
  /** Questions that are told apart; flows of others are counted only. */
  public static final int MAX_TALKS = 200_000;

  /** Flows kept of each question, and of all. */
  static final int KEPT_EACH = 200;

  static final int KEPT_ALL = 100_000;

  private final Ends ends;
  private final Map<Key, Counts> talks = new LinkedHashMap<>();
  private long flows;
  private long leftOut;
  private long lost;
  private long oldest;
  private long newest;
  private int kept;

  /** Ends by their numbers, for there are millions of flows. */
  private record Key(int client, int server, Asked asked) {
    /** Spreads neighbours, which the usual one puts together. */
    @Override
    public int hashCode() {
      return (client * 0x9E3779B9 + server) * 0x85EBCA6B + asked.hashCode();
    }
  }

  /** Begins; the function gives labels for identities that flows name only by number. */
  public Gathering(IntFunction<Optional<Labels>> inventory) {
    this.ends = new Ends(inventory);
  }

  /** Takes a flow. */
  public void add(Flow flow) {
    FlowRecord record = FlowRecords.from(flow);
    Endpoint client = record.reply() ? flow.getDestination() : flow.getSource();
    Endpoint server = record.reply() ? flow.getSource() : flow.getDestination();
    take(
        record,
        ends.of(client, record.client()),
        ends.of(server, record.server()),
        Asked.of(flow, record));
  }

  private void take(FlowRecord record, Ends.Numbered client, Ends.Numbered server, Asked asked) {
    Key key = new Key(client.number(), server.number(), asked);
    flows++;
    newest = Math.max(newest, record.timeNanos());
    oldest = oldest == 0 ? record.timeNanos() : Math.min(oldest, record.timeNanos());
    Counts counts = talks.get(key);
    if (counts == null) {
      if (talks.size() >= MAX_TALKS) {
        leftOut++;
        return;
      }
      counts = new Counts(client.end(), server.end(), asked);
      talks.put(key, counts);
    }
    counts.add(record);
  }

  /**
   * The question of one flow, by what a record tells of it.
   *
   * @param inventory labels of the ends' identities
   */
  public static Talk one(FlowRecord flow, IntFunction<Optional<Labels>> inventory) {
    var gathering = new Gathering(inventory);
    var nobody = Endpoint.getDefaultInstance();
    gathering.take(
        flow,
        gathering.ends.of(nobody, flow.client()),
        gathering.ends.of(nobody, flow.server()),
        Asked.of(flow));
    return gathering.traffic().talks().getFirst();
  }

  /** Events that the agents say were lost. */
  public void lost(long events) {
    lost += events;
  }

  /** How many flows were taken so far. */
  public long flows() {
    return flows;
  }

  /** What was gathered so far. */
  public Traffic traffic() {
    var out = new ArrayList<Talk>(talks.size());
    talks.values().forEach(counts -> out.add(counts.talk()));
    return new Traffic(out, flows, leftOut, lost, oldest, newest);
  }

  /** What was seen of one question. */
  private final class Counts {
    private final End client;
    private final End server;
    private final Asked asked;
    private final ArrayDeque<FlowRecord> last = new ArrayDeque<>();
    private long all;
    private long passed;
    private long denied;
    private long audited;
    private long dropped;
    private String otherReason = "";
    private long lastNanos;

    Counts(End client, End server, Asked asked) {
      this.client = client;
      this.server = server;
      this.asked = asked;
    }

    void add(FlowRecord flow) {
      all++;
      lastNanos = Math.max(lastNanos, flow.timeNanos());
      switch (flow.verdict()) {
        case FORWARDED -> passed++;
        case AUDITED -> {
          passed++;
          audited++;
        }
        case DROPPED -> {
          if (Asked.isPolicyDrop(flow)) {
            denied++;
          } else {
            dropped++;
            otherReason = flow.dropReason();
          }
        }
        case UNKNOWN -> {}
      }
      keep(flow);
    }

    /** The newest stay; once all room is taken, one of each question. */
    private void keep(FlowRecord flow) {
      boolean full = last.size() >= KEPT_EACH || kept >= KEPT_ALL && !last.isEmpty();
      if (full) {
        last.removeFirst();
      } else {
        kept++;
      }
      last.add(flow);
    }

    Talk talk() {
      return new Talk(
          client,
          server,
          asked.protocol(),
          asked.port(),
          doubt(),
          all,
          passed,
          denied,
          audited,
          dropped,
          otherReason,
          lastNanos,
          new ArrayList<>(last));
    }

    private String doubt() {
      if (client instanceof End.Unknown unknown) {
        return unknown.why();
      }
      if (server instanceof End.Unknown unknown) {
        return unknown.why();
      }
      return asked.doubt();
    }
  }
}
