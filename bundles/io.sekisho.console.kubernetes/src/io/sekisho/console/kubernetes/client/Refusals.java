package io.sekisho.console.kubernetes.client;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.ConsoleException.Code;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import javax.net.ssl.SSLException;

/** Turns what fabric8 throws into one sentence for people, with what to do. */
public final class Refusals {
  private Refusals() {}

  /**
   * The exception of a failed call.
   *
   * @param asked what was asked, as the begin of a sentence
   */
  public static ConsoleException of(String asked, Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < 10; depth++, cause = cause.getCause()) {
      if (cause instanceof ConsoleException known) {
        return known; // signing in says why by itself
      }
    }
    if (thrown instanceof CancellationException) {
      return new ConsoleException(Code.CANCELLED, asked + " was cancelled.", thrown);
    }
    if (thrown instanceof KubernetesClientException e && e.getCode() > 0) {
      return answered(asked, e);
    }
    if (thrown instanceof WebSocketHandshakeException e && e.getResponse() != null) {
      int status = e.getResponse().code();
      return new ConsoleException(
          status == 401 || status == 403 ? Code.REFUSED : Code.DISCONNECTED,
          asked + " was refused by the API server with status " + status + ".",
          e);
    }
    return new ConsoleException(
        Code.DISCONNECTED, asked + ": " + reason("API server", thrown), thrown);
  }

  private static ConsoleException answered(String asked, KubernetesClientException e) {
    String said = said(e);
    return switch (e.getCode()) {
      case 401 ->
          new ConsoleException(
              Code.REFUSED,
              asked + " was refused: the API server does not know who we are; sign in again.",
              e);
      case 403 -> new ConsoleException(Code.REFUSED, asked + " was refused: " + said + ".", e);
      case 409 -> new ConsoleException(Code.CONFLICT, asked + " was refused: " + said + ".", e);
      case 400, 404, 405, 413, 415, 422 ->
          new ConsoleException(Code.INVALID, asked + " was refused: " + said + ".", e);
      default ->
          new ConsoleException(
              Code.DISCONNECTED, asked + " failed at the API server: " + said + ".", e);
    };
  }

  /** The server's own words, without a dot at the end. */
  static String said(KubernetesClientException e) {
    Status status = e.getStatus();
    String text =
        status != null && status.getMessage() != null
            ? status.getMessage()
            : String.valueOf(e.getMessage());
    String line = text.strip();
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }

  /**
   * Why there was no answer: the innermost reason that says something.
   *
   * @param whose what did not answer
   */
  static String reason(String whose, Throwable thrown) {
    String last = String.valueOf(thrown.getMessage());
    Throwable t = thrown;
    for (int depth = 0; t != null && depth < 10; depth++, t = t.getCause()) {
      switch (t) {
        case UnknownHostException e -> {
          return "its name is not known.";
        }
        case HttpConnectTimeoutException e -> {
          return "it does not answer.";
        }
        case HttpTimeoutException e -> {
          return "it did not answer in time.";
        }
        case SSLException e -> {
          return tls(String.valueOf(e.getMessage()));
        }
        case ConnectException e -> {
          return "nothing listens there; is the " + whose + " running?";
        }
        default -> {
          if (t.getMessage() != null) {
            last = t.getMessage();
          }
        }
      }
    }
    return last.endsWith(".") ? last : last + ".";
  }

  private static String tls(String message) {
    String text = message.toLowerCase(Locale.ROOT);
    if (text.contains("path") || text.contains("pkix") || text.contains("certificate_unknown")) {
      return "its certificate is not signed by the CA of the kubeconfig.";
    }
    if (text.contains("expired") || text.contains("notafter")) {
      return "a certificate has expired.";
    }
    if (text.contains("no name") || text.contains("subject alternative")) {
      return "its certificate is for other names.";
    }
    return "TLS failed: " + message + ".";
  }
}
