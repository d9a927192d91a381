package io.sekisho.impact.run;

import io.sekisho.impact.Progress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The same work on each of many things, by all processors; in the order of the things. */
final class Pieces {
  private Pieces() {}

  /**
   * Does the work.
   *
   * @param step how many things are one piece: progress is told, and asked, before each piece
   * @throws java.util.concurrent.CancellationException if the progress is cancelled
   */
  static <I, O> List<O> of(List<I> things, int step, Function<I, O> work, Progress progress) {
    int pieces = (things.size() + step - 1) / step;
    AtomicLong done = new AtomicLong();
    List<List<O>> made =
        IntStream.range(0, pieces)
            .parallel()
            .mapToObj(
                p -> {
                  progress.at(done.get(), things.size());
                  List<I> mine = things.subList(p * step, Math.min(things.size(), (p + 1) * step));
                  List<O> out = new ArrayList<>(mine.size());
                  mine.forEach(i -> out.add(work.apply(i)));
                  done.addAndGet(mine.size());
                  return out;
                })
            .toList();
    progress.at(things.size(), things.size());
    List<O> all = new ArrayList<>(things.size());
    made.forEach(all::addAll);
    return Collections.unmodifiableList(all);
  }
}
