package io.sekisho.agent.ipam;

import io.sekisho.policy.Cidr;
import java.util.List;
import java.util.Optional;

/** Where the node's ranges of addresses come from. Calls may block; one thread at a time. */
public interface PodRanges {
  /**
   * The ranges that the node has.
   *
   * @param ranges one or two, of different families; fewer while something is missing
   * @param trouble one sentence if a range is missing or not confirmed
   */
  record Held(List<Cidr> ranges, Optional<Trouble> trouble) {
    /** Keeps an immutable copy. */
    public Held {
      ranges = List.copyOf(ranges);
    }
  }

  /**
   * What is wrong.
   *
   * @param message one sentence
   * @param missing whether a range is missing, so that no address can be given
   */
  record Trouble(String message, boolean missing) {}

  /** Takes what is not taken yet; what the node has then. */
  Held take();

  /** Ranges that are written in the node's configuration. */
  static PodRanges fixed(List<Cidr> ranges) {
    var held = new Held(ranges, Optional.empty());
    return () -> held;
  }
}
