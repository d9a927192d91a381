package io.sekisho.agent.cluster;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.ManagedChannel;
import io.sekisho.agent.cluster.ClusterStoreException.Code;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The store of several nodes: etcd 3.4 or newer, through jetcd's stubs on one channel. A version is
 * etcd's modification revision. Constructing it needs no etcd; every call fails with UNAVAILABLE
 * until there is one, and watches begin when it comes.
 */
public final class EtcdStore implements ClusterStore {
  private final ManagedChannel channel;
  private final Settings settings;
  private final EtcdCalls calls;
  private final EtcdSession session;
  private final Set<EtcdWatch> watches = ConcurrentHashMap.newKeySet();

  /**
   * How the store behaves.
   *
   * @param prefix before every key in etcd, for example {@code sekisho/shop/}
   * @param lease how long SESSION values outlive the last renewal; whole seconds, at least 2 s
   * @param requestTimeout how long a call waits
   */
  public record Settings(String prefix, Duration lease, Duration requestTimeout) {}

  /** A store on a channel to etcd, which it closes with itself. */
  public EtcdStore(ManagedChannel channel, Settings settings) {
    this.channel = channel;
    this.settings = settings;
    calls = new EtcdCalls(settings.requestTimeout(), InstantSource.system());
    session = new EtcdSession(channel, settings, calls);
  }

  @Override
  public Optional<Entry> get(String key) {
    var request = RangeRequest.newBuilder().setKey(full(key)).build();
    var response = calls.run(() -> kv().range(request));
    return response.getKvsList().stream().map(this::entry).findFirst();
  }

  @Override
  public List<Entry> list(String prefix) {
    return read(prefix).entries;
  }

  /** A prefix at one revision. */
  record State(List<Entry> entries, long revision) {}

  State read(String prefix) {
    var request =
        RangeRequest.newBuilder()
            .setKey(full(prefix))
            .setRangeEnd(endOf(full(prefix)))
            .setSortTarget(RangeRequest.SortTarget.KEY)
            .setSortOrder(RangeRequest.SortOrder.ASCEND)
            .build();
    var response = calls.run(() -> kv().range(request));
    return new State(
        response.getKvsList().stream().map(this::entry).toList(),
        response.getHeader().getRevision());
  }

  @Override
  public long put(String key, byte[] value, Lifetime lifetime) {
    var request =
        PutRequest.newBuilder().setKey(full(key)).setValue(ByteString.copyFrom(value)).build();
    var response = session.write(request, lifetime, put -> kv().put(put), done -> true);
    return response.getHeader().getRevision();
  }

  @Override
  public Optional<Long> compareAndSet(String key, long expected, byte[] value, Lifetime lifetime) {
    var request =
        PutRequest.newBuilder().setKey(full(key)).setValue(ByteString.copyFrom(value)).build();
    var response =
        session.write(
            request,
            lifetime,
            put -> kv().txn(onlyIf(unchanged(key, expected), put)),
            TxnResponse::getSucceeded);
    return response.getSucceeded()
        ? Optional.of(response.getHeader().getRevision())
        : Optional.empty();
  }

  private static TxnRequest onlyIf(Compare condition, PutRequest put) {
    return TxnRequest.newBuilder()
        .addCompare(condition)
        .addSuccess(RequestOp.newBuilder().setRequestPut(put))
        .build();
  }

  private Compare unchanged(String key, long version) {
    return Compare.newBuilder()
        .setKey(full(key))
        .setTarget(Compare.CompareTarget.MOD)
        .setResult(Compare.CompareResult.EQUAL)
        .setModRevision(version)
        .build();
  }

  @Override
  public boolean delete(String key) {
    var request = DeleteRangeRequest.newBuilder().setKey(full(key)).build();
    return session.delete(full(key), () -> kv().deleteRange(request)).getDeleted() > 0;
  }

  @Override
  public Watch watch(String prefix, Watcher watcher) {
    calls.checkOpen();
    var watch = new EtcdWatch(this, channel, calls, prefix, watcher);
    watches.add(watch);
    watch.start();
    return () -> {
      watches.remove(watch);
      watch.close();
    };
  }

  @Override
  public Health health() {
    return calls.health();
  }

  @Override
  public void close() {
    calls.close();
    watches.forEach(EtcdWatch::close);
    session.close();
    channel.shutdownNow();
  }

  private KVGrpc.KVBlockingStub kv() {
    return calls.timed(KVGrpc.newBlockingStub(channel));
  }

  ByteString full(String key) {
    return ByteString.copyFromUtf8(settings.prefix() + key);
  }

  String relative(ByteString key) {
    return key.toStringUtf8().substring(settings.prefix().length());
  }

  Entry entry(KeyValue value) {
    return new Entry(
        relative(value.getKey()), value.getValue().toByteArray(), value.getModRevision());
  }

  /** The end of a prefix's range: the prefix with its last byte, which is ASCII, one higher. */
  static ByteString endOf(ByteString prefix) {
    byte[] end = prefix.toByteArray();
    if (end.length == 0) {
      throw new ClusterStoreException(Code.CORRUPT, "the store has no key prefix");
    }
    end[end.length - 1]++;
    return ByteString.copyFrom(end);
  }
}
