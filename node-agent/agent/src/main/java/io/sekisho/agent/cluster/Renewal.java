package io.sekisho.agent.cluster;

import io.sekisho.agent.apiserver.ApiException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Renews a lease at a third of its time, on a virtual thread. What fails is tried again soon, so
 * that an outage costs the lease only if it lasts longer than what is left of it; nothing but
 * {@link #close} ends the thread, for without renewals the node would go from all others' maps.
 */
final class Renewal implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Renewal.class.getName());
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final String name;
  private final Duration usual;
  private final Duration again;
  private final Work work;
  private final Semaphore now = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;

  /** Renews once; fails by an exception. */
  @FunctionalInterface
  interface Work {
    void renew() throws InterruptedException;
  }

  /**
   * Begins.
   *
   * @param name for logs
   * @param lease how long it lasts
   */
  Renewal(String name, Duration lease, Work work) {
    this(name, lease, AGAIN, work);
  }

  /** The same with another pause after a failure. */
  Renewal(String name, Duration lease, Duration again, Work work) {
    this.name = name;
    this.usual = lease.dividedBy(3);
    this.again = again.compareTo(usual) < 0 ? again : usual;
    this.work = work;
    thread = Thread.ofVirtual().name(name).start(this::run);
  }

  /** Renews at once. */
  void now() {
    now.release();
  }

  private void run() {
    try {
      Duration pause = usual;
      while (!closed) {
        if (now.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          now.drainPermits();
        }
        pause = isRenewed() ? usual : again;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isRenewed() throws InterruptedException {
    try {
      work.renew();
      return true;
    } catch (ApiException | ClusterStoreException e) {
      LOG.log(System.Logger.Level.DEBUG, "{0} not renewed: {1}", name, e.getMessage());
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, name + " not renewed", e); // a fault of ours
    }
    return false;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
