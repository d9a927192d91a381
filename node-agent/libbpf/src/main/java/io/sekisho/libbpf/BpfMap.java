package io.sekisho.libbpf;

import io.sekisho.libbpf.system.Descriptor;
import io.sekisho.libbpf.system.Errno;
import io.sekisho.libbpf.system.SystemCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A map in the kernel, seen through codecs of its key and value. Owns a descriptor of its own; the
 * map lives on while a program, a pin or another descriptor holds it. Safe for use by several
 * threads; the kernel is the only state.
 */
public final class BpfMap<K, V> implements AutoCloseable {
  private static final int CREATE_OPTS = 48;
  private static final int CREATE_FLAGS = 28;

  /** BPF_NOEXIST. */
  private static final int NO_EXISTING = 1;

  private static final int MAP_INFO_FLAGS = 20;
  private static final int MAP_INFO_NAME = 24;

  private final Descriptor descriptor;
  private final MapInfo info;
  private final Codec<K> keys;
  private final Codec<V> values;

  private BpfMap(Descriptor descriptor, MapInfo info, Codec<K> keys, Codec<V> values) {
    this.descriptor = descriptor;
    this.info = info;
    this.keys = keys;
    this.values = values;
    requireSize("key", keys.size(), info.keySize());
    requireSize("value", values.size(), valueBytes(info));
  }

  private void requireSize(String what, int codec, int map) {
    if (codec != map) {
      throw new BpfException(
          BpfException.Code.INVALID,
          0,
          "map %s has a %s of %d bytes, not %d".formatted(info.name(), what, map, codec));
    }
  }

  /** Takes over a descriptor; keys and values are bytes. */
  static BpfMap<byte[], byte[]> take(int fd) {
    var descriptor = new Descriptor(fd);
    try {
      MapInfo info = readInfo(fd);
      return new BpfMap<>(
          descriptor, info, Codec.bytes(info.keySize()), Codec.bytes(valueBytes(info)));
    } catch (RuntimeException e) {
      descriptor.close();
      throw e;
    }
  }

  /** A view on another's descriptor, which this map duplicates. */
  static BpfMap<byte[], byte[]> share(int fd) {
    return take(BpfException.check("dup", SystemCalls.dup(fd)));
  }

  /** Opens a pinned map. */
  public static BpfMap<byte[], byte[]> openPinned(Path path) {
    return take(KernelObject.openPinned(path));
  }

  /** Opens a map by the kernel's number of it: what a lookup in a map of maps gives. */
  public static BpfMap<byte[], byte[]> openById(int id) {
    return take(BpfException.check("map " + id, LibBpf.CALLS.bpf_map_get_fd_by_id(id)));
  }

  /** Makes a map of the same shape as {@code like}, empty; for the inner maps of maps of maps. */
  public static BpfMap<byte[], byte[]> create(MapInfo like) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment opts = KernelObject.opts(arena, CREATE_OPTS);
      opts.set(ValueLayout.JAVA_INT, CREATE_FLAGS, like.flags());
      int fd =
          LibBpf.CALLS.bpf_map_create(
              like.type().number(),
              like.name(),
              like.keySize(),
              like.valueSize(),
              like.maxEntries(),
              KernelObject.pointer(opts));
      return take(BpfException.check("create map " + like.name(), fd));
    }
  }

  /** The same map with other words for keys and values; shares the descriptor and its life. */
  public <A, B> BpfMap<A, B> as(Codec<A> keyCodec, Codec<B> valueCodec) {
    return new BpfMap<>(descriptor, info, keyCodec, valueCodec);
  }

  /** What the kernel says of the map. */
  public MapInfo info() {
    return info;
  }

  /** The descriptor, for system calls and for values of maps of maps; stays the map's own. */
  public int fd() {
    return descriptor.number();
  }

  /** The value of a key; for maps of maps the id of the inner map. */
  public Optional<V> get(K key) {
    byte[] value = new byte[values.size()];
    int result = LibBpf.CALLS.bpf_map_lookup_elem(fd(), keys.encode(key), value);
    if (result == -Errno.ENOENT) {
      return Optional.empty();
    }
    BpfException.check("lookup in map " + info.name(), result);
    return Optional.of(values.decode(value));
  }

  /**
   * Writes an entry, new or not; for maps of maps the value is the descriptor of the inner map.
   *
   * @throws BpfException FULL if the map has no room
   */
  public void put(K key, V value) {
    int result = LibBpf.CALLS.bpf_map_update_elem(fd(), keys.encode(key), values.encode(value), 0);
    BpfException.check("update of map " + info.name(), result);
  }

  /**
   * Writes an entry if there is none; false if there is one. Not for arrays, whose entries are all
   * there.
   *
   * @throws BpfException FULL if the map has no room
   */
  public boolean putIfAbsent(K key, V value) {
    int result =
        LibBpf.CALLS.bpf_map_update_elem(fd(), keys.encode(key), values.encode(value), NO_EXISTING);
    if (result == -Errno.EEXIST) {
      return false;
    }
    BpfException.check("update of map " + info.name(), result);
    return true;
  }

  /** Deletes an entry; false if there was none. */
  public boolean remove(K key) {
    int result = LibBpf.CALLS.bpf_map_delete_elem(fd(), keys.encode(key));
    if (result == -Errno.ENOENT) {
      return false;
    }
    BpfException.check("delete in map " + info.name(), result);
    return true;
  }

  /**
   * Deletes an entry of a hash and says what it held at that moment: nothing that a program writes
   * comes in between. Empty if there was none, or if its bucket is held by what this interrupts.
   */
  public Optional<V> getAndRemove(K key) {
    byte[] value = new byte[values.size()];
    int result = LibBpf.CALLS.bpf_map_lookup_and_delete_elem(fd(), keys.encode(key), value);
    if (result == -Errno.ENOENT || result == -Errno.EBUSY) {
      return Optional.empty();
    }
    BpfException.check("lookup and delete in map " + info.name(), result);
    return Optional.of(values.decode(value));
  }

  /** All that is in the map, in no order; what changes meanwhile may or may not be seen. */
  public Map<K, V> entries() {
    return MapScan.entries(this);
  }

  /**
   * Shows every entry as it lies in the kernel, key and value, each valid during the call only;
   * some may be shown twice when the map changes meanwhile.
   */
  public void scan(BiConsumer<ByteBuffer, ByteBuffer> each) {
    MapScan.scan(this, each);
  }

  /** Number of entries; counts them, so use it for status only. */
  public long count() {
    return MapScan.count(this);
  }

  /**
   * Writes many entries with few system calls. Not atomic: after an error the first ones are there.
   * For maps of maps this waits once for running programs, not once for each entry.
   *
   * @throws BpfException FULL if the map has no room
   */
  public void putAll(Map<K, V> entries) {
    MapBatch.update(this, entries);
  }

  /** Deletes many entries with few system calls; those that are not there are no error. */
  public void removeAll(Iterable<K> removed) {
    MapBatch.delete(this, removed);
  }

  /** Pins the map; the file system at {@code path} must be bpffs. */
  public void pin(Path path) {
    KernelObject.pin(fd(), path);
  }

  Codec<K> keyCodec() {
    return keys;
  }

  Codec<V> valueCodec() {
    return values;
  }

  @Override
  public void close() {
    descriptor.close();
  }

  private static int valueBytes(MapInfo info) {
    if (!info.type().perCpu()) {
      return info.valueSize();
    }
    int rounded = (info.valueSize() + 7) & ~7;
    return rounded * BpfException.check("CPUs", LibBpf.CALLS.libbpf_num_possible_cpus());
  }

  private static MapInfo readInfo(int fd) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment raw = KernelObject.info("map", fd, arena);
      return new MapInfo(
          raw.get(ValueLayout.JAVA_INT, 4),
          KernelObject.name(raw, MAP_INFO_NAME),
          MapType.of(raw.get(ValueLayout.JAVA_INT, 0)),
          raw.get(ValueLayout.JAVA_INT, 8),
          raw.get(ValueLayout.JAVA_INT, 12),
          raw.get(ValueLayout.JAVA_INT, 16),
          raw.get(ValueLayout.JAVA_INT, MAP_INFO_FLAGS));
    }
  }
}
