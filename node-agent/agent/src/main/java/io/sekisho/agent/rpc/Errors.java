package io.sekisho.agent.rpc;

import com.google.protobuf.Any;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.sekisho.agent.cluster.ClusterStoreException;
import io.sekisho.agent.explain.ExplainException;
import io.sekisho.agent.path.PathException;
import io.sekisho.agent.policy.EnforcementException;
import io.sekisho.agent.revision.RevisionException;
import io.sekisho.api.v1.ValidateResponse;
import java.util.function.Supplier;

/** What went wrong, as a gRPC status with a sentence. */
final class Errors {
  private static final System.Logger LOG = System.getLogger(Errors.class.getName());

  private Errors() {}

  /** Answers a call with one message, or with why there is none. */
  static <T> void answer(StreamObserver<T> observer, Supplier<T> work) {
    T response;
    try {
      response = work.get();
    } catch (RuntimeException e) {
      observer.onError(status(e));
      return;
    }
    observer.onNext(response);
    observer.onCompleted();
  }

  /** The status of an exception; what nobody expected is logged and hidden. */
  static StatusRuntimeException status(RuntimeException error) {
    return switch (error) {
      case StatusRuntimeException e -> e;
      case RevisionException e -> revision(e);
      case ClusterStoreException e -> store(e);
      case PathException e -> path(e);
      case EnforcementException e -> enforcement(e);
      case ExplainException e -> explain(e);
      case IllegalArgumentException e ->
          Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException();
      default -> {
        LOG.log(System.Logger.Level.ERROR, "a call failed", error);
        yield Status.INTERNAL
            .withDescription("the agent failed; its log says why")
            .asRuntimeException();
      }
    };
  }

  private static StatusRuntimeException revision(RevisionException e) {
    Status.Code code =
        switch (e.code()) {
          case CONFLICT -> Status.Code.ABORTED;
          case INVALID -> Status.Code.INVALID_ARGUMENT;
          case NOT_FOUND -> Status.Code.NOT_FOUND;
          case STATE, EXPECTATION -> Status.Code.FAILED_PRECONDITION;
        };
    var status =
        com.google.rpc.Status.newBuilder()
            .setCode(code.value())
            .setMessage(String.valueOf(e.getMessage()));
    if (!e.problems().isEmpty() || !e.expectations().isEmpty()) {
      status.addDetails(
          Any.pack(
              ValidateResponse.newBuilder()
                  .addAllProblems(e.problems())
                  .addAllExpectations(e.expectations())
                  .build()));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }

  private static StatusRuntimeException path(PathException e) {
    Status status =
        switch (e.code()) {
          case INVALID -> Status.INVALID_ARGUMENT;
          case UNKNOWN_ENDPOINT -> Status.NOT_FOUND;
          case NOT_POSSIBLE -> Status.FAILED_PRECONDITION;
          case CANCELLED -> Status.CANCELLED;
        };
    return status.withDescription(e.getMessage()).asRuntimeException();
  }

  private static StatusRuntimeException enforcement(EnforcementException e) {
    Status status =
        switch (e.code()) {
          case UNKNOWN_ENDPOINT -> Status.NOT_FOUND;
          case NOT_WRITTEN, NO_PLAN -> Status.FAILED_PRECONDITION;
          case NOT_REALIZED, BUSY -> Status.UNAVAILABLE;
        };
    return status.withDescription(e.getMessage()).asRuntimeException();
  }

  private static StatusRuntimeException explain(ExplainException e) {
    Status status =
        switch (e.code()) {
          case INVALID -> Status.INVALID_ARGUMENT;
          case UNKNOWN_END, UNKNOWN_DOCUMENT -> Status.NOT_FOUND;
          case SEVERAL_ENDS -> Status.FAILED_PRECONDITION;
        };
    return status.withDescription(e.getMessage()).asRuntimeException();
  }

  private static StatusRuntimeException store(ClusterStoreException e) {
    Status status =
        switch (e.code()) {
          case UNAVAILABLE, CLOSED -> Status.UNAVAILABLE;
          case DENIED -> Status.FAILED_PRECONDITION;
          case CORRUPT -> Status.DATA_LOSS;
        };
    return status.withDescription(e.getMessage()).asRuntimeException();
  }
}
