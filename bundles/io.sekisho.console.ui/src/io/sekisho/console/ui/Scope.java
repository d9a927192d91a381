package io.sekisho.console.ui;

import io.sekisho.console.core.ClusterSession;
import java.util.Optional;

/**
 * What a window looks at: one cluster session, one filter, one pause state and one selection,
 * shared by all of its views. Used from the UI thread only; listeners are called on it. Changes of
 * the session's snapshots are passed on at most once per frame.
 */
public interface Scope {
  /** The session, if one is open. */
  Optional<ClusterSession> session();

  /** Looks at another session. */
  void show(Optional<ClusterSession> session);

  /** What is selected. */
  Selected selected();

  /** Selects; the same selection again changes nothing. */
  void select(Selected selected);

  /** Text of the filter in the filter language, empty for none; always one that parses. */
  String filter();

  /** Sets the filter; the caller has parsed it. */
  void filter(String text);

  /** Whether views stand still. */
  boolean paused();

  /** Stops or follows. */
  void pause(boolean paused);

  /** Calls back on every change, on the UI thread. */
  void addListener(Listener listener);

  /** Ends calls to a listener. */
  void removeListener(Listener listener);

  /** What is new: the first four are the scope's own, the rest are the session's. */
  enum Topic {
    SESSION,
    SELECTION,
    FILTER,
    PAUSE,
    LINK,
    INVENTORY,
    FLOWS,
    TRAFFIC,
    REVISIONS
  }

  /** Hears of changes, on the UI thread. */
  @FunctionalInterface
  interface Listener {
    /** The topic is new. */
    void changed(Topic topic);
  }
}
