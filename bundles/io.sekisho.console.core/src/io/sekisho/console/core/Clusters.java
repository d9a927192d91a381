package io.sekisho.console.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * The clusters that the operator knows, by name, and the sessions that are open. Safe for threads;
 * listeners are called on the thread of the change.
 */
public final class Clusters {
  private static final Clusters SHARED = new Clusters(GrpcClusterSession::open);

  private final Function<ConnectionProfile, ClusterSession> opener;
  private volatile Function<ConnectionProfile, ClusterSession> kubernetes;
  private final Map<String, ConnectionProfile> profiles = new LinkedHashMap<>();
  private final Map<String, ClusterSession> sessions = new LinkedHashMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** Nothing is known yet; the function opens a session. */
  public Clusters(Function<ConnectionProfile, ClusterSession> opener) {
    this.opener = opener;
    kubernetes = opener;
  }

  /** Sets how a cluster is opened whose profile names an API server. */
  public void kubernetes(Function<ConnectionProfile, ClusterSession> opens) {
    kubernetes = opens;
  }

  /** The clusters of this application. */
  public static Clusters shared() {
    return SHARED;
  }

  /** All profiles in the order in which they became known. */
  public synchronized List<ConnectionProfile> profiles() {
    return new ArrayList<>(profiles.values());
  }

  /** The open session of a cluster. */
  public synchronized Optional<ClusterSession> session(String name) {
    return Optional.ofNullable(sessions.get(name));
  }

  /** Makes a cluster known; one of the same name is replaced and its session closed. */
  public void add(ConnectionProfile profile) {
    synchronized (this) {
      if (profile.equals(profiles.put(profile.name(), profile))) {
        return;
      }
    }
    close(profile.name());
  }

  /** Forgets a cluster and closes its session. */
  public void remove(String name) {
    synchronized (this) {
      profiles.remove(name);
    }
    close(name);
  }

  /** The session of the profile's cluster, opened when there is none. */
  public ClusterSession open(ConnectionProfile profile) {
    add(profile);
    ClusterSession session;
    synchronized (this) {
      session =
          sessions.computeIfAbsent(
              profile.name(),
              n -> (profile.kubernetes().isPresent() ? kubernetes : opener).apply(profile));
    }
    tell();
    return session;
  }

  /** Takes over a session that someone else has opened. */
  public void adopt(ClusterSession session) {
    add(session.profile());
    synchronized (this) {
      sessions.put(session.profile().name(), session);
    }
    tell();
  }

  /** Closes the session of a cluster; its profile stays. */
  public void close(String name) {
    ClusterSession closed;
    synchronized (this) {
      closed = sessions.remove(name);
    }
    if (closed != null) {
      closed.close();
    }
    tell();
  }

  /** Closes every session. */
  public void closeAll() {
    List<String> names;
    synchronized (this) {
      names = new ArrayList<>(sessions.keySet());
    }
    names.forEach(this::close);
  }

  /** Calls back when profiles or open sessions change. */
  public void addListener(Runnable listener) {
    listeners.add(listener);
  }

  /** Ends calls to a listener. */
  public void removeListener(Runnable listener) {
    listeners.remove(listener);
  }

  private void tell() {
    listeners.forEach(Runnable::run);
  }
}
