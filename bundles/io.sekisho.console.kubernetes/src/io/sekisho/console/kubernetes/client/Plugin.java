package io.sekisho.console.kubernetes.client;

import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.ConsoleException.Code;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The program that a kubeconfig names for signing in; it prints a credential. It is run as it is
 * written, without a shell, and what it prints is never shown: there are secrets in it.
 */
final class Plugin {
  /** It may open a browser and wait for somebody. */
  private static final long PATIENCE_SECONDS = 120;

  private static final int MOST_BYTES = 1 << 20;
  private static final int LONGEST_WORDS = 300;
  private static final String KIND = "ExecCredential";

  private final ExecConfig exec;
  private final List<String> words;
  private final Map<String, Object> cluster;

  /**
   * What a plugin gave.
   *
   * @param token empty for none
   * @param certificate PEM, empty for none
   * @param key its private key, PEM
   * @param ends when it ends, as far as the plugin says
   */
  record Credential(String token, String certificate, String key, Optional<Instant> ends) {
    @Override
    public String toString() {
      return KIND; // no secrets
    }
  }

  /**
   * Nothing is run yet.
   *
   * @param kubeconfig the file that names it; a relative command is relative to that
   */
  Plugin(ExecConfig exec, Path kubeconfig, Optional<Cluster> cluster) {
    this.exec = exec;
    this.words = new ArrayList<>();
    String command = text(exec.getCommand());
    boolean path = command.contains("/") || command.contains(File.separator);
    boolean relative = path && !Path.of(command).isAbsolute();
    words.add(relative ? kubeconfig.resolveSibling(command).normalize().toString() : command);
    words.addAll(Optional.ofNullable(exec.getArgs()).orElse(List.of()));
    boolean told = Boolean.TRUE.equals(exec.getProvideClusterInfo());
    this.cluster = cluster.filter(c -> told).map(Plugin::about).orElse(Map.of());
  }

  private static Map<String, Object> about(Cluster cluster) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("server", text(cluster.getServer()));
    Optional.ofNullable(cluster.getCertificateAuthorityData())
        .ifPresent(data -> out.put("certificate-authority-data", data));
    Optional.ofNullable(cluster.getTlsServerName())
        .ifPresent(name -> out.put("tls-server-name", name));
    Optional.ofNullable(cluster.getInsecureSkipTlsVerify())
        .ifPresent(skip -> out.put("insecure-skip-tls-verify", skip));
    return out;
  }

  /**
   * Runs it; blocks, and ends it when the thread is interrupted.
   *
   * @throws ConsoleException with why there is no credential
   */
  Credential run() {
    if ("Always".equals(exec.getInteractiveMode())) {
      throw bad(" asks questions on a terminal, and there is none here.", null);
    }
    Process process = start();
    try {
      process.getOutputStream().close();
      CompletableFuture<String> output = all(process.getInputStream());
      CompletableFuture<String> errors = all(process.getErrorStream());
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw bad(" did not end within " + PATIENCE_SECONDS + " s.", null);
      }
      if (process.exitValue() != 0) {
        String said = lastLine(errors.get(1, TimeUnit.SECONDS));
        String why = said.isEmpty() ? "." : ": " + said;
        throw bad(" failed with status " + process.exitValue() + why, null);
      }
      return read(output.get(1, TimeUnit.SECONDS));
    } catch (IOException | ExecutionException | TimeoutException e) {
      throw bad(" can't be listened to: " + e.getMessage() + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConsoleException(Code.CANCELLED, "Signing in was cancelled.", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start() {
    ProcessBuilder builder = new ProcessBuilder(words);
    Optional.ofNullable(exec.getEnv())
        .orElse(List.of())
        .forEach(e -> builder.environment().put(e.getName(), text(e.getValue())));
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("interactive", false);
    if (!cluster.isEmpty()) {
      spec.put("cluster", cluster);
    }
    builder
        .environment()
        .put(
            "KUBERNETES_EXEC_INFO",
            Serialization.asJson(
                Map.of("apiVersion", text(exec.getApiVersion()), "kind", KIND, "spec", spec)));
    try {
      return builder.start();
    } catch (IOException e) {
      String hint = cut(text(exec.getInstallHint()).strip());
      throw bad(" can't be run; is it installed?" + (hint.isEmpty() ? "" : " " + hint), e);
    }
  }

  private static CompletableFuture<String> all(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (stream) {
            return new String(stream.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
          } catch (IOException e) {
            return ""; // it was ended
          }
        },
        Thread::startVirtualThread);
  }

  private Credential read(String output) {
    Map<?, ?> all;
    try {
      all =
          Optional.<Map<?, ?>>ofNullable(Serialization.unmarshal(output, Map.class))
              .orElse(Map.of());
    } catch (RuntimeException e) {
      throw bad(" printed no " + KIND + ".", null); // the cause would quote what it printed
    }
    if (!KIND.equals(Tree.text(all, "kind"))) {
      throw bad(" printed no " + KIND + ".", null);
    }
    String version = Tree.text(all, "apiVersion");
    if (!version.equals(text(exec.getApiVersion()))) {
      throw bad(" speaks " + version + ", the kubeconfig " + exec.getApiVersion() + ".", null);
    }
    Map<?, ?> status = Tree.map(all, "status");
    Credential given =
        new Credential(
            Tree.text(status, "token"),
            Tree.text(status, "clientCertificateData"),
            Tree.text(status, "clientKeyData"),
            time(Tree.text(status, "expirationTimestamp")));
    if (given.token().isEmpty() && (given.certificate().isEmpty() || given.key().isEmpty())) {
      throw bad(" gave neither a token nor a certificate with its key.", null);
    }
    return given;
  }

  private Optional<Instant> time(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      throw bad(" gave an expirationTimestamp that is no time.", null);
    }
  }

  private ConsoleException bad(String what, Throwable cause) {
    return new ConsoleException(
        Code.BAD_PROFILE, "The plugin " + text(exec.getCommand()) + what, cause);
  }

  private static String lastLine(String text) {
    List<String> lines = text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    return lines.isEmpty() ? "" : cut(lines.getLast());
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_WORDS ? text : text.substring(0, LONGEST_WORDS) + "…";
  }

  private static String text(String text) {
    return text == null ? "" : text;
  }
}
