package io.sekisho.testkit.dataplane;

import java.util.List;

/**
 * What a program made of a packet.
 *
 * @param action what it returned
 * @param packet the frame after the run
 * @param mark skb->mark after the run
 * @param events what it told, in order
 */
public record Outcome(int action, byte[] packet, int mark, List<DatapathEvent> events) {
  /** To the node's stack, or on to the device. */
  public static final int OK = 0;

  /** Dropped. */
  public static final int SHOT = 2;

  /** To another device, which a test run does not carry out. */
  public static final int REDIRECT = 7;

  /** The events of a type. */
  public List<DatapathEvent> events(int type) {
    return events.stream().filter(e -> e.type() == type).toList();
  }

  /** The only event of a type. */
  public DatapathEvent event(int type) {
    List<DatapathEvent> found = events(type);
    if (found.size() != 1) {
      throw new AssertionError("one event of type " + type + " expected: " + events);
    }
    return found.getFirst();
  }

  /** Reason of the drop, 0 if it was not dropped. */
  public int dropReason() {
    List<DatapathEvent> drops = events(DatapathEvent.DROP);
    return drops.isEmpty() ? 0 : drops.getFirst().subtype();
  }
}
