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
 */
public record PeerVerdicts(
    Map<Integer, List<PeerVerdicts.Verdict>> named, List<PeerVerdicts.Verdict> others) {
  /** Everything passes. */
  public static final PeerVerdicts OPEN =
      new PeerVerdicts(Map.of(), List.of(new Verdict(PortRange.ALL, true)));

  /**
   * What becomes of some ports, unless a later item of the list says otherwise.
   *
   * @param ports which ports
   * @param passes whether they pass, be it under audit
   */
  public record Verdict(PortRange ports, boolean passes) {}
}
