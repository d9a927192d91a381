package io.sekisho.console.core;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.sekisho.api.v1.ValidateResponse;
import io.sekisho.console.core.ConsoleException.Code;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.eclipse.core.runtime.ILog;

/** Turns what gRPC throws into one sentence for people, with what to do. */
final class Failures {
  private Failures() {}

  /**
   * The exception of a failed call.
   *
   * @param asked what was asked, as the begin of a sentence: {@code "The push"}
   */
  static ConsoleException of(String asked, Throwable thrown) {
    Throwable cause = unwrapped(thrown);
    if (cause instanceof ConsoleException known) {
      return known;
    }
    if (cause instanceof CancellationException) {
      return new ConsoleException(Code.CANCELLED, asked + " was cancelled.", cause);
    }
    Status status = Status.fromThrowable(cause);
    ValidateResponse findings = findings(cause);
    boolean broken =
        status.getCode() == Status.Code.FAILED_PRECONDITION && findings.getExpectationsCount() > 0;
    Code code = broken ? Code.BROKEN : code(status);
    return new ConsoleException(code, sentence(asked, code, status), findings, cause);
  }

  /** The same of a measurement: it changes nothing, whatever becomes of it. */
  static ConsoleException measuring(String asked, Throwable thrown) {
    Throwable cause = unwrapped(thrown);
    if (cause instanceof CancellationException) {
      return new ConsoleException(Code.CANCELLED, asked + " was cancelled.", cause);
    }
    Status status = Status.fromThrowable(cause);
    String said = said(status);
    Code code = code(status);
    String sentence =
        switch (code) {
          case DISCONNECTED, CONFLICT, INVALID, BROKEN ->
              asked + " was not measured: " + said + ".";
          case REFUSED -> asked + " was refused: " + said + ".";
          case CANCELLED -> asked + " was cancelled.";
          case BAD_PROFILE, INTERNAL -> asked + " failed on the agent: " + said + ".";
        };
    return new ConsoleException(code, sentence, cause);
  }

  /** Nothing was sent, for there is no connection. */
  static ConsoleException notConnected(String asked) {
    return new ConsoleException(
        Code.DISCONNECTED,
        asked + " was not sent: no agent of the cluster is connected. Nothing was changed.",
        null);
  }

  private static Throwable unwrapped(Throwable thrown) {
    Throwable t = thrown;
    while ((t instanceof CompletionException || t instanceof ExecutionException)
        && t.getCause() != null) {
      t = t.getCause();
    }
    return t;
  }

  static Code code(Status status) {
    return switch (status.getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED -> Code.DISCONNECTED;
      case PERMISSION_DENIED, UNAUTHENTICATED -> Code.REFUSED;
      case ABORTED, FAILED_PRECONDITION, ALREADY_EXISTS -> Code.CONFLICT;
      case INVALID_ARGUMENT, NOT_FOUND, OUT_OF_RANGE -> Code.INVALID;
      case CANCELLED -> Code.CANCELLED;
      default -> Code.INTERNAL;
    };
  }

  private static String sentence(String asked, Code code, Status status) {
    String said = said(status);
    return switch (code) {
      case DISCONNECTED ->
          asked
              + " got no answer from the cluster ("
              + said
              + "). Nothing is known to be changed;"
              + " look at the history once connected, then try again.";
      case REFUSED -> asked + " was refused: " + said + ". Nothing was changed.";
      case CONFLICT ->
          asked
              + " met a newer state: "
              + said
              + ". Nothing was changed; look at it and try again.";
      case INVALID, BROKEN -> asked + " was rejected: " + said + ". Nothing was changed.";
      case CANCELLED -> asked + " was cancelled.";
      case BAD_PROFILE, INTERNAL -> asked + " failed on the agent: " + said + ".";
    };
  }

  private static String said(Status status) {
    String description = status.getDescription();
    String text =
        description == null || description.isBlank()
            ? status.getCode().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')
            : description.strip();
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }

  private static ValidateResponse findings(Throwable cause) {
    com.google.rpc.Status details = StatusProto.fromThrowable(cause);
    if (details == null) {
      return ValidateResponse.getDefaultInstance();
    }
    for (Any any : details.getDetailsList()) {
      if (any.is(ValidateResponse.class)) {
        try {
          return any.unpack(ValidateResponse.class);
        } catch (InvalidProtocolBufferException e) {
          ILog.of(Failures.class).warn("The agent's findings can't be read.", e);
        }
      }
    }
    return ValidateResponse.getDefaultInstance();
  }

  /** Why a connection to one agent did not come about, as one sentence. */
  static String connecting(String address, Throwable thrown) {
    Status status = Status.fromThrowable(unwrapped(thrown));
    String roots = causes(status.getCause());
    String text = (said(status) + " " + roots).toLowerCase(java.util.Locale.ROOT);
    if (text.contains("unknown_ca")
        || text.contains("certificate_required")
        || text.contains("bad_certificate")
        || text.contains("certificate required")) {
      return address + " does not accept our certificate; was it signed by this cluster's CA?";
    }
    if (text.contains("pkix")
        || text.contains("certificate_verify_failed")
        || text.contains("unable to find valid certification path")) {
      return address + " is not signed by the given CA; is it the right cluster?";
    }
    if (text.contains("no subject alternative") || text.contains("no name matching")) {
      return address + " shows a certificate for other addresses.";
    }
    if (text.contains("not an ssl/tls record") || text.contains("wrong_version_number")) {
      return address + " does not speak TLS; is it the agent's gRPC port?";
    }
    if (text.contains("refused")) {
      return "nothing listens on " + address + "; is the agent running?";
    }
    if (text.contains("rst_stream")
        || text.contains("goaway")
        || text.contains("reset by peer")
        || text.contains("network closed")
        || text.contains("the agent ended")) {
      return "the connection to " + address + " was lost.";
    }
    if (text.contains("unable to resolve host")) {
      return "the name in " + address + " is not known.";
    }
    if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
      return address + " does not answer.";
    }
    return address + ": " + said(status) + (roots.isEmpty() ? "" : " (" + roots + ")");
  }

  private static String causes(Throwable thrown) {
    Throwable t = thrown;
    String last = "";
    for (int depth = 0; t != null && depth < 8; depth++, t = t.getCause()) {
      if (t.getMessage() != null) {
        last = t.getMessage();
      }
    }
    return last;
  }
}
