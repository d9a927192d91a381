package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfMap;
import java.util.List;

/**
 * Brings what old maps hold into a new one, while programs go on using the old ones.
 *
 * <p>The new map is pinned beside the old one until all programs use it, then takes over its pin in
 * one step; an agent that dies in between leaves both, and the next one goes on from there.
 */
abstract sealed class Migration implements AutoCloseable permits MapMigration, ConnectionMigration {
  private final PinFolder pins;
  private final String name;
  private final List<BpfMap<byte[], byte[]>> sources;

  /**
   * From old maps, which are closed with this.
   *
   * @param name of the pin
   * @param sources the old ones; what an earlier one holds counts more
   */
  Migration(PinFolder pins, String name, List<BpfMap<byte[], byte[]>> sources) {
    this.pins = pins;
    this.name = name;
    this.sources = List.copyOf(sources);
  }

  /** Carries over what the new map does not have yet; never what programs wrote into it. */
  final void copy() {
    sources.forEach(this::copy);
  }

  /** The same from one of the old maps. */
  abstract void copy(BpfMap<byte[], byte[]> source);

  /**
   * Every program uses the new map: carries over the last entries, gives it the pin, and lets go of
   * the old ones, which take as much memory.
   */
  final void finish() {
    copy();
    pins.replaceMap(name);
    close();
  }

  @Override
  public final void close() {
    sources.forEach(BpfMap::close);
  }
}
