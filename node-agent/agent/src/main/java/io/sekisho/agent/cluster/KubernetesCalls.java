package io.sekisho.agent.cluster;

import io.sekisho.agent.apiserver.ApiException;
import io.sekisho.agent.cluster.ClusterStoreException.Code;
import java.util.function.Supplier;

/** Turns what the API server says into the store's words. */
final class KubernetesCalls {
  private volatile boolean closed;
  private volatile String refused = "";

  <T> T run(Supplier<T> call) {
    checkOpen();
    try {
      T result = call.get();
      refused = "";
      return result;
    } catch (ApiException e) {
      throw failed(e);
    }
  }

  /** Why the last call was refused, empty if it was not. */
  String refused() {
    return refused;
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
    refused = e.code() == ApiException.Code.DENIED ? reason : "";
    return switch (e.code()) {
      case CLOSED -> new ClusterStoreException(Code.CLOSED, reason, e);
      case DENIED, UNAUTHENTICATED -> new ClusterStoreException(Code.DENIED, reason, e);
      case INVALID ->
          new ClusterStoreException(Code.DENIED, "the API server refuses the value: " + reason, e);
      case NOT_FOUND, OTHER_VERSION ->
          new ClusterStoreException(
              Code.UNAVAILABLE, "Sekisho's resources or its namespace are missing: " + reason, e);
      case UNAVAILABLE -> new ClusterStoreException(Code.UNAVAILABLE, reason, e);
      case CONFLICT, EXPIRED ->
          new ClusterStoreException(
              Code.UNAVAILABLE, "the API server does not take the write: " + reason, e);
    };
  }

  boolean isClosed() {
    return closed;
  }

  void close() {
    closed = true;
  }
}
