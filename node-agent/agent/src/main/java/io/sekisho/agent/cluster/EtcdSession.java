package io.sekisho.agent.cluster;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.PutRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.sekisho.agent.cluster.ClusterStore.Lifetime;
import io.sekisho.agent.cluster.ClusterStoreException.Code;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The lease under which this process's SESSION values live. A {@link Renewal} keeps it; if etcd
 * says that it is gone, a new one is taken and everything is written again.
 */
final class EtcdSession implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(EtcdSession.class.getName());

  private final ManagedChannel channel;
  private final Duration ttl;
  private final EtcdCalls calls;
  private final Map<ByteString, ByteString> values = new HashMap<>();

  /** Held by every write of a session value, so that a renewal never writes an older one. */
  private final ReentrantLock writes = new ReentrantLock();

  private final Renewal renewal;
  private long lease;
  private long writtenUnder;

  EtcdSession(ManagedChannel channel, EtcdStore.Settings settings, EtcdCalls calls) {
    this.channel = channel;
    this.ttl = settings.lease();
    this.calls = calls;
    renewal = new Renewal("etcd-session", ttl, this::renew);
  }

  /** Writes a value with its lifetime, and remembers it if it is the session's. */
  <T> T write(
      PutRequest request, Lifetime lifetime, Function<PutRequest, T> call, Predicate<T> done) {
    writes.lock();
    try {
      T response =
          lifetime == Lifetime.SESSION
              ? leased(request, call)
              : calls.run(() -> call.apply(request));
      if (done.test(response)) {
        if (lifetime == Lifetime.SESSION) {
          values.put(request.getKey(), request.getValue());
        } else {
          values.remove(request.getKey());
        }
      }
      return response;
    } finally {
      writes.unlock();
    }
  }

  <T> T delete(ByteString key, Supplier<T> call) {
    writes.lock();
    try {
      values.remove(key);
      return calls.run(call);
    } finally {
      writes.unlock();
    }
  }

  /** Puts under the lease; once more under a new one if etcd has forgotten it. */
  private <T> T leased(PutRequest request, Function<PutRequest, T> call) {
    long id = lease();
    try {
      return calls.run(() -> call.apply(request.toBuilder().setLease(id).build()));
    } catch (ClusterStoreException e) {
      if (!isLeaseGone(e)) {
        throw e;
      }
      lease = 0;
      renewal.now();
      long again = lease();
      return calls.run(() -> call.apply(request.toBuilder().setLease(again).build()));
    }
  }

  private static boolean isLeaseGone(ClusterStoreException e) {
    return e.getCause() != null
        && Status.fromThrowable(e.getCause()).getCode() == Status.Code.NOT_FOUND;
  }

  private long lease() {
    if (lease == 0) {
      var request = LeaseGrantRequest.newBuilder().setTTL(ttl.toSeconds()).build();
      lease =
          calls.run(
              () -> calls.timed(LeaseGrpc.newBlockingStub(channel)).leaseGrant(request).getID());
      if (values.isEmpty()) {
        writtenUnder = lease;
      }
    }
    return lease;
  }

  private void renew() throws InterruptedException {
    if (!calls.health().available()) {
      channel.resetConnectBackoff(); // which grows to minutes, longer than others wait for us
    }
    writes.lock();
    try {
      if (lease != 0 && remaining(lease) <= 0) {
        LOG.log(System.Logger.Level.WARNING, "the lease in etcd ended; writing everything again");
        lease = 0;
      }
      if (!values.isEmpty() && lease() != writtenUnder) {
        values.forEach(this::writeAgain);
        writtenUnder = lease;
      }
    } finally {
      writes.unlock();
    }
  }

  private void writeAgain(ByteString key, ByteString value) {
    var request = PutRequest.newBuilder().setKey(key).setValue(value).setLease(lease).build();
    calls.run(() -> calls.timed(KVGrpc.newBlockingStub(channel)).put(request));
  }

  /** Seconds that the lease has after renewal; 0 if it is gone. */
  private long remaining(long id) throws InterruptedException {
    var answer = new CompletableFuture<Long>();
    var requests = calls.timed(LeaseGrpc.newStub(channel)).leaseKeepAlive(new FirstAnswer(answer));
    requests.onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build());
    try {
      long seconds = answer.get(ttl.toMillis(), TimeUnit.MILLISECONDS);
      calls.succeeded();
      requests.onCompleted();
      return seconds;
    } catch (ExecutionException | TimeoutException e) {
      Status status = Status.fromThrowable(e.getCause() == null ? e : e.getCause());
      throw calls.failed(status.asRuntimeException());
    }
  }

  /** Takes the first answer of a stream. */
  private record FirstAnswer(CompletableFuture<Long> answer)
      implements StreamObserver<LeaseKeepAliveResponse> {
    @Override
    public void onNext(LeaseKeepAliveResponse response) {
      answer.complete(response.getTTL());
    }

    @Override
    public void onError(Throwable error) {
      answer.completeExceptionally(error);
    }

    @Override
    public void onCompleted() {
      answer.completeExceptionally(
          new ClusterStoreException(Code.UNAVAILABLE, "etcd ended the stream"));
    }
  }

  @Override
  public void close() {
    renewal.close();
  }
}
