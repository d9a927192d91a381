package io.sekisho.console.policy.editor.model;

import io.sekisho.policy.Direction;
import java.util.List;

/**
 * A rule as it is drawn.
 *
 * @param id its place
 * @param number its place among the rules of its section in the document, from 1
 * @param direction which way it looks
 * @param effect what becomes of the traffic
 * @param name what the author calls it, empty for nothing
 * @param peers any of these
 * @param ports any of these; every port if empty
 * @param undrawn fields that only the text shows
 */
public record RulePicture(
    RuleId id,
    int number,
    Direction direction,
    Effect effect,
    String name,
    List<PeerPicture> peers,
    List<PortForm> ports,
    List<String> undrawn) {
  /** Keeps immutable copies. */
  public RulePicture {
    peers = List.copyOf(peers);
    ports = List.copyOf(ports);
    undrawn = List.copyOf(undrawn);
  }
}
