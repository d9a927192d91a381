package io.sekisho.agent.cluster;

import io.sekisho.agent.apiserver.ApiException;
import io.sekisho.agent.cluster.ClusterStoreException.Code;
import java.util.function.Supplier;

/** Turns what the API server says into the store's words. */
final class KubernetesCalls {
  private volatile boolean closed;

  <T> T run(Supplier<T> call) {
    checkOpen();
    try {
      return call.get();
    } catch (ApiException e) {
      throw failed(e);
    }
  }

  void checkOpen() {
    if (closed) {
      throw new ClusterStoreException(Code.CLOSED, "the store was closed");
    }
  }

  private ClusterStoreException failed(ApiException e) {
    if (closed) {
      return new ClusterStoreException(Code.CLOSED, "the store was closed", e);
    }
    String reason = String.valueOf(e.getMessage());
    return switch (e.code()) {
      case CLOSED -> new ClusterStoreException(Code.CLOSED, reason, e);
      case DENIED ->
          new ClusterStoreException(Code.DENIED, "the API server refuses us: " + reason, e);
      case INVALID ->
          new ClusterStoreException(Code.DENIED, "the API server refuses the value: " + reason, e);
      case NOT_FOUND ->
          new ClusterStoreException(
              Code.UNAVAILABLE, "Sekisho's resources or its namespace are missing: " + reason, e);
      case UNAVAILABLE, CONFLICT, EXPIRED ->
          new ClusterStoreException(
              Code.UNAVAILABLE, "the API server does not answer: " + reason, e);
    };
  }

  boolean isClosed() {
    return closed;
  }

  void close() {
    closed = true;
  }
}
