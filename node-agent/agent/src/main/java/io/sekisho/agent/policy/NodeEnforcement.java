package io.sekisho.agent.policy;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.EnforcementStatus;
import io.sekisho.api.v1.SetEnforcementRequest;
import io.sekisho.api.v1.VerifyResponse;
import io.sekisho.policy.Enforcement;
import java.util.Optional;

/** How this node obeys policies, and whether its kernel does. Calls block; any thread may. */
public interface NodeEnforcement {
  /** How policies are obeyed now. */
  EnforcementStatus status();

  /** The same in the policy module's words. */
  Enforcement inForce();

  /**
   * Obeys them otherwise until the agent ends; returns when the datapath does.
   *
   * @throws EnforcementException with NOT_REALIZED
   */
  EnforcementStatus set(SetEnforcementRequest request);

  /**
   * Puts an endpoint under audit, or not, for all of its life; returns when the datapath does.
   *
   * @param audit empty: as its label says
   * @throws EnforcementException with UNKNOWN_ENDPOINT, NOT_WRITTEN or NOT_REALIZED
   */
  Endpoint audit(int endpointId, Optional<Boolean> audit);

  /**
   * Compares the kernel's maps with what the documents say.
   *
   * @param repair whether to write anew what differs
   * @throws EnforcementException with BUSY or NO_PLAN
   */
  VerifyResponse verify(boolean repair);
}
