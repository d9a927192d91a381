package io.sekisho.policy.evaluate;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Identity;
import java.util.Optional;

/**
 * May this connection be opened, as one of its ends decides?
 *
 * @param source who opens the connection
 * @param destination who serves it
 * @param protocol IP protocol number
 * @param port port of the server, 0 where the protocol has none
 * @param direction {@link Direction#EGRESS}: the source's side decides; {@link Direction#INGRESS}:
 *     the destination's
 * @param sourceAddress the source's address, by which a rule may mean it; empty if not known
 * @param destinationAddress the same of the destination
 */
public record Question(
    Identity source,
    Identity destination,
    int protocol,
    int port,
    Direction direction,
    Optional<Cidr> sourceAddress,
    Optional<Cidr> destinationAddress) {

  /** Between ends whose addresses are not known. */
  public Question(
      Identity source, Identity destination, int protocol, int port, Direction direction) {
    this(source, destination, protocol, port, direction, Optional.empty(), Optional.empty());
  }

  /** The end whose policies decide. */
  public Identity subject() {
    return direction == Direction.EGRESS ? source : destination;
  }

  /** The other end. */
  public Identity peer() {
    return direction == Direction.EGRESS ? destination : source;
  }

  /** The other end's address, or a prefix in which all addresses are decided alike. */
  public Optional<Cidr> peerAddress() {
    return direction == Direction.EGRESS ? destinationAddress : sourceAddress;
  }

  /** The same connection, as the other side decides. */
  public Question with(Direction other) {
    return new Question(
        source, destination, protocol, port, other, sourceAddress, destinationAddress);
  }

  /** The same connection between ends whose addresses are these. */
  public Question between(Optional<Cidr> from, Optional<Cidr> to) {
    return new Question(source, destination, protocol, port, direction, from, to);
  }
}
