package io.sekisho.cli;

import io.sekisho.policy.Manifests;
import io.sekisho.policy.Problem;
import io.sekisho.policy.Severity;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The manifests of a folder, for commands that need no agent. */
final class ManifestFolder {
  private ManifestFolder() {}

  /** Reads a folder's YAML files with those of its subfolders, and tells every problem. */
  static Manifests read(Path folder, CommandLine.Model.CommandSpec spec) {
    List<Path> files = files(folder);
    Manifests manifests = Manifests.read(Documents.read(files));
    for (Problem problem : manifests.parsed().problems()) {
      boolean error = problem.severity() == Severity.ERROR;
      PrintWriter to = error ? spec.commandLine().getErr() : spec.commandLine().getOut();
      tell(problem, folder.relativize(files.get(problem.text())), to);
    }
    if (manifests.parsed().hasErrors()) {
      long errors = manifests.parsed().errors().size();
      throw new CliException(CliException.Code.INVALID, Texts.plural(errors, "error"));
    }
    return manifests;
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new CliException(CliException.Code.USAGE, "there is no folder " + folder);
    }
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> files = all.filter(ManifestFolder::isYaml).sorted().toList();
      if (files.isEmpty()) {
        throw new CliException(CliException.Code.USAGE, "there is no YAML file in " + folder);
      }
      return files;
    } catch (IOException e) {
      throw new CliException(CliException.Code.USAGE, "cannot read " + folder + ": " + e, e);
    }
  }

  private static boolean isYaml(Path file) {
    String name = file.toString();
    return (name.endsWith(".yaml") || name.endsWith(".yml")) && Files.isRegularFile(file);
  }

  private static void tell(Problem problem, Path file, PrintWriter to) {
    String hint =
        problem.suggestion().isEmpty() ? "" : " (did you mean '" + problem.suggestion() + "'?)";
    to.printf(
        "%s:%d:%d: %s: %s%s%n",
        file,
        problem.line(),
        problem.column(),
        problem.severity().name().toLowerCase(Locale.ROOT),
        problem.message(),
        hint);
  }
}
