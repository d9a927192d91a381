package io.sekisho.console.kubernetes.client;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Tokens of a plugin: it is run again when one ends, or was refused. */
final class PluginTokens implements Tokens {
  /** A token that ends while a call is under way is of no use. */
  private static final long BEFORE_END_SECONDS = 10;

  private final Supplier<Plugin.Credential> plugin;
  private final Clock clock;
  private Plugin.Credential now;

  /**
   * Runs nothing yet.
   *
   * @param plugin runs it
   * @param first what it gave already
   */
  PluginTokens(Supplier<Plugin.Credential> plugin, Plugin.Credential first, Clock clock) {
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

  @Override
  public synchronized Optional<String> instead(String refused) {
    if (refused.equals(now.token())) {
      now = plugin.get();
    }
    return Optional.of(now.token()).filter(t -> !t.equals(refused));
  }
}
