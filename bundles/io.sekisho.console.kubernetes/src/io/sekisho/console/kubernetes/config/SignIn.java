package io.sekisho.console.kubernetes.config;

import io.fabric8.kubernetes.api.model.AuthInfo;
import java.util.Locale;
import java.util.Map;

/**
 * How a user of a kubeconfig proves who they are.
 *
 * @param how the way
 * @param detail the plugin's command or the issuer; empty for the others
 */
public record SignIn(How how, String detail) {
  /** The ways. */
  public enum How {
    CERTIFICATE,
    TOKEN,
    TOKEN_FILE,
    PLUGIN,
    OIDC,
    PASSWORD,
    /** Not at all. */
    NONE
  }

  /** The way that fabric8 takes first of those that are given; no secret is read. */
  static SignIn of(AuthInfo user) {
    if (given(user.getToken())) {
      return new SignIn(How.TOKEN, "");
    }
    if (given(user.getTokenFile())) {
      return new SignIn(How.TOKEN_FILE, user.getTokenFile());
    }
    if (user.getAuthProvider() != null) {
      Map<String, String> config = user.getAuthProvider().getConfig();
      String issuer = config == null ? "" : config.getOrDefault("idp-issuer-url", "");
      return new SignIn(How.OIDC, issuer);
    }
    if (user.getExec() != null) {
      return new SignIn(How.PLUGIN, String.valueOf(user.getExec().getCommand()));
    }
    if (given(user.getClientCertificate()) || given(user.getClientCertificateData())) {
      return new SignIn(How.CERTIFICATE, "");
    }
    return new SignIn(given(user.getUsername()) ? How.PASSWORD : How.NONE, "");
  }

  private static boolean given(String text) {
    return text != null && !text.isEmpty();
  }

  /** In words: {@code plugin aws}. */
  public String words() {
    String word =
        switch (how) {
          case CERTIFICATE -> "client certificate";
          case TOKEN -> "token";
          case TOKEN_FILE -> "token file";
          case PLUGIN -> "plugin";
          case OIDC -> "OIDC";
          case PASSWORD -> "password";
          case NONE -> "nothing";
        };
    return detail.isEmpty() ? word : word + " " + detail;
  }

  @Override
  public String toString() {
    return how.name().toLowerCase(Locale.ROOT);
  }
}
