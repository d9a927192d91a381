package io.sekisho.cli;

import io.sekisho.agent.policy.EnforcementException;
import io.sekisho.agent.policy.NodeEnforcement;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.EnforcementMode;
import io.sekisho.api.v1.EnforcementStatus;
import io.sekisho.api.v1.MapDifference;
import io.sekisho.api.v1.SetEnforcementRequest;
import io.sekisho.api.v1.VerifyResponse;
import io.sekisho.policy.Enforcement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Enforcement of a node with one endpoint, 7, and differences that a test makes. */
final class MadeEnforcement implements NodeEnforcement {
  private final List<MapDifference> differences = new ArrayList<>();
  private EnforcementStatus now =
      EnforcementStatus.newBuilder()
          .setNode("n1")
          .setMode(EnforcementMode.ENFORCE_DEFAULT)
          .setConfiguredMode(EnforcementMode.ENFORCE_DEFAULT)
          .build();

  synchronized void differ(MapDifference difference) {
    differences.add(difference);
  }

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
    var next = now.toBuilder();
    if (request.getMode() != EnforcementMode.ENFORCEMENT_MODE_UNKNOWN) {
      next.setMode(request.getMode());
    }
    if (request.hasAudit()) {
      next.setAudit(request.getAudit());
    }
    now = next.build();
    return now;
  }

  @Override
  public Endpoint audit(int endpointId, Optional<Boolean> audit) {
    if (endpointId != 7) {
      throw new EnforcementException(
          EnforcementException.Code.UNKNOWN_ENDPOINT, "there is no endpoint " + endpointId);
    }
    return Endpoint.newBuilder()
        .setId(7)
        .setNamespace("shop")
        .setPod("cart")
        .setAudited(audit.orElse(false))
        .build();
  }

  @Override
  public synchronized VerifyResponse verify(boolean repair) {
    var out =
        VerifyResponse.newBuilder()
            .setNode("n1")
            .setRevision(4)
            .setEndpoints(2)
            .setPolicyEntries(12)
            .setPrefixes(9)
            .addAllDifferences(differences)
            .setDifferenceCount(differences.size())
            .setRepaired(repair && !differences.isEmpty());
    if (repair) {
      differences.clear();
    }
    return out.build();
  }
}
