package io.sekisho.agent.apiserver;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sekisho.agent.apiserver.ApiException.Code;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Turns what went wrong with a call into a code and a sentence that an operator can act on. */
final class ApiErrors {
  private static final int UNAUTHORIZED = 401;
  private static final int TOO_MANY = 429;

  private ApiErrors() {}

  /** Whether the server does not know who we are. */
  static boolean isUnknown(KubernetesClientException e) {
    return e.getCode() == UNAUTHORIZED;
  }

  /** Whether the connection failed over a certificate, theirs or ours. */
  static boolean isTls(KubernetesClientException e) {
    return e.getCode() <= 0 && find(e, SSLException.class).isPresent();
  }

  /** Whether the server answered, if only by an error. */
  static boolean isAnswered(KubernetesClientException e) {
    return e.getCode() > 0;
  }

  static Code code(KubernetesClientException e) {
    return switch (e.getCode()) {
      case UNAUTHORIZED -> Code.UNAUTHENTICATED;
      case 403 -> Code.DENIED;
      case 404 -> Code.NOT_FOUND;
      case 409 -> Code.CONFLICT;
      case 410 -> Code.EXPIRED;
      case 400, 405, 413, 415, 422 -> Code.INVALID;
      default -> Code.UNAVAILABLE;
    };
  }

  /**
   * In one sentence.
   *
   * @param credentials say what may be wrong with ours
   * @param asked what the server asks us to wait, as words; empty if it asks nothing
   * @param now by this node's clock
   */
  static String sentence(
      KubernetesClientException e, Credentials credentials, String asked, Instant now) {
    String reason = reason(e);
    int status = e.getCode();
    if (isUnknown(e)) {
      return "the API server refuses us: " + reason + credentials.doubt(now);
    }
    if (status == TOO_MANY) {
      return "the API server is busy: " + reason + asked;
    }
    if (status >= 500) {
      return "the API server fails with status " + status + ": " + reason + asked;
    }
    if (code(e) == Code.DENIED) {
      return "the API server refuses us: " + reason;
    }
    if (isAnswered(e)) {
      return reason;
    }
    if (isTls(e)) {
      return "the API server's certificate is not accepted: "
          + reason
          + "; is it renewed, and is this node's clock right ("
          + now
          + ")?";
    }
    return "the API server does not answer: " + reason;
  }

  /** The server's own words where it gave some, else the innermost error of the connection. */
  private static String reason(KubernetesClientException e) {
    if (e.getStatus() != null && e.getStatus().getMessage() != null) {
      return e.getStatus().getMessage();
    }
    if (isAnswered(e)) {
      return "status " + e.getCode();
    }
    Throwable inner =
        find(e, CertificateException.class)
            .or(() -> find(e, CertPathValidatorException.class))
            .orElseGet(() -> innermost(e));
    String text = inner.getMessage();
    return text == null || text.isBlank() ? inner.getClass().getSimpleName() : text;
  }

  private static Throwable innermost(Throwable e) {
    Throwable inner = e;
    while (inner.getCause() != null && inner.getCause() != inner) {
      inner = inner.getCause();
    }
    return inner;
  }

  /** The innermost of a type. */
  private static Optional<Throwable> find(Throwable e, Class<? extends Throwable> type) {
    Optional<Throwable> found = Optional.empty();
    for (Throwable at = e; at != null && at.getCause() != at; at = at.getCause()) {
      if (type.isInstance(at)) {
        found = Optional.of(at);
      }
    }
    return found;
  }
}
