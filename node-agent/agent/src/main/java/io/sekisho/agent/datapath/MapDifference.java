package io.sekisho.agent.datapath;

/**
 * A place where a map in the kernel says something else than it should.
 *
 * @param map name of the map
 * @param endpoint whose entry it is, 0 for none
 * @param key of the entry, in words
 * @param expected what should be there, empty for nothing
 * @param found what is there, empty for nothing
 */
public record MapDifference(String map, int endpoint, String key, String expected, String found) {}
