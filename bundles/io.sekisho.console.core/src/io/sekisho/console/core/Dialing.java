package io.sekisho.console.core;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * How a session gets to some agent: finds routes, tries one after the other, and when all failed
 * finds them anew after 1, 2, 4 … 30 s. Belongs to the session's loop, which calls it and is told;
 * what may take long is done on threads of its own.
 */
final class Dialing {
  private static final long LONGEST_WAIT_SECONDS = 30;

  /** What the session hears, on its loop. */
  interface Events {
    /** How it stands. */
    void link(Link next);

    /** What our certificate lets us do, as just read. */
    void role(Role role);

    /** A channel to try; the session says {@link #connected} or {@link #failed} of it. */
    void made(String agent, ManagedChannel channel);
  }

  private final String cluster;
  private final AgentRoutes routes;
  private final ScheduledExecutorService loop;
  private final Clock clock;
  private final Events events;
  private volatile boolean closed;
  private List<AgentRoutes.Route> ways = List.of();
  private Optional<ScheduledFuture<?>> next = Optional.empty();
  private boolean busy;
  private boolean down;
  private long downSinceMillis;
  private int address;
  private int failures;
  private String firstFailure = "";

  Dialing(
      String cluster,
      AgentRoutes routes,
      ScheduledExecutorService loop,
      Clock clock,
      Events events) {
    this.cluster = cluster;
    this.routes = routes;
    this.loop = loop;
    this.clock = clock;
    this.events = events;
  }

  /** Begins. */
  void connect() {
    if (closed || busy) {
      return;
    }
    if (downSinceMillis == 0) {
      downSinceMillis = clock.millis();
    }
    if (failures == 0 && !down) {
      events.link(new Link.Connecting());
    }
    if (ways.isEmpty()) {
      find();
    } else {
      open(ways.get(address % ways.size()));
    }
  }

  private void find() {
    busy = true;
    Thread.ofVirtual()
        .name("routes " + cluster)
        .start(
            () -> {
              try {
                AgentRoutes.Found found = routes.find();
                loop.execute(() -> found(found));
              } catch (RuntimeException | LinkageError e) {
                loop.execute(() -> notFound(e));
              }
            });
  }

  private void found(AgentRoutes.Found found) {
    busy = false;
    if (found.routes().isEmpty()) {
      failures++;
      retryLater("the profile names no agent.");
      return;
    }
    ways = found.routes();
    events.role(found.role());
    connect();
  }

  private void notFound(Throwable why) {
    busy = false;
    failures++;
    if (why instanceof ConsoleException e && e.code() == ConsoleException.Code.REFUSED) {
      refused(e.getMessage());
    } else {
      retryLater(sentence(why));
    }
  }

  /** Whatever goes wrong is told: else nobody would try again. */
  private void open(AgentRoutes.Route way) {
    busy = true;
    Thread.ofVirtual()
        .name("route to " + way.agent())
        .start(
            () -> {
              try {
                ManagedChannel made = way.open();
                loop.execute(() -> opened(way, made));
                if (closed) {
                  made.shutdownNow(); // the loop may be over
                }
              } catch (RuntimeException | LinkageError e) {
                loop.execute(() -> noWay(e));
              }
            });
  }

  private void opened(AgentRoutes.Route way, ManagedChannel made) {
    busy = false;
    if (closed) {
      made.shutdownNow();
    } else {
      events.made(way.agent(), made);
    }
  }

  private void noWay(Throwable why) {
    busy = false;
    nextWay(sentence(why));
  }

  private static String sentence(Throwable why) {
    return why.getMessage() == null ? why.toString() : why.getMessage();
  }

  /** The agent answers. */
  void connected(String agent) {
    failures = 0;
    downSinceMillis = 0;
    down = false;
    events.link(new Link.Connected(agent));
  }

  /**
   * The agent does not answer, or no longer does.
   *
   * @param wasUp whether it did
   */
  void failed(String agent, Throwable why, boolean wasUp) {
    String sentence = Failures.connecting(agent, why);
    Status.Code code = Status.fromThrowable(why).getCode();
    if (code == Status.Code.PERMISSION_DENIED || code == Status.Code.UNAUTHENTICATED) {
      address++;
      refused(sentence);
    } else if (wasUp) {
      address++;
      ways = List.of();
      downSinceMillis = clock.millis();
      failures = 0;
      firstFailure = sentence;
      disconnected(sentence, 0);
      loop.execute(this::connect);
    } else {
      nextWay(trouble().orElse(sentence));
    }
  }

  private Optional<String> trouble() {
    return ways.isEmpty() ? Optional.empty() : ways.get(address % ways.size()).trouble();
  }

  /** This one failed: the next one at once, or after a wait all of them again. */
  private void nextWay(String sentence) {
    int all = Math.max(1, ways.size());
    address++;
    failures++;
    firstFailure = failures == 1 ? sentence : firstFailure;
    if (failures % all == 0) {
      retryLater(all == 1 ? sentence : firstFailure);
      ways = List.of();
    } else {
      loop.execute(this::connect);
    }
  }

  private void retryLater(String sentence) {
    int rounds = failures / Math.max(1, ways.size());
    long wait = Math.min(LONGEST_WAIT_SECONDS, 1L << Math.clamp(rounds - 1, 0, 5));
    disconnected(sentence, wait);
    later(wait);
  }

  private void refused(String sentence) {
    ways = List.of();
    down = false;
    events.link(new Link.Refused(sentence));
    later(LONGEST_WAIT_SECONDS);
  }

  private void disconnected(String sentence, long waitSeconds) {
    down = true;
    events.link(
        new Link.Disconnected(sentence, downSinceMillis, clock.millis() + waitSeconds * 1000));
  }

  private void later(long seconds) {
    next = Optional.of(loop.schedule(this::connect, seconds, TimeUnit.SECONDS));
  }

  /** At once in place of when the wait is over; nothing while no wait is under way. */
  void retry() {
    if (next.filter(n -> n.cancel(false)).isPresent()) {
      next = Optional.empty();
      connect();
    }
  }

  /** No more; routes stay open for who has them. */
  void close() {
    closed = true;
    next.ifPresent(n -> n.cancel(false));
  }
}
