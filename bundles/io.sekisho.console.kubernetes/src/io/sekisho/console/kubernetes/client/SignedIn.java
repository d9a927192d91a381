package io.sekisho.console.kubernetes.client;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.AuthProviderConfig;
import io.fabric8.kubernetes.api.model.Cluster;
import io.sekisho.console.core.ConsoleException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What comes of signing in by what a kubeconfig does not hold: tokens that change, or a plugin's
 * certificate. Certificates, passwords and tokens that stand there are fabric8's.
 *
 * @param ends when the certificate ends, and signing in must be done anew
 */
record SignedIn(
    Optional<Tokens> tokens, Optional<Plugin.Credential> certificate, Optional<Instant> ends) {
  /** Nothing but what the kubeconfig holds. */
  static final SignedIn BY_FILE =
      new SignedIn(Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * Signs in: runs the plugin, renews the token that has ended. Blocks.
   *
   * @param name the user's, in the kubeconfig
   * @param file that has the user
   * @param how plugin or issuer are asked
   * @throws ConsoleException with why it can't be done
   */
  static SignedIn as(String name, AuthInfo user, Path file, Optional<Cluster> cluster, SignIn how) {
    if (given(user.getToken())) {
      return BY_FILE;
    }
    if (given(user.getTokenFile())) {
      return by(new TokenFile(file.resolveSibling(user.getTokenFile())));
    }
    AuthProviderConfig provider = user.getAuthProvider();
    if (provider != null && "oidc".equals(provider.getName())) {
      Map<String, String> config = Optional.ofNullable(provider.getConfig()).orElse(Map.of());
      return by(new OidcTokens(new SavedTokens(file, name), config, Clock.systemUTC(), how));
    }
    if (provider == null && user.getExec() != null) {
      Plugin plugin = new Plugin(user.getExec(), file, cluster);
      return byPlugin(() -> how.attempt(user.getExec(), plugin::run));
    }
    return BY_FILE;
  }

  private static SignedIn by(Tokens tokens) {
    tokens.token();
    return new SignedIn(Optional.of(tokens), Optional.empty(), Optional.empty());
  }

  private static SignedIn byPlugin(Supplier<Plugin.Credential> plugin) {
    Plugin.Credential given = plugin.get();
    boolean certificate = !given.certificate().isEmpty();
    return new SignedIn(
        given.token().isEmpty()
            ? Optional.empty()
            : Optional.of(new PluginTokens(plugin, given, Clock.systemUTC())),
        certificate ? Optional.of(given) : Optional.empty(),
        certificate ? given.ends() : Optional.empty());
  }

  private static boolean given(String text) {
    return text != null && !text.isEmpty();
  }
}
