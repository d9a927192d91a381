package io.sekisho.agent.observer;

import io.sekisho.api.flow.Flow;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * A copy of the ring at one moment, oldest first. It keeps packed events and makes a flow of one
 * each time that it is asked for, so that a large ring does not become a large heap.
 */
final class PastFlows extends AbstractList<Flow> implements RandomAccess {
  private final long[] words;
  private final int size;
  private final FlowEncoder encoder;

  private PastFlows(long[] words, int size, FlowEncoder encoder) {
    this.words = words;
    this.size = size;
    this.encoder = encoder;
  }

  static PastFlows of(FlowRing ring, FlowEncoder encoder) {
    long end = ring.head();
    long start = ring.tail();
    long[] words = new long[(int) (end - start) * PackedEvent.LONGS];
    int count = 0;
    for (long number = start; number < end; number++) {
      if (ring.read(number, words, count * PackedEvent.LONGS)) {
        count++;
      }
    }
    return new PastFlows(
        count * PackedEvent.LONGS == words.length
            ? words
            : Arrays.copyOf(words, count * PackedEvent.LONGS),
        count,
        encoder);
  }

  @Override
  public Flow get(int index) {
    Objects.checkIndex(index, size);
    var one = new PackedEvent();
    System.arraycopy(words, index * PackedEvent.LONGS, one.words, 0, PackedEvent.LONGS);
    return encoder.encode(one);
  }

  @Override
  public int size() {
    return size;
  }
}
