package io.sekisho.impact.seen;

import io.sekisho.api.v1.EnforcementStatus;
import io.sekisho.api.v1.Ports;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.EnforcementMode;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.compile.FailSafe;
import java.util.List;

/** How a node obeys policies, as its agent tells it. */
public final class NodeEnforcement {
  private NodeEnforcement() {}

  /** What the dry runs take. */
  public static Enforcement of(EnforcementStatus status) {
    var failSafe =
        new FailSafe(
            ranges(status.getFailSafeList()), ranges(status.getFailSafeBetweenNodesList()));
    return new Enforcement(mode(status), status.getAudit(), failSafe);
  }

  private static EnforcementMode mode(EnforcementStatus status) {
    return switch (status.getMode()) {
      case ENFORCE_ALWAYS -> EnforcementMode.ALWAYS;
      case ENFORCE_NEVER -> EnforcementMode.NEVER;
      case ENFORCE_DEFAULT, ENFORCEMENT_MODE_UNKNOWN, UNRECOGNIZED -> EnforcementMode.DEFAULT;
    };
  }

  private static List<PortRange> ranges(List<Ports> ports) {
    return ports.stream()
        .map(p -> new PortRange(p.getProtocol(), p.getFirst(), p.getLast()))
        .toList();
  }
}
