package io.sekisho.policy.compile;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is found when it is first asked for, by one of the threads that ask. */
final class Once<T> implements Supplier<T> {
  private final Supplier<T> find;
  private volatile @Nullable T found;

  Once(Supplier<T> find) {
    this.find = find;
  }

  @Override
  public T get() {
    T known = found;
    if (known == null) {
      known = find.get();
      found = known;
    }
    return known;
  }
}
