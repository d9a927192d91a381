package io.sekisho.agent.cluster;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.sekisho.agent.cluster.ClusterStoreException.Code;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * How every call to etcd is made: with a deadline, its failure turned into a {@link
 * ClusterStoreException}, its outcome kept as the store's health.
 */
final class EtcdCalls {
  /** Asks etcd to end a stream when its member has lost the leader. */
  private static final Metadata.Key<String> HAS_LEADER =
      Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

  private static final String GOES_ON = "; traffic, policies and pods of known labels go on";

  private final Duration timeout;
  private final InstantSource clock;
  private volatile String trouble = "not connected yet";
  private volatile Instant since;
  private volatile boolean closed;

  EtcdCalls(Duration timeout, InstantSource clock) {
    this.timeout = timeout;
    this.clock = clock;
    since = clock.instant();
  }

  <S extends AbstractStub<S>> S timed(S stub) {
    return stub.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  <S extends AbstractStub<S>> S streaming(S stub) {
    var headers = new Metadata();
    headers.put(HAS_LEADER, "true");
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  <T> T run(Supplier<T> call) {
    checkOpen();
    try {
      T result = call.get();
      succeeded();
      return result;
    } catch (StatusRuntimeException e) {
      throw failed(e);
    }
  }

  void checkOpen() {
    if (closed) {
      throw new ClusterStoreException(Code.CLOSED, "the store was closed");
    }
  }

  boolean isClosed() {
    return closed;
  }

  void close() {
    closed = true;
  }

  void succeeded() {
    trouble = "";
  }

  ClusterStoreException failed(StatusRuntimeException e) {
    if (closed) {
      return new ClusterStoreException(Code.CLOSED, "the store was closed", e);
    }
    Status status = e.getStatus();
    if (trouble.isEmpty()) {
      since = clock.instant();
    }
    trouble = "etcd does not answer: " + reason(status);
    return switch (status.getCode()) {
      case UNAUTHENTICATED, PERMISSION_DENIED ->
          new ClusterStoreException(Code.DENIED, "etcd refuses us: " + reason(status), e);
      case INVALID_ARGUMENT, OUT_OF_RANGE, RESOURCE_EXHAUSTED ->
          new ClusterStoreException(Code.DENIED, "etcd refuses the value: " + reason(status), e);
      default -> new ClusterStoreException(Code.UNAVAILABLE, trouble, e);
    };
  }

  private String reason(Status status) {
    if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
      return "nothing within " + timeout.toSeconds() + " s"; // gRPC's words change each time
    }
    Throwable cause = status.getCause();
    String description = status.getDescription();
    String text = description == null ? status.getCode().toString() : description;
    return cause == null || cause.getMessage() == null
        ? text
        : text + " (" + cause.getMessage() + ")";
  }

  ClusterStore.Health health() {
    String now = trouble;
    String message = closed ? "closed" : now.isEmpty() ? "" : now + ", since " + since + GOES_ON;
    return new ClusterStore.Health("etcd", message.isEmpty(), message);
  }
}
