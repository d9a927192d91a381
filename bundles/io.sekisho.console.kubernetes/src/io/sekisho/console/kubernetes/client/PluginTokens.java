package io.sekisho.console.kubernetes.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tokens of a plugin: it is run again when one ends, or was refused. Where what it gives is refused
 * again and again, it rests: 10 s, twice as long each time, 5 min at most.
 */
final class PluginTokens implements Tokens {
  /** A token that ends while a call is under way is of no use. */
  private static final long BEFORE_END_SECONDS = 10;

  private final Supplier<Plugin.Credential> plugin;
  private final InstantSource clock;
  private Plugin.Credential now;
  private Duration rest = Rests.FIRST;
  private Instant until = Instant.MIN;

  /**
   * Runs nothing yet.
   *
   * @param plugin runs it
   * @param first what it gave already
   */
  PluginTokens(Supplier<Plugin.Credential> plugin, Plugin.Credential first, InstantSource clock) {
    this.plugin = plugin;
    this.clock = clock;
    now = first;
  }

  @Override
  public synchronized String token() {
    Instant soon = clock.instant().plusSeconds(BEFORE_END_SECONDS);
    if (now.ends().filter(end -> !end.isAfter(soon)).isPresent()) {
      now = plugin.get();
    }
    return now.token();
  }

  /** Whether it may be run for a token that was refused; if so, the next rest begins. */
  private boolean rested() {
    Instant at = clock.instant();
    if (at.isBefore(until)) {
      return false;
    }
    boolean again = until.isAfter(Instant.MIN) && at.isBefore(until.plus(Rests.LONGEST));
    rest = again ? Rests.longer(rest) : Rests.FIRST;
    until = at.plus(rest);
    return true;
  }

  @Override
  public synchronized Optional<String> instead(String refused) {
    if (refused.equals(now.token()) && rested()) {
      now = plugin.get();
    }
    return Optional.of(now.token()).filter(t -> !t.equals(refused));
  }
}
