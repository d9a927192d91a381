package io.sekisho.agent.rpc;

import io.grpc.stub.StreamObserver;
import io.sekisho.agent.policy.NodeEnforcement;
import io.sekisho.api.v1.AuditEndpointRequest;
import io.sekisho.api.v1.AuditEndpointResponse;
import io.sekisho.api.v1.EnforcementGrpc;
import io.sekisho.api.v1.EnforcementStatus;
import io.sekisho.api.v1.GetEnforcementRequest;
import io.sekisho.api.v1.SetEnforcementRequest;
import io.sekisho.api.v1.VerifyRequest;
import io.sekisho.api.v1.VerifyResponse;
import java.util.Optional;

/** How this node obeys the policies. */
final class EnforcementService extends EnforcementGrpc.EnforcementImplBase {
  private final NodeEnforcement enforcement;

  EnforcementService(NodeEnforcement enforcement) {
    this.enforcement = enforcement;
  }

  @Override
  public void get(GetEnforcementRequest request, StreamObserver<EnforcementStatus> observer) {
    Errors.answer(observer, enforcement::status);
  }

  @Override
  public void set(SetEnforcementRequest request, StreamObserver<EnforcementStatus> observer) {
    Errors.answer(observer, () -> enforcement.set(request));
  }

  @Override
  public void auditEndpoint(
      AuditEndpointRequest request, StreamObserver<AuditEndpointResponse> observer) {
    Optional<Boolean> audit =
        request.hasAudit() ? Optional.of(request.getAudit()) : Optional.empty();
    Errors.answer(
        observer,
        () ->
            AuditEndpointResponse.newBuilder()
                .setEndpoint(enforcement.audit(request.getId(), audit))
                .build());
  }

  @Override
  public void verify(VerifyRequest request, StreamObserver<VerifyResponse> observer) {
    Errors.answer(observer, () -> enforcement.verify(request.getRepair()));
  }
}
