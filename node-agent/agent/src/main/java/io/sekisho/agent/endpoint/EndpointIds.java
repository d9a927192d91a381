package io.sekisho.agent.endpoint;

import java.util.BitSet;
import java.util.OptionalInt;

/** Numbers for endpoints; the one given last is given again last. Belongs to the event loop. */
final class EndpointIds {
  private final BitSet used = new BitSet();
  private int last;

  /** A free number, now taken. */
  OptionalInt allocate() {
    int id = used.nextClearBit(last + 1);
    if (id > EndpointSpec.MAX_ID) {
      id = used.nextClearBit(1);
    }
    if (id > EndpointSpec.MAX_ID) {
      return OptionalInt.empty();
    }
    used.set(id);
    last = id;
    return OptionalInt.of(id);
  }

  /** Takes a certain number; whether it was free. */
  boolean reserve(int id) {
    boolean free = !used.get(id);
    used.set(id);
    return free;
  }

  void release(int id) {
    used.clear(id);
  }
}
