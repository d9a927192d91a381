package io.sekisho.agent.kubernetes;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The states that the objects of one kind went through, each by one number over all of them, and
 * with which state each object came to say what it says now.
 */
final class States {
  /** States that are remembered; a node that is further behind realizes nothing new. */
  private static final int REMEMBERED = 256;

  private record State(long digest, long number) {}

  private final Deque<State> newestFirst = new ArrayDeque<>();
  private final Map<String, Since> since = new HashMap<>();
  private long last;

  /** What an object says, by its digest, and the state that it came with. */
  private record Since(long digest, long number) {}

  /** The present state. */
  void now(long digest, Stream<PolicyObject> objects) {
    if (newestFirst.isEmpty() || newestFirst.getFirst().digest() != digest) {
      newestFirst.addFirst(new State(digest, ++last));
      if (newestFirst.size() > REMEMBERED) {
        newestFirst.removeLast();
      }
    }
    var present = new HashMap<String, Since>();
    objects.forEach(
        object -> {
          long says = MergedIntent.digest(object);
          Since before = since.get(object.uid());
          present.put(
              object.uid(),
              before != null && before.digest() == says ? before : new Since(says, last));
        });
    since.clear();
    since.putAll(present);
  }

  /** The newest state of a digest, by its number; 0 if none is known. */
  long number(long digest) {
    return newestFirst.stream()
        .filter(state -> state.digest() == digest)
        .mapToLong(State::number)
        .findFirst()
        .orElse(0);
  }

  /** Whether an object was in a state as it is now. */
  boolean has(long number, PolicyObject object) {
    Since came = since.get(object.uid());
    return came != null && number >= came.number();
  }
}
