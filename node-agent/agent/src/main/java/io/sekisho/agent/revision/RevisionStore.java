package io.sekisho.agent.revision;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.sekisho.agent.cluster.ClusterStore;
import io.sekisho.agent.cluster.ClusterStore.Entry;
import io.sekisho.agent.cluster.ClusterStore.Lifetime;
import io.sekisho.agent.cluster.ClusterStoreException;
import io.sekisho.agent.cluster.ClusterStoreException.Code;
import io.sekisho.agent.cluster.Keys;
import io.sekisho.api.v1.Head;
import io.sekisho.api.v1.Revision;
import io.sekisho.api.v1.RevisionState;
import java.util.Optional;

/**
 * The head and the revisions in the cluster store.
 *
 * <p>A revision is written before the head points to it, with an unknown state; the state follows
 * the head. So a push that lost the race, or an agent that died between, leaves a record that was
 * never in force and that nobody shows. Numbers are never used twice.
 */
final class RevisionStore {
  private final ClusterStore store;
  private final LongTexts texts;

  RevisionStore(ClusterStore store) {
    this.store = store;
    this.texts = new LongTexts(store);
  }

  /** The head with the version of its last write; 0 before the first push. */
  record VersionedHead(Head head, long version) {}

  VersionedHead head() {
    return store
        .get(Keys.HEAD)
        .map(entry -> new VersionedHead(parse(entry, Head.parser()), entry.version()))
        .orElseGet(() -> new VersionedHead(Head.getDefaultInstance(), 0));
  }

  /** Whether the head was the one that the caller had read, and is the new one now. */
  boolean moveHead(VersionedHead from, Head to) {
    return store
        .compareAndSet(Keys.HEAD, from.version, to.toByteArray(), Lifetime.PERSISTENT)
        .isPresent();
  }

  /** A revision with its documents; number 0 is the empty start. */
  Optional<Revision> revision(long number) {
    return summary(number).map(texts::whole);
  }

  /** A revision whose long documents may lack their texts. */
  Optional<Revision> summary(long number) {
    if (number == 0) {
      return Optional.of(EMPTY);
    }
    return store.get(Keys.revision(number)).map(entry -> parse(entry, Revision.parser()));
  }

  private static final Revision EMPTY =
      Revision.newBuilder().setState(RevisionState.CONFIRMED).build();

  /**
   * Stores a revision under the first free number after the given one.
   *
   * @throws IllegalArgumentException if it does not fit, in a sentence
   */
  Revision create(Revision.Builder revision, long after) {
    revision.setState(RevisionState.REVISION_STATE_UNKNOWN);
    Revision.Builder stored = texts.put(revision.build()).toBuilder();
    int size = stored.build().getSerializedSize();
    if (size > LongTexts.LARGEST) {
      throw new IllegalArgumentException(
          "the documents have %d bytes without the long ones; a revision holds %d"
              .formatted(size, LongTexts.LARGEST));
    }
    for (long number = after + 1; ; number++) {
      byte[] value = stored.setNumber(number).build().toByteArray();
      revision.setNumber(number);
      if (store.compareAndSet(Keys.revision(number), 0, value, Lifetime.PERSISTENT).isPresent()) {
        return revision.build();
      }
    }
  }

  /** Leaves the number of a revision that never came into force, without its documents. */
  void abandon(long number) {
    var left = Revision.newBuilder().setNumber(number).build();
    store.put(Keys.revision(number), left.toByteArray(), Lifetime.PERSISTENT);
  }

  void setState(Revision revision, RevisionState state) {
    var next = revision.toBuilder().setState(state);
    if (state != RevisionState.PENDING) {
      next.clearConfirmDeadline();
    }
    byte[] value = texts.put(next.build()).toByteArray();
    store.put(Keys.revision(revision.getNumber()), value, Lifetime.PERSISTENT);
  }

  /** The highest number that was ever given. */
  long last(long head) {
    long number = head;
    while (store.get(Keys.revision(number + 1)).isPresent()) {
      number++;
    }
    return number;
  }

  /** The state as the head tells it; unknown for what was never in force. */
  static RevisionState state(Revision revision, Head head) {
    if (revision.getNumber() == head.getNumber()) {
      return head.getConfirmed() == head.getNumber()
          ? RevisionState.CONFIRMED
          : RevisionState.PENDING;
    }
    return revision.getState() == RevisionState.PENDING
        ? RevisionState.REVERTED
        : revision.getState();
  }

  static <M> M parse(Entry entry, Parser<M> parser) {
    try {
      return parser.parseFrom(entry.value());
    } catch (InvalidProtocolBufferException e) {
      throw new ClusterStoreException(
          Code.CORRUPT, "the store's value of " + entry.key() + " is broken", e);
    }
  }
}
