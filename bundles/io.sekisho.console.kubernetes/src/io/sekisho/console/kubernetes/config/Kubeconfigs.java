package io.sekisho.console.kubernetes.config;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.Context;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Kubeconfig files, merged as kubectl does: of things with one name the first counts, relative
 * paths are relative to their own file. A file that can't be read takes nothing from the others.
 */
public final class Kubeconfigs {
  private static final SignIn NOBODY = new SignIn(SignIn.How.NONE, "");

  private final List<KubeconfigFile> files;

  private Kubeconfigs(List<KubeconfigFile> files) {
    this.files = List.copyOf(files);
  }

  /**
   * The files that kubectl reads: those of {@code KUBECONFIG}, else {@code ~/.kube/config}.
   *
   * @param variable value of {@code KUBECONFIG}, empty for none
   */
  public static List<Path> usual(String variable, Path home) {
    List<Path> listed =
        Arrays.stream(variable.split(File.pathSeparator))
            .filter(name -> !name.isBlank())
            .map(Path::of)
            .distinct()
            .toList();
    return listed.isEmpty() ? List.of(home.resolve(".kube").resolve("config")) : listed;
  }

  /** Reads files; those with trouble are told by {@link #broken}. */
  public static Kubeconfigs read(List<Path> paths) {
    return new Kubeconfigs(paths.stream().map(KubeconfigFile::read).toList());
  }

  /** The namespace that a context is about, if there is such a context. */
  public static Optional<String> namespace(KubernetesContext context) {
    return read(context.files()).contexts().stream()
        .filter(c -> c.name().equals(context.context()))
        .map(c -> c.namespace().isEmpty() ? "default" : c.namespace())
        .findFirst();
  }

  /** The files that can't be read, with the reason. */
  public Map<Path, String> broken() {
    Map<Path, String> out = new LinkedHashMap<>();
    files.forEach(f -> f.problem().ifPresent(problem -> out.put(f.path(), problem)));
    return out;
  }

  /** What could be read, in the order of the files; for fabric8. */
  public List<Config> configs() {
    return files.stream().flatMap(f -> f.config().stream()).toList();
  }

  /** Every context, in the order of the files. */
  public List<KubeContext> contexts() {
    String current =
        configs().stream()
            .map(Config::getCurrentContext)
            .filter(c -> c != null && !c.isEmpty())
            .findFirst()
            .orElse("");
    Map<String, KubeContext> out = new LinkedHashMap<>();
    for (KubeconfigFile file : files) {
      for (NamedContext named : file.config().map(Config::getContexts).orElse(List.of())) {
        if (named.getName() != null) {
          out.computeIfAbsent(named.getName(), n -> context(file.path(), named, n.equals(current)));
        }
      }
    }
    return new ArrayList<>(out.values());
  }

  private KubeContext context(Path file, NamedContext named, boolean current) {
    Context context = Optional.ofNullable(named.getContext()).orElseGet(Context::new);
    String cluster = text(context.getCluster());
    String user = text(context.getUser());
    Optional<Cluster> where = cluster(cluster);
    Optional<AuthInfo> who = user(user);
    String server = where.map(Cluster::getServer).map(Kubeconfigs::text).orElse("");
    return new KubeContext(
        named.getName(),
        cluster,
        server,
        user,
        who.map(SignIn::of).orElse(NOBODY),
        text(context.getNamespace()),
        problem(cluster, where, server, user, who),
        file,
        current);
  }

  private static String problem(
      String cluster, Optional<Cluster> where, String server, String user, Optional<AuthInfo> who) {
    if (cluster.isEmpty()) {
      return "The context names no cluster.";
    }
    if (where.isEmpty()) {
      return "No file has the cluster " + cluster + ".";
    }
    if (server.isEmpty()) {
      return "The cluster " + cluster + " has no server.";
    }
    if (!server.startsWith("https://") && !server.startsWith("http://")) {
      return "The cluster's server is no URL: " + server + ".";
    }
    return !user.isEmpty() && who.isEmpty() ? "No file has the user " + user + "." : "";
  }

  /** The cluster of a name. */
  public Optional<Cluster> cluster(String name) {
    return configs().stream()
        .map(Config::getClusters)
        .filter(all -> all != null)
        .flatMap(List::stream)
        .filter(c -> name.equals(c.getName()))
        .findFirst()
        .map(NamedCluster::getCluster);
  }

  /** The user of a name. */
  public Optional<AuthInfo> user(String name) {
    return configs().stream()
        .map(Config::getUsers)
        .filter(all -> all != null)
        .flatMap(List::stream)
        .filter(u -> name.equals(u.getName()))
        .findFirst()
        .map(NamedAuthInfo::getUser);
  }

  /** The file that has the user of a name; paths there are relative to it. */
  public Optional<Path> userFile(String name) {
    return files.stream()
        .filter(f -> f.config().map(Config::getUsers).map(u -> named(u, name)).orElse(false))
        .findFirst()
        .map(KubeconfigFile::path);
  }

  private static boolean named(List<NamedAuthInfo> users, String name) {
    return users.stream().anyMatch(u -> name.equals(u.getName()));
  }

  private static String text(String text) {
    return text == null ? "" : text;
  }
}
