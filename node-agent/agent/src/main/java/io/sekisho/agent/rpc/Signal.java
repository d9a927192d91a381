package io.sekisho.agent.rpc;

import java.util.concurrent.Semaphore;

/** Something happened: wakes one waiting thread; many signals before it looks are one. */
final class Signal implements Runnable {
  private final Semaphore permits = new Semaphore(0);

  @Override
  public void run() {
    permits.release();
  }

  void await() throws InterruptedException {
    permits.acquire();
    permits.drainPermits();
  }
}
