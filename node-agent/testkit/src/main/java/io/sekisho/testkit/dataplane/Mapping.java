package io.sekisho.testkit.dataplane;

/**
 * One half of a masqueraded connection (struct nat_entry).
 *
 * @param used ns of the clock of System.nanoTime
 * @param address takes the place of the source of what the pod sends, of the destination of answers
 * @param port so does this, or the echo id; host byte order
 */
public record Mapping(long used, String address, int port) {}
