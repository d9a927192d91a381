package io.sekisho.console.policy;

import io.sekisho.console.ui.Format;
import io.sekisho.impact.Progress;

/** How far a dry run is; written by working threads, read by the UI. */
final class Steps implements Progress {
  private final long begunMillis;
  private volatile long flows;
  private volatile double share = -1;
  private volatile boolean cancelled;

  Steps(long begunMillis) {
    this.begunMillis = begunMillis;
  }

  /** So many flows came so far. */
  void fetched(long count) {
    flows = count;
  }

  @Override
  public void done(long part, long whole) {
    share = whole == 0 ? 1 : (double) part / whole;
  }

  @Override
  public boolean cancelled() {
    return cancelled;
  }

  void cancel() {
    cancelled = true;
  }

  /** Since when it runs, ms since the epoch. */
  long begunMillis() {
    return begunMillis;
  }

  /** In words. */
  String words() {
    double now = share;
    return now < 0
        ? Texts.bind(Texts.dry_run_reading, Format.count(flows))
        : Texts.bind(Texts.dry_run_comparing, Format.share(now));
  }
}
