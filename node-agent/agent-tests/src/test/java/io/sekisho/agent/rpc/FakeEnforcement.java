package io.sekisho.agent.rpc;

import io.sekisho.agent.policy.EnforcementException;
import io.sekisho.agent.policy.NodeEnforcement;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.EnforcementMode;
import io.sekisho.api.v1.EnforcementStatus;
import io.sekisho.api.v1.SetEnforcementRequest;
import io.sekisho.api.v1.VerifyResponse;
import io.sekisho.policy.Enforcement;
import java.util.Optional;

/** Remembers what it is told; has the endpoint 7. */
final class FakeEnforcement implements NodeEnforcement {
  private EnforcementStatus now =
      EnforcementStatus.newBuilder()
          .setNode("n1")
          .setMode(EnforcementMode.ENFORCE_DEFAULT)
          .setConfiguredMode(EnforcementMode.ENFORCE_DEFAULT)
          .build();

  @Override
  public synchronized EnforcementStatus status() {
    return now;
  }

  @Override
  public synchronized Enforcement inForce() {
    return new Enforcement(Enforcement.USUAL.mode(), now.getAudit());
  }

  @Override
  public synchronized EnforcementStatus set(SetEnforcementRequest request) {
    now = now.toBuilder().setMode(request.getMode()).setAudit(request.getAudit()).build();
    return now;
  }

  @Override
  public Endpoint audit(int endpointId, Optional<Boolean> audit) {
    if (endpointId != 7) {
      throw new EnforcementException(
          EnforcementException.Code.UNKNOWN_ENDPOINT, "there is no endpoint " + endpointId);
    }
    return Endpoint.newBuilder().setId(7).setAudited(audit.orElse(false)).build();
  }

  @Override
  public VerifyResponse verify(boolean repair) {
    return VerifyResponse.newBuilder().setNode("n1").setRepaired(repair).build();
  }
}
