package io.sekisho.libbpf;

import java.util.Arrays;

/** Types of maps that Sekisho uses; numbers of {@code enum bpf_map_type}. */
public enum MapType {
  HASH(1),
  ARRAY(2),
  PERCPU_HASH(5),
  PERCPU_ARRAY(6),
  LRU_HASH(9),
  LRU_PERCPU_HASH(10),
  LPM_TRIE(11),
  ARRAY_OF_MAPS(12),
  HASH_OF_MAPS(13),
  RING_BUFFER(27),
  /** A type that Sekisho does not use. */
  OTHER(-1);

  private final int number;

  MapType(int number) {
    this.number = number;
  }

  /** The kernel's number. */
  public int number() {
    return number;
  }

  static MapType of(int number) {
    return Arrays.stream(values()).filter(t -> t.number == number).findFirst().orElse(OTHER);
  }

  /** Whether a lookup gives one value for each possible CPU. */
  public boolean perCpu() {
    return this == PERCPU_HASH || this == PERCPU_ARRAY || this == LRU_PERCPU_HASH;
  }

  /** Whether a value is another map: written as descriptor, read as id. */
  public boolean ofMaps() {
    return this == ARRAY_OF_MAPS || this == HASH_OF_MAPS;
  }
}
