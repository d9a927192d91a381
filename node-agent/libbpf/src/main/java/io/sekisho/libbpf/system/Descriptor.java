package io.sekisho.libbpf.system;

import java.util.concurrent.atomic.AtomicInteger;

/** An open file descriptor that belongs to its holder; closing it twice does no harm. */
public final class Descriptor implements AutoCloseable {
  private static final int CLOSED = -1;

  private final AtomicInteger fd;

  /** Takes over an open descriptor. */
  public Descriptor(int fd) {
    if (fd < 0) {
      throw new IllegalArgumentException("not a descriptor: " + fd);
    }
    this.fd = new AtomicInteger(fd);
  }

  /**
   * The number, for calls.
   *
   * @throws IllegalStateException if it is closed
   */
  public int number() {
    int number = fd.get();
    if (number == CLOSED) {
      throw new IllegalStateException("the descriptor is closed");
    }
    return number;
  }

  @Override
  public void close() {
    int number = fd.getAndSet(CLOSED);
    if (number != CLOSED) {
      SystemCalls.close(number);
    }
  }
}
