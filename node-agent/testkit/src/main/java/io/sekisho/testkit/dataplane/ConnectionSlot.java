package io.sekisho.testkit.dataplane;

/**
 * A connection where it lies in its table, living or not.
 *
 * @param bucket number of the bucket, from 1 on
 * @param way its slot of the bucket
 * @param tuple the key, but for the type of ICMP
 * @param connection what is known of it
 */
public record ConnectionSlot(int bucket, int way, Tuple tuple, Connection connection) {}
