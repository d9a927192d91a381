package io.sekisho.agent.cluster;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.sekisho.agent.cluster.ClusterStore.Entry;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The present values of one prefix, as messages by key. While the state is told anew after {@link
 * #reset}, the old one stays visible. A value that does not parse is logged and left out.
 *
 * @param <M> message of the prefix
 * @param <V> what it becomes
 */
final class Table<M extends MessageLite, V> implements ClusterStore.Watcher {
  private static final System.Logger LOG = System.getLogger(Table.class.getName());

  private final Parser<M> parser;
  private final Function<M, V> convert;
  private final Changes changes;
  private Map<String, V> told = new HashMap<>();
  private Map<String, V> visible = Map.of();
  private boolean telling = true;
  private boolean changed;
  private boolean synced;

  /**
   * An empty table.
   *
   * @param convert may refuse a message with IllegalArgumentException
   * @param changes told of every visible change
   */
  Table(Parser<M> parser, Function<M, V> convert, Changes changes) {
    this.parser = parser;
    this.convert = convert;
    this.changes = changes;
  }

  @Override
  public synchronized void reset() {
    told = new HashMap<>();
    telling = true;
  }

  @Override
  public void put(Entry entry) {
    synchronized (this) {
      try {
        changed = true;
        told.put(entry.key(), convert.apply(parser.parseFrom(entry.value())));
      } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
        LOG.log(
            System.Logger.Level.ERROR,
            "the store's value of {0} is broken and left out: {1}",
            entry.key(),
            e.getMessage());
        told.remove(entry.key());
      }
    }
    tellUnlessTelling();
  }

  @Override
  public void deleted(String key) {
    synchronized (this) {
      changed = true;
      told.remove(key);
    }
    changes.deleted(key);
    tellUnlessTelling();
  }

  @Override
  public void synced() {
    Set<String> keys;
    synchronized (this) {
      telling = false;
      changed = true;
      synced = true;
      keys = Set.copyOf(told.keySet());
    }
    changes.synced(keys);
    tellUnlessTelling();
  }

  private void tellUnlessTelling() {
    synchronized (this) {
      if (telling) {
        return;
      }
    }
    changes.changed();
  }

  /** The values by key; an immutable copy, the same one while nothing changes. */
  synchronized Map<String, V> snapshot() {
    if (!telling && changed) {
      changed = false;
      visible = Map.copyOf(told);
    }
    return visible;
  }

  /** Whether the prefix has been read whole once. */
  synchronized boolean isSynced() {
    return synced;
  }

  /** Is told of a table's changes, on the thread of its watch. */
  @FunctionalInterface
  interface Changes {
    /** Something visible changed. */
    void changed();

    /** The prefix was read whole; these keys are in it. */
    default void synced(Set<String> keys) {}

    /** A key is gone from the store. */
    default void deleted(String key) {}
  }
}
