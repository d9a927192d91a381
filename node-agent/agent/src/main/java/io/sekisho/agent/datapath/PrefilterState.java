package io.sekisho.agent.datapath;

/**
 * The prefilter of the underlay as it is now.
 *
 * @param mode {@code native} (the driver runs it), {@code generic} (the kernel does, later), or
 *     empty where it is not attached
 * @param prefixes how many prefixes are denied
 * @param packets dropped since the maps were made
 * @param bytes of these, layer 3 length
 */
public record PrefilterState(String mode, long prefixes, long packets, long bytes) {
  /** Nobody is denied. */
  public static final PrefilterState NONE = new PrefilterState("", 0, 0, 0);
}
