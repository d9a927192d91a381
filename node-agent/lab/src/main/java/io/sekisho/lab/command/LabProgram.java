package io.sekisho.lab.command;

import io.sekisho.lab.Lab;
import io.sekisho.lab.LabException;
import io.sekisho.lab.LabFolder;
import io.sekisho.lab.LabNames;
import io.sekisho.lab.Programs;
import java.util.Locale;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program: subcommands up, status, exec, fault, down, soak. */
@Command(
    name = "sekisho lab",
    description = "A cluster on this machine: network namespaces as nodes and pods.",
    mixinStandardHelpOptions = true,
    subcommands = {
      UpCommand.class,
      StatusCommand.class,
      ExecCommand.class,
      FaultCommand.class,
      DownCommand.class,
      SoakCommand.class,
      TrainCommand.class
    })
public final class LabProgram {
  private static final long START = System.nanoTime();

  private LabProgram() {}

  /** Runs one command; exit status 0, 1 (it failed) or 2 (it was not understood). */
  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new LabProgram());
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          if (e instanceof LabException known) {
            System.err.println("sekisho lab: " + known.getMessage() + ".");
            return 1;
          }
          throw e;
        });
    line.setStopAtPositional(true);
    System.exit(line.execute(arguments.length == 0 ? new String[] {"--help"} : arguments));
  }

  /** The lab of this machine; SEKISHO_LAB names another one than {@code sekisho}. */
  static Lab lab(Consumer<String> progress) {
    String name = System.getenv().getOrDefault("SEKISHO_LAB", "");
    LabNames names = name.isEmpty() ? LabNames.DEFAULT : new LabNames(name);
    return new Lab(names, LabFolder.ofEnvironment(), Programs.ofBuild(), progress);
  }

  /** Prints a line of progress with the seconds since the start. */
  static void say(String text) {
    double seconds = (System.nanoTime() - START) / 1e9;
    System.out.println(String.format(Locale.ROOT, "%6.1f s  %s", seconds, text));
  }
}
