package io.sekisho.agent.apiserver;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import io.sekisho.agent.apiserver.ApiException.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the API server is and who we are to it, by files that others renew: a kubeconfig with what
 * it names, or the service account's folder. A token file is read for every request; for the rest
 * {@link #changed} tells when a new connection is worth a try.
 */
final class Credentials {
  private static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private final Supplier<Config> reader;
  private final Optional<Path> kubeconfig;
  private final String source;
  private volatile List<Stamp> stamps = List.of();
  private volatile Optional<Config> used = Optional.empty();

  /** A file as it was when it was read. */
  private record Stamp(Path file, String state) {
    static Stamp of(Path file) {
      try {
        return new Stamp(file, Files.getLastModifiedTime(file) + "/" + Files.size(file));
      } catch (IOException e) {
        return new Stamp(file, "not there");
      }
    }
  }

  private Credentials(Supplier<Config> reader, Optional<Path> kubeconfig, String source) {
    this.reader = reader;
    this.kubeconfig = kubeconfig;
    this.source = source;
  }

  /** Those of a kubeconfig, or inside of a pod those of its service account. */
  static Credentials of(Optional<Path> kubeconfig) {
    return kubeconfig
        .map(file -> of(() -> fromFile(file), kubeconfig))
        .orElseGet(() -> ofPod(SERVICE_ACCOUNT, System.getenv()));
  }

  /** As somebody else reads them. */
  static Credentials of(Supplier<Config> reader, Optional<Path> kubeconfig) {
    return new Credentials(
        reader, kubeconfig, kubeconfig.map(Path::toString).orElse("the kubeconfig"));
  }

  /** Those of a pod by the folder of its service account and its variables. */
  static Credentials ofPod(Path folder, Map<String, String> environment) {
    return new Credentials(
        () -> inPod(folder, environment), Optional.empty(), folder.resolve("token").toString());
  }

  /**
   * As the files are now.
   *
   * @throws ApiException with INVALID if they cannot be used
   */
  Config read() {
    Config config = reader.get();
    stamps = files(config).map(Stamp::of).toList();
    used = Optional.of(config);
    return config;
  }

  /** Whether a file differs from what was read last. */
  boolean changed() {
    return stamps.stream().anyMatch(s -> !Stamp.of(s.file()).equals(s));
  }

  private static Config fromFile(Path file) {
    if (!Files.isReadable(file)) {
      throw new ApiException(Code.INVALID, "the kubeconfig " + file + " cannot be read");
    }
    Config config = Config.fromKubeconfig(file.toFile());
    tokenFile(file, config).ifPresent(token -> config.setOauthTokenProvider(() -> text(token)));
    return config;
  }

  /** The user's {@code tokenFile}, which the client library leaves alone. */
  private static Optional<Path> tokenFile(Path kubeconfig, Config config) {
    if (config.getCurrentContext() == null) {
      return Optional.empty();
    }
    String user = config.getCurrentContext().getContext().getUser();
    return KubeConfigUtils.parseConfig(kubeconfig.toFile()).getUsers().stream()
        .filter(u -> u.getName().equals(user))
        .map(u -> Optional.ofNullable(u.getUser().getTokenFile()).orElse(""))
        .filter(name -> !name.isEmpty())
        .map(kubeconfig::resolveSibling)
        .findFirst();
  }

  private static Config inPod(Path folder, Map<String, String> environment) {
    String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
    Path token = folder.resolve("token");
    if (host.isEmpty() || !Files.isReadable(token)) {
      throw new ApiException(
          Code.INVALID,
          "there is no API server: kubernetes.kubeconfig is not set, and this is no pod with a"
              + " service account (KUBERNETES_SERVICE_HOST, "
              + token
              + ")");
    }
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    return new ConfigBuilder(Config.empty())
        .withMasterUrl("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port)
        .withCaCertFile(folder.resolve("ca.crt").toString())
        .withOauthTokenProvider(() -> text(token))
        .build();
  }

  private static String text(Path token) {
    try {
      return Files.readString(token).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private Stream<Path> files(Config config) {
    var out = new ArrayList<Path>(kubeconfig.stream().toList());
    for (@Nullable String name :
        new String[] {
          config.getCaCertFile(), config.getClientCertFile(), config.getClientKeyFile()
        }) {
      if (name != null && !name.isEmpty()) {
        out.add(Path.of(name));
      }
    }
    return out.stream();
  }

  /** What may be wrong with them, as the end of a sentence: an end in time that has passed. */
  String doubt(Instant now) {
    Optional<X509Certificate> certificate = used.flatMap(Credentials::certificate);
    if (certificate.isEmpty()) {
      return "; is the token of " + source + " renewed, and is its account still there?";
    }
    Instant end = certificate.get().getNotAfter().toInstant();
    return now.isAfter(end)
        ? "; the client certificate of " + source + " ended " + end
        : "; does the API server know the authority of " + source + "'s client certificate?";
  }

  private static Optional<X509Certificate> certificate(Config config) {
    try {
      String data = config.getClientCertData();
      String file = config.getClientCertFile();
      if (data == null && file == null) {
        return Optional.empty();
      }
      byte[] pem =
          data != null ? Base64.getMimeDecoder().decode(data) : Files.readAllBytes(Path.of(file));
      return Optional.of(
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(pem)));
    } catch (IOException | CertificateException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
