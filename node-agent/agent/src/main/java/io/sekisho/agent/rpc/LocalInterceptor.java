package io.sekisho.agent.rpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Remembers whether a call asks for this node only. */
final class LocalInterceptor implements ServerInterceptor {
  @Override
  public <Q, P> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, P> call, Metadata headers, ServerCallHandler<Q, P> next) {
    boolean local = "1".equals(headers.get(Peers.LOCAL));
    var context = Context.current().withValue(ObserverService.LOCAL, local);
    return Contexts.interceptCall(context, call, headers, next);
  }
}
