package io.sekisho.agent.cluster;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sekisho.agent.cluster.ClusterStore.Entry;
import io.sekisho.agent.cluster.ClusterStore.Lifetime;
import io.sekisho.agent.cluster.ClusterStoreException.Code;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives a label set its number, the same on every node, with nothing but compare-and-set.
 *
 * <p>Two keys belong to an identity. {@code by-labels} proposes a number, {@code by-number} is the
 * claim that settles it: it is created once and never changed. Whoever reads a proposal tries to
 * make the claim himself. If the number was claimed for other labels, the proposal moves to the
 * next number, by compare-and-set. A set whose claim stands is never proposed another number, so no
 * set ever has two.
 *
 * <p>The first proposal is taken from the hash of the labels: nodes rarely meet, and a lost store
 * gives the same numbers again.
 */
final class IdentityAllocator {
  private static final int NUMBERS = Identity.FIRST_LOCAL - Identity.FIRST_CLUSTER;

  private final ClusterStore store;

  IdentityAllocator(ClusterStore store) {
    this.store = store;
  }

  /** The identity of a label set; blocks. */
  Identity allocate(Labels labels) {
    int candidate = first(labels);
    for (int tries = 0; tries < NUMBERS; tries++) {
      var proposal = store.get(Keys.labels(labels));
      if (proposal.isEmpty()) {
        propose(labels, candidate, 0);
        continue;
      }
      var proposed = parse(proposal.get());
      if (!Labels.of(proposed.getLabelsList()).equals(labels)) {
        throw corrupt(proposal.get(), "is for other labels", null);
      }
      if (claim(labels, proposed.getNumber())) {
        return new Identity(proposed.getNumber(), labels);
      }
      candidate = next(proposed.getNumber());
      propose(labels, candidate, proposal.get().version());
    }
    throw new ClusterStoreException(Code.DENIED, "all identity numbers are taken");
  }

  private void propose(Labels labels, int number, long version) {
    store.compareAndSet(
        Keys.labels(labels), version, message(labels, number).toByteArray(), Lifetime.PERSISTENT);
  }

  /** Whether the number is the label set's, now and for ever. */
  private boolean claim(Labels labels, int number) {
    if (number < Identity.FIRST_CLUSTER || number >= Identity.FIRST_LOCAL) {
      return false;
    }
    String key = Keys.identity(number);
    Optional<Entry> owner = store.get(key);
    if (owner.isEmpty()) {
      byte[] value = message(labels, number).toByteArray();
      if (store.compareAndSet(key, 0, value, Lifetime.PERSISTENT).isPresent()) {
        return true;
      }
      owner = store.get(key);
    }
    return owner.isPresent() && Labels.of(parse(owner.get()).getLabelsList()).equals(labels);
  }

  private static io.sekisho.api.v1.Identity message(Labels labels, int number) {
    return io.sekisho.api.v1.Identity.newBuilder()
        .setNumber(number)
        .addAllLabels(labels.texts())
        .build();
  }

  static int first(Labels labels) {
    int hash = ByteBuffer.wrap(Keys.sha256(labels)).getInt();
    return Identity.FIRST_CLUSTER + Integer.remainderUnsigned(hash, NUMBERS);
  }

  private static int next(int number) {
    return number + 1 < Identity.FIRST_LOCAL && number >= Identity.FIRST_CLUSTER
        ? number + 1
        : Identity.FIRST_CLUSTER;
  }

  private static io.sekisho.api.v1.Identity parse(Entry entry) {
    try {
      return io.sekisho.api.v1.Identity.parseFrom(entry.value());
    } catch (InvalidProtocolBufferException e) {
      throw corrupt(entry, "is not an identity", e);
    }
  }

  private static ClusterStoreException corrupt(
      Entry entry, String what, @Nullable Throwable cause) {
    String message = "the value of " + entry.key() + " " + what;
    return cause == null
        ? new ClusterStoreException(Code.CORRUPT, message)
        : new ClusterStoreException(Code.CORRUPT, message, cause);
  }
}
