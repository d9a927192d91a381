package io.sekisho.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.sekisho.api.v1.Problem;
import io.sekisho.api.v1.ValidateResponse;
import java.io.PrintWriter;
import java.util.List;

/** What a failed call means for the user. */
final class GrpcErrors {
  private GrpcErrors() {}

  /** Says what went wrong; the exit code. */
  static int report(StatusRuntimeException error, PrintWriter err) {
    Status status = error.getStatus();
    String description = status.getDescription();
    String sentence = description == null ? status.getCode().toString() : description;
    boolean away =
        status.getCode() == Status.Code.UNAVAILABLE
            || status.getCode() == Status.Code.DEADLINE_EXCEEDED;
    Throwable cause = status.getCause();
    if (away && cause != null) {
      sentence += ": " + root(cause);
    }
    err.println("sekisho-agent: " + sentence);
    return (away ? CliException.Code.UNREACHABLE : CliException.Code.REFUSED).exit();
  }

  private static String root(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  /** The problems of documents that an agent's refusal carries. */
  static List<Problem> problems(StatusRuntimeException error) {
    var status = StatusProto.fromThrowable(error);
    if (status == null) {
      return List.of();
    }
    for (var detail : status.getDetailsList()) {
      if (detail.is(ValidateResponse.class)) {
        try {
          return detail.unpack(ValidateResponse.class).getProblemsList();
        } catch (InvalidProtocolBufferException e) {
          return List.of();
        }
      }
    }
    return List.of();
  }
}
