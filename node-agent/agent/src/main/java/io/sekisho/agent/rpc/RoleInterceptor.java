package io.sekisho.agent.rpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Locale;

/** Lets a call through only if its caller's role may make it. */
final class RoleInterceptor implements ServerInterceptor {
  @Override
  public <Q, P> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, P> call, Metadata headers, ServerCallHandler<Q, P> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    try {
      Caller caller = Caller.of(call.getAttributes());
      if (RoleTable.allowed(method).contains(caller.role())) {
        var context = Context.current().withValue(Caller.CURRENT, caller);
        return Contexts.interceptCall(context, call, headers, next);
      }
      String role = caller.role().name().toLowerCase(Locale.ROOT);
      return refuse(
          call,
          Status.PERMISSION_DENIED.withDescription(
              caller.name() + " has the role " + role + ", which may not call " + method));
    } catch (StatusRuntimeException e) {
      return refuse(call, e.getStatus());
    }
  }

  private static <Q, P> ServerCall.Listener<Q> refuse(ServerCall<Q, P> call, Status status) {
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
