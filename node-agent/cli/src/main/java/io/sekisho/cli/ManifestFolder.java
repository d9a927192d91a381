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

/**
 * The manifests of a folder, for commands that need no agent.
 *
 * @param files where their texts stand
 */
record ManifestFolder(Path folder, List<Path> files, Manifests manifests) {
  /** Reads a folder's YAML files with those of its subfolders. */
  static ManifestFolder open(Path folder) {
    List<Path> files = yaml(folder);
    return new ManifestFolder(folder, files, Manifests.read(Documents.read(files)));
  }

  /** The same, with every problem told; there must be no error. */
  static Manifests read(Path folder, CommandLine.Model.CommandSpec spec) {
    ManifestFolder opened = open(folder);
    opened.tell(spec.commandLine().getOut(), spec.commandLine().getErr());
    opened.requireNoErrors();
    return opened.manifests();
  }

  /** Prints every problem that reading found, warnings apart. */
  void tell(PrintWriter warnings, PrintWriter errors) {
    for (Problem problem : manifests.parsed().problems()) {
      tell(problem, problem.severity() == Severity.ERROR ? errors : warnings);
    }
  }

  /** Prints a problem as a compiler would. */
  void tell(Problem problem, PrintWriter to) {
    String word = problem.severity().name().toLowerCase(Locale.ROOT);
    to.println(place(problem) + ": " + word + ": " + message(problem));
  }

  /** {@code shop/pay.yaml:6:3}. */
  String place(Problem problem) {
    Path file = folder.relativize(files.get(problem.text()));
    return file + ":" + problem.line() + ":" + problem.column();
  }

  /** What is wrong, with what may have been meant. */
  static String message(Problem problem) {
    String nearest = problem.suggestion();
    return problem.message() + (nearest.isEmpty() ? "" : " (did you mean '" + nearest + "'?)");
  }

  /** Ends the command if a document has an error. */
  void requireNoErrors() {
    long errors = manifests.parsed().errors().size();
    if (errors > 0) {
      throw new CliException(CliException.Code.INVALID, Texts.plural(errors, "error"));
    }
  }

  private static List<Path> yaml(Path folder) {
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
}
