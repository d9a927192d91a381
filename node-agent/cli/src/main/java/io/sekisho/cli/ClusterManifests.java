package io.sekisho.cli;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.agent.apiserver.Administration;
import io.sekisho.agent.install.ManifestChange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say what is installed: our manifests, or the chart as somebody rendered it. */
final class ClusterManifests {
  /** Names in this order, the renderings of the chart's templates; resources of this program. */
  private static final List<String> OURS =
      List.of(
          "namespace.yaml",
          "store-crds.yaml",
          "policy-crds.yaml",
          "rbac.yaml",
          "own-node.yaml",
          "config.yaml",
          "certificates.yaml",
          "agent.yaml");

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description =
          "The chart as `helm template` rendered it, instead of our own; may be repeated.")
  private List<Path> files = new ArrayList<>();

  @Option(names = "--image", paramLabel = "NAME", description = "Another image of the agent.")
  private @Nullable String image;

  @Option(
      names = "--api-server",
      paramLabel = "HOST:PORT",
      description = "Where agents reach the API server without kube-proxy.")
  private @Nullable String apiServer;

  @Option(
      names = "--agent-config",
      paramLabel = "FILE",
      description = "The agents' whole configuration, instead of the manifest's.")
  private @Nullable Path config;

  /** The objects, changed as the options say. */
  List<GenericKubernetesResource> read() {
    var objects = new ArrayList<GenericKubernetesResource>();
    if (files.isEmpty()) {
      OURS.forEach(name -> objects.addAll(Administration.parse(resource(name))));
    } else {
      files.forEach(file -> objects.addAll(Administration.parse(text(file))));
    }
    var change = new ManifestChange(objects);
    if (image != null) {
      change.image(image);
    }
    if (apiServer != null) {
      apiServer(change, apiServer);
    }
    if (config != null) {
      change.configuration(text(config));
    }
    return change.objects();
  }

  private static void apiServer(ManifestChange change, String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new CliException(
          CliException.Code.USAGE, "--api-server is '" + text + "', not like 192.0.2.1:6443");
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    change.apiServer(
        bracketed ? host.substring(1, host.length() - 1) : host, text.substring(colon + 1));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new CliException(CliException.Code.USAGE, file + " cannot be read", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = ClusterManifests.class.getResourceAsStream("/manifests/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the build left out manifests/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("manifests/" + name + " cannot be read", e);
    }
  }
}
