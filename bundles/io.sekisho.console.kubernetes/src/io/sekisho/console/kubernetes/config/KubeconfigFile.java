package io.sekisho.console.kubernetes.config;

import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One kubeconfig file: what it says, or why it can't be read. The reason never has a piece of the
 * file's text, for there are secrets in it.
 */
record KubeconfigFile(Path path, Optional<Config> config, Optional<String> problem) {
  private static final long MOST_BYTES = 8 << 20;
  private static final Pattern PLACE = Pattern.compile("line:? (\\d+), column:? (\\d+)");
  private static final Pattern FIELD = Pattern.compile("\\[\"([A-Za-z-]+)\"\\]");

  static KubeconfigFile read(Path path) {
    if (Files.isDirectory(path)) {
      return broken(path, "is a folder");
    }
    if (!Files.exists(path)) {
      return broken(path, "is not there");
    }
    if (!Files.isReadable(path)) {
      return broken(path, "may not be read by us");
    }
    try {
      if (Files.size(path) > MOST_BYTES) {
        return broken(path, "is too large for a kubeconfig");
      }
      if (Files.readString(path).isBlank()) {
        return new KubeconfigFile(path, Optional.of(new Config()), Optional.empty());
      }
      Config config = KubeConfigUtils.parseConfig(path.toFile());
      return config == null
          ? broken(path, "holds nothing")
          : new KubeconfigFile(path, Optional.of(config), Optional.empty());
    } catch (java.nio.charset.CharacterCodingException e) {
      return broken(path, "is no text");
    } catch (java.io.IOException e) {
      return broken(path, "can't be read");
    } catch (RuntimeException e) {
      return broken(path, reason(e));
    }
  }

  private static KubeconfigFile broken(Path path, String why) {
    return new KubeconfigFile(path, Optional.empty(), Optional.of(path + " " + why + "."));
  }

  /** Where the parser stopped, and at which field; not what stands there. */
  private static String reason(Throwable thrown) {
    String all = "";
    Throwable t = thrown;
    for (int depth = 0; t != null && depth < 8; depth++, t = t.getCause()) {
      all += "\n" + t.getMessage();
    }
    Matcher place = PLACE.matcher(all);
    String where = place.find() ? " at line " + place.group(1) + ", column " + place.group(2) : "";
    Matcher field = FIELD.matcher(all);
    String what = "";
    while (field.find()) {
      what = field.group(1);
    }
    return what.isEmpty()
        ? "is not YAML of a kubeconfig" + where
        : "has something else than a kubeconfig's " + what + where;
  }
}
