package io.sekisho.lab.command;

import io.sekisho.lab.AgentTraining;
import io.sekisho.lab.Lab;
import io.sekisho.lab.LabException;
import io.sekisho.lab.LabFolder;
import io.sekisho.lab.LabNames;
import io.sekisho.lab.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Records the agent's start for its launcher; a step of the build. */
@Command(
    name = "train",
    hidden = true,
    description = "Records the agent's classes to the file that SEKISHO_AOT_OUTPUT names.")
final class TrainCommand implements Runnable {
  @Option(
      names = "--programs",
      paramLabel = "FOLDER",
      description = "Where agent, cni and jre are as they are shipped; else those of the build.")
  private Optional<Path> shipped = Optional.empty();

  @Override
  public void run() {
    String recording = System.getenv().getOrDefault("SEKISHO_AOT_OUTPUT", "");
    if (recording.isEmpty()) {
      throw new LabException(LabException.Code.UNKNOWN, "SEKISHO_AOT_OUTPUT is not set");
    }
    try {
      LabFolder folder = new LabFolder(Files.createTempDirectory("sktrain"));
      Programs programs =
          shipped
              .map(Path::toAbsolutePath)
              .map(Programs.ofBuild()::shippedIn)
              .orElseGet(Programs::ofBuild);
      Lab lab = new Lab(new LabNames("sktrain"), folder, programs, LabProgram::say);
      AgentTraining.run(lab, Path.of(recording));
    } catch (IOException e) {
      throw new LabException(LabException.Code.IO, "no temporary folder", e);
    }
  }
}
