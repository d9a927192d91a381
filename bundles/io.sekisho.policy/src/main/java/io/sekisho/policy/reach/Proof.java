package io.sekisho.policy.reach;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Expectation;
import io.sekisho.policy.Identity;
import io.sekisho.policy.evaluate.Evaluation;
import java.util.Optional;

/**
 * What became of an expectation.
 *
 * @param expectation what was expected
 * @param pairs how many pairs of identities it speaks of; 0 means that it says nothing
 * @param counterExample a connection for which it does not hold; empty if it holds
 */
public record Proof(
    Expectation expectation, long pairs, Optional<Proof.CounterExample> counterExample) {

  /**
   * A connection that is not as expected.
   *
   * @param source who opens it
   * @param destination who serves it
   * @param protocol IP protocol number
   * @param port port of the server, 0 where the protocol has none
   * @param egress what the source's side decides, if the source is an endpoint
   * @param ingress what the destination's side decides, if the destination is an endpoint
   */
  public record CounterExample(
      Identity source,
      Identity destination,
      int protocol,
      int port,
      Optional<Evaluation> egress,
      Optional<Evaluation> ingress) {
    /** An address that the source has; empty if none is known, or none matters. */
    public Optional<Cidr> sourceAddress() {
      return egress.or(() -> ingress).flatMap(e -> e.question().sourceAddress());
    }

    /** The same of the destination. */
    public Optional<Cidr> destinationAddress() {
      return egress.or(() -> ingress).flatMap(e -> e.question().destinationAddress());
    }

    /** The port in words: {@code port 22/TCP}, {@code type 8 of ICMPv4}. */
    public String at() {
      return Ends.port(protocol, port);
    }
  }

  /** Whether it holds, be it because there is nobody of whom it speaks. */
  public boolean holds() {
    return counterExample.isEmpty();
  }

  /** The answer in one line, naming the connection and what decides about it. */
  @Override
  public String toString() {
    if (counterExample.isPresent()) {
      return "broken: " + text(counterExample.get());
    }
    return pairs == 0
        ? "says nothing: nobody is meant"
        : "holds for " + pairs + (pairs == 1 ? " pair" : " pairs");
  }

  private String text(CounterExample example) {
    String sides =
        example.egress().map(e -> "; going out: " + e).orElse("")
            + example.ingress().map(e -> "; coming in: " + e).orElse("");
    return example.source().labels()
        + " to "
        + example.destination().labels()
        + " "
        + example.at()
        + (expectation.allow() ? " is dropped" : " passes")
        + sides;
  }
}
