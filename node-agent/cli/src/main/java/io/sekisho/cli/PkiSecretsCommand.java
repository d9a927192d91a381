package io.sekisho.cli;

import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.install.CertificateSecrets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes the certificates of a cluster that lives in Kubernetes. */
@Command(
    name = "secrets",
    mixinStandardHelpOptions = true,
    description = {
      "Make a Kubernetes cluster's certificates as secrets: authority, agents, administrator.",
      "What is there and lasts stays. For the job of the installation."
    })
final class PkiSecretsCommand implements Runnable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int PER_SECOND = 20;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "How to reach the cluster; inside of a pod its service account is used.")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      defaultValue = "sekisho-system",
      description = "Where the secrets are; ${DEFAULT-VALUE} unless given.")
  private String namespace;

  @Option(
      names = "--server-name",
      paramLabel = "NAME",
      required = true,
      description = "What the agents' certificate names.")
  private String serverName;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    Logs.configure();
    var settings = new ApiServer.Settings(Optional.ofNullable(kubeconfig), TIMEOUT, PER_SECOND);
    var out = spec.commandLine().getOut();
    try (ApiServer api = ApiServer.open(settings, Clock.systemUTC())) {
      new CertificateSecrets(api, namespace, serverName, Clock.systemUTC(), out::println).make();
    } catch (IOException e) {
      throw new CliException(CliException.Code.REFUSED, "no secrets made: " + e.getMessage(), e);
    } finally {
      out.flush();
    }
  }
}
