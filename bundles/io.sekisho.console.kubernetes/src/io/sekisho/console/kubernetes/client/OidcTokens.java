package io.sekisho.console.kubernetes.client;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.ConsoleException.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.core.runtime.ILog;
import org.eclipse.core.runtime.Platform;

/**
 * Id tokens of OpenID Connect: renewed by the issuer when they end. The kubeconfig is looked at
 * first, for kubectl may have renewed there meanwhile; then what is new is written there.
 */
final class OidcTokens implements Tokens {
  /** A token that ends while a call is under way is of no use. */
  private static final long BEFORE_END_SECONDS = 10;

  private final SavedTokens saved;
  private final Clock clock;
  private final SignIn how;
  private Map<String, String> config;

  /** What the file says while our newer tokens could not be written: its refresh token is spent. */
  private Optional<Map<String, String>> spent = Optional.empty();

  /**
   * Asks nothing yet.
   *
   * @param config of the kubeconfig's auth provider
   * @param how the issuer is asked
   */
  OidcTokens(SavedTokens saved, Map<String, String> config, Clock clock, SignIn how) {
    this.saved = saved;
    this.config = Map.copyOf(config);
    this.clock = clock;
    this.how = how;
  }

  @Override
  public synchronized String token() {
    if (!lasts(id(config))) {
      renew();
    }
    return id(config);
  }

  @Override
  public synchronized Optional<String> instead(String refused) {
    if (refused.equals(id(config)) && !refresh(config).isEmpty()) {
      renew();
    }
    return Optional.of(id(config)).filter(t -> !t.equals(refused));
  }

  private static String id(Map<String, String> config) {
    return config.getOrDefault(SavedTokens.ID, "");
  }

  private static String refresh(Map<String, String> config) {
    return config.getOrDefault(SavedTokens.REFRESH, "");
  }

  private void renew() {
    Map<String, String> now = onDisk();
    if (!id(now).equals(id(config)) && lasts(id(now))) {
      config = now;
      return;
    }
    if (refresh(now).isEmpty()) {
      throw new ConsoleException(
          Code.REFUSED,
          "The id token of "
              + saved.user()
              + " has ended, and the kubeconfig has no refresh token; sign in again with the"
              + " issuer's own program.",
          null);
    }
    Issuer.Given given =
        how.attempt(
            now,
            () -> new Issuer(now, saved.file().toAbsolutePath().getParent()).refresh(refresh(now)));
    Map<String, String> next = new HashMap<>(now);
    next.put(SavedTokens.ID, given.idToken());
    next.put(SavedTokens.REFRESH, given.refreshToken());
    config = Map.copyOf(next);
    save(given);
    if (!lasts(given.idToken())) {
      throw new ConsoleException(
          Code.REFUSED,
          "The issuer gave an id token that has ended already; is the clock of this machine right?",
          null);
    }
  }

  /** Without the file, what was read last counts; also where ours could not be written there. */
  private Map<String, String> onDisk() {
    return written().filter(now -> spent.filter(now::equals).isEmpty()).orElse(config);
  }

  /** What the file says, if it can be read and says anything. */
  private Optional<Map<String, String>> written() {
    try {
      return Optional.of(Map.copyOf(saved.read())).filter(now -> !now.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void save(Issuer.Given given) {
    try {
      saved.write(given.idToken(), given.refreshToken());
      spent = Optional.empty();
    } catch (IOException e) {
      spent = written();
      // we go on with them; others will have to sign in again
      if (Platform.isRunning()) {
        ILog.of(OidcTokens.class)
            .warn("New tokens of " + saved.user() + " were not written: " + e.getMessage());
      }
    }
  }

  /** Whether it is a token that does not end soon; its signature is for the API server to judge. */
  private boolean lasts(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return false;
    }
    try {
      String payload = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
      Map<?, ?> claims = Serialization.unmarshal(payload, Map.class);
      return claims.get("exp") instanceof Number exp
          && clock
              .instant()
              .plusSeconds(BEFORE_END_SECONDS)
              .isBefore(Instant.ofEpochSecond(exp.longValue()));
    } catch (RuntimeException e) {
      return false;
    }
  }
}
