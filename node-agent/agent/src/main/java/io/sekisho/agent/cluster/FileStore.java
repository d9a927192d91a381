package io.sekisho.agent.cluster;

import io.sekisho.agent.cluster.ClusterStoreException.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The embedded store of a single node: everything in memory, what is PERSISTENT also in one file
 * that is replaced whole at every such write. SESSION values live as long as this object.
 *
 * <p>Versions never repeat, although session writes do not touch the disk: the file reserves a
 * block of them ahead, and a restart continues after the block.
 */
public final class FileStore implements ClusterStore {
  private static final System.Logger LOG = System.getLogger(FileStore.class.getName());
  private static final String FORMAT = "SKSTORE1";
  private static final long BLOCK = 4096;

  private final ChecksummedFile file;
  private final TreeMap<String, Stored> values = new TreeMap<>();
  private final Broadcast broadcast = new Broadcast("file-store");
  private String trouble = "";
  private long version;
  private long reserved;
  private boolean closed;

  /** A value with its lifetime. */
  private record Stored(Entry entry, Lifetime lifetime) {}

  /**
   * Opens or makes a store. A damaged file is set aside with an error in the log and in {@link
   * #health}; the store then begins empty.
   *
   * @throws ClusterStoreException UNAVAILABLE if the file cannot be read or written
   */
  public FileStore(Path path) {
    file = new ChecksummedFile(path, FORMAT);
    try {
      var content = file.read();
      if (content.isPresent()) {
        load(content.get());
      }
      reserve();
    } catch (ChecksummedFile.Damaged e) {
      trouble = String.valueOf(e.getMessage());
      LOG.log(System.Logger.Level.ERROR, "the store starts empty: {0}", trouble);
      version = System.currentTimeMillis();
      reserve();
    } catch (IOException e) {
      throw new ClusterStoreException(Code.UNAVAILABLE, "cannot read " + path, e);
    }
  }

  private void load(byte[] content) throws IOException {
    try {
      var snapshot = FileSnapshot.decode(content);
      version = snapshot.reserved();
      snapshot.entries().forEach(e -> values.put(e.key(), new Stored(e, Lifetime.PERSISTENT)));
    } catch (ClusterStoreException e) {
      throw file.setAside(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public synchronized Optional<Entry> get(String key) {
    checkOpen();
    return Optional.ofNullable(values.get(key)).map(Stored::entry);
  }

  @Override
  public synchronized List<Entry> list(String prefix) {
    checkOpen();
    var found = new ArrayList<Entry>();
    for (var stored : values.tailMap(prefix).values()) {
      if (!stored.entry.key().startsWith(prefix)) {
        break;
      }
      found.add(stored.entry);
    }
    return found;
  }

  @Override
  public synchronized long put(String key, byte[] value, Lifetime lifetime) {
    checkOpen();
    long next = nextVersion();
    var entry = new Entry(key, value.clone(), next);
    var before = values.put(key, new Stored(entry, lifetime));
    saveOr(before, lifetime, () -> restore(key, before));
    broadcast.put(entry);
    return next;
  }

  @Override
  public synchronized Optional<Long> compareAndSet(
      String key, long expected, byte[] value, Lifetime lifetime) {
    checkOpen();
    var stored = values.get(key);
    long present = stored == null ? 0 : stored.entry.version();
    return present == expected ? Optional.of(put(key, value, lifetime)) : Optional.empty();
  }

  @Override
  public synchronized boolean delete(String key) {
    checkOpen();
    var before = values.remove(key);
    if (before == null) {
      return false;
    }
    saveOr(before, before.lifetime, () -> restore(key, before));
    broadcast.deleted(key);
    return true;
  }

  @Override
  public synchronized Watch watch(String prefix, Watcher watcher) {
    checkOpen();
    return broadcast.add(prefix, watcher, list(prefix));
  }

  @Override
  public synchronized Health health() {
    return new Health("file", !closed, closed ? "closed" : trouble);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    broadcast.close();
  }

  private void checkOpen() {
    if (closed) {
      throw new ClusterStoreException(Code.CLOSED, "the store was closed");
    }
  }

  private long nextVersion() {
    if (version + 1 >= reserved) {
      reserve();
    }
    return ++version;
  }

  private void reserve() {
    long before = reserved;
    reserved = version + BLOCK;
    try {
      save();
    } catch (ClusterStoreException e) {
      reserved = before;
      throw e;
    }
  }

  /** Saves if the change is one of the disk's; takes the change back if that fails. */
  private void saveOr(@Nullable Stored before, Lifetime lifetime, Runnable undo) {
    boolean wasOnDisk = before != null && before.lifetime == Lifetime.PERSISTENT;
    if (lifetime == Lifetime.SESSION && !wasOnDisk) {
      return;
    }
    try {
      save();
    } catch (ClusterStoreException e) {
      undo.run();
      throw e;
    }
  }

  private void restore(String key, @Nullable Stored before) {
    if (before == null) {
      values.remove(key);
    } else {
      values.put(key, before);
    }
  }

  private void save() {
    var entries = new ArrayList<Entry>();
    for (var stored : values.values()) {
      if (stored.lifetime == Lifetime.PERSISTENT) {
        entries.add(stored.entry);
      }
    }
    try {
      file.write(new FileSnapshot(reserved, entries).encode());
    } catch (IOException e) {
      trouble = "cannot write the store's file: " + e.getMessage();
      throw new ClusterStoreException(Code.UNAVAILABLE, trouble, e);
    }
  }
}
