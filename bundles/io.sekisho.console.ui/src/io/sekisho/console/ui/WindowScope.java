package io.sekisho.console.ui;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Link;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.swt.widgets.Display;

/**
 * The scope of one window. A session calls from its own threads: each call sets a bit, and one
 * timer per frame brings all set bits to the UI thread. While paused, bits of flows and traffic
 * stay set and are delivered when the operator goes on.
 */
final class WindowScope implements Scope {
  private static final int FRAME_MILLIS = 16;
  private static final int COUNTDOWN_MILLIS = 1000;
  private static final Set<Topic> HELD_IN_PAUSE = EnumSet.of(Topic.FLOWS, Topic.TRAFFIC);

  private final Display display;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final ClusterSession.Listener fromSession = this::changedInSession;

  /** Bits of {@link Topic} ordinals that wait for the next frame. */
  private final AtomicInteger waiting = new AtomicInteger();

  private final Runnable countDown = this::second;
  private final AtomicBoolean timerRuns = new AtomicBoolean();

  private Optional<ClusterSession> session = Optional.empty();
  private Selected selected = new Selected.Nothing();
  private String filter = "";
  private boolean paused;
  private volatile boolean disposed;

  WindowScope(Display display) {
    this.display = display;
  }

  @Override
  public Optional<ClusterSession> session() {
    return session;
  }

  @Override
  public void show(Optional<ClusterSession> next) {
    if (session.equals(next)) {
      return;
    }
    session.ifPresent(s -> s.removeListener(fromSession));
    session = next;
    waiting.set(0);
    selected = new Selected.Nothing();
    session.ifPresent(s -> s.addListener(fromSession));
    tell(Topic.SESSION);
    tell(Topic.SELECTION);
    countDown();
  }

  @Override
  public Selected selected() {
    return selected;
  }

  @Override
  public void select(Selected next) {
    if (!selected.equals(next)) {
      selected = next;
      tell(Topic.SELECTION);
    }
  }

  @Override
  public String filter() {
    return filter;
  }

  @Override
  public void filter(String text) {
    if (!filter.equals(text)) {
      filter = text;
      tell(Topic.FILTER);
    }
  }

  @Override
  public boolean paused() {
    return paused;
  }

  @Override
  public void pause(boolean next) {
    if (paused == next) {
      return;
    }
    paused = next;
    tell(Topic.PAUSE);
    if (!paused && waiting.get() != 0) {
      deliver();
    }
  }

  @Override
  public void addListener(Listener listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(Listener listener) {
    listeners.remove(listener);
  }

  void dispose() {
    disposed = true;
    session.ifPresent(s -> s.removeListener(fromSession));
    listeners.clear();
  }

  /** On any thread. */
  private void changedInSession(ClusterSession.Topic topic) {
    int bit = 1 << Topic.valueOf(topic.name()).ordinal();
    waiting.getAndUpdate(bits -> bits | bit);
    if (!disposed && !display.isDisposed() && timerRuns.compareAndSet(false, true)) {
      display.asyncExec(() -> display.timerExec(FRAME_MILLIS, this::deliver));
    }
  }

  private void deliver() {
    timerRuns.set(false);
    if (disposed) {
      return;
    }
    int held = paused ? heldBits() : 0;
    int now = waiting.getAndUpdate(bits -> bits & held) & ~held;
    for (Topic topic : Topic.values()) {
      if ((now & 1 << topic.ordinal()) != 0) {
        tell(topic);
      }
    }
    if ((now & 1 << Topic.LINK.ordinal()) != 0) {
      countDown();
    }
  }

  /** While disconnected the views say when it is tried again: once a second they are told anew. */
  private void countDown() {
    boolean down = session.map(s -> s.link() instanceof Link.Disconnected).orElse(false);
    display.timerExec(down ? COUNTDOWN_MILLIS : -1, countDown);
  }

  private void second() {
    if (!disposed) {
      tell(Topic.LINK);
      countDown();
    }
  }

  private static int heldBits() {
    return HELD_IN_PAUSE.stream().mapToInt(t -> 1 << t.ordinal()).sum();
  }

  private void tell(Topic topic) {
    listeners.forEach(l -> l.changed(topic));
  }
}
