package io.sekisho.cli;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.sekisho.api.v1.PushResponse;
import io.sekisho.api.v1.ValidateResponse;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;

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

  /** What an agent's refusal says of documents and expectations; empty if it says nothing. */
  static ValidateResponse details(StatusRuntimeException error) {
    var status = StatusProto.fromThrowable(error);
    for (var detail : status == null ? List.<Any>of() : status.getDetailsList()) {
      if (detail.is(ValidateResponse.class)) {
        try {
          return detail.unpack(ValidateResponse.class);
        } catch (InvalidProtocolBufferException e) {
          return ValidateResponse.getDefaultInstance();
        }
      }
    }
    return ValidateResponse.getDefaultInstance();
  }

  /**
   * Makes a new revision; a refusal tells the problems and the expectations that break.
   *
   * @param files names of the texts
   */
  static PushResponse ofPush(List<String> files, PrintWriter err, Supplier<PushResponse> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      var details = details(e);
      if (details.equals(ValidateResponse.getDefaultInstance())) {
        throw e;
      }
      details.getProblemsList().forEach(p -> err.println(Texts.problem(p, files)));
      Expectations.lines(details.getExpectationsList()).forEach(err::println);
      boolean broken = Expectations.refused(details.getExpectationsList()) > 0;
      throw new CliException(
          broken ? CliException.Code.BROKEN : CliException.Code.INVALID,
          "nothing was pushed: "
              + e.getStatus().getDescription()
              + (broken ? " with --override NAME" : ""),
          e);
    }
  }

  /** Asks about documents that may be a draft; a refusal tells its problems. */
  static <T> T ofDraft(List<String> files, PrintWriter err, Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      var problems = details(e).getProblemsList();
      if (problems.isEmpty()) {
        throw e;
      }
      problems.forEach(p -> err.println(Texts.problem(p, files)));
      throw new CliException(
          CliException.Code.INVALID, String.valueOf(e.getStatus().getDescription()), e);
    }
  }
}
