package io.sekisho.libbpf;

/**
 * What the kernel says of a map.
 *
 * @param id the kernel's number of it
 * @param name at most 15 characters
 * @param type its type
 * @param keySize bytes
 * @param valueSize bytes (of one CPU)
 * @param maxEntries capacity
 * @param flags BPF_F_…
 */
public record MapInfo(
    int id, String name, MapType type, int keySize, int valueSize, int maxEntries, int flags) {
  /** Whether both hold the same things in the same way; capacity and name may differ. */
  public boolean sameLayout(MapInfo other) {
    return type == other.type
        && keySize == other.keySize
        && valueSize == other.valueSize
        && flags == other.flags;
  }
}
