package io.sekisho.agent;

import io.sekisho.agent.revision.Realization;
import java.util.ArrayList;
import java.util.List;

/** Writes down what it is told. Thread-safe. */
public final class FakeRealization implements Realization {
  private final List<String> told = new ArrayList<>();

  @Override
  public synchronized void realized(long revision, int endpoints) {
    told.add("realized " + revision + " for " + endpoints);
  }

  @Override
  public synchronized void failed(long revision, String message) {
    told.add("failed " + revision + ": " + message);
  }

  public synchronized List<String> told() {
    return List.copyOf(told);
  }
}
