package io.sekisho.policy.compile;

import io.sekisho.policy.PortRange;
import java.util.List;
import java.util.Map;

/**
 * What one endpoint lets pass in one direction, for each peer. Peers of the same meaning share one
 * list.
 *
 * @param named by the numbers of the peers that rules name
 * @param others for every other peer
 * @param blocks by the numbers of prefixes: what passes of that which the default drops, for
 *     whoever has an address there
 */
public record PeerVerdicts(
    Map<Integer, List<PeerVerdicts.Verdict>> named,
    List<PeerVerdicts.Verdict> others,
    Map<Integer, List<PeerVerdicts.Verdict>> blocks) {
  /** Everything passes. */
  public static final PeerVerdicts OPEN =
      new PeerVerdicts(Map.of(), List.of(new Verdict(PortRange.ALL, true, false)), Map.of());

  /**
   * What becomes of some ports, unless a later item of the list says otherwise.
   *
   * @param ports which ports
   * @param passes whether they pass, be it under audit
   * @param byDefault whether they are dropped because no rule allows them
   */
  public record Verdict(PortRange ports, boolean passes, boolean byDefault) {}
}
