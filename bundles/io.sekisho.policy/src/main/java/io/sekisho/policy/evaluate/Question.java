package io.sekisho.policy.evaluate;

import io.sekisho.policy.Direction;
import io.sekisho.policy.Identity;

/**
 * May this connection be opened, as one of its ends decides?
 *
 * @param source who opens the connection
 * @param destination who serves it
 * @param protocol IP protocol number
 * @param port port of the server, 0 where the protocol has none
 * @param direction {@link Direction#EGRESS}: the source's side decides; {@link Direction#INGRESS}:
 *     the destination's
 */
public record Question(
    Identity source, Identity destination, int protocol, int port, Direction direction) {

  /** The end whose policies decide. */
  public Identity subject() {
    return direction == Direction.EGRESS ? source : destination;
  }

  /** The other end. */
  public Identity peer() {
    return direction == Direction.EGRESS ? destination : source;
  }

  /** The same connection, as the other side decides. */
  public Question with(Direction other) {
    return new Question(source, destination, protocol, port, other);
  }
}
