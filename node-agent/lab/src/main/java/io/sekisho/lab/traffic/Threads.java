package io.sekisho.lab.traffic;

/** Waits for threads that end by themselves. */
final class Threads {
  private Threads() {}

  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
