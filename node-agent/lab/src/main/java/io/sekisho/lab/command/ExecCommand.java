package io.sekisho.lab.command;

import io.sekisho.lab.Lab;
import io.sekisho.lab.LabException;
import io.sekisho.lab.LabNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs a command where a pod, a node or an outside machine is. */
@Command(
    name = "exec",
    description = "Runs a command in the network namespace of a pod, a node or an outside machine.",
    mixinStandardHelpOptions = true)
final class ExecCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "POD",
      description = "shop/cart-1, or cart-1; a node, as n1; an outside machine, as world/internet")
  private String place = "";

  @Parameters(index = "1..*", paramLabel = "COMMAND", description = "after --", arity = "1..*")
  private List<String> command = List.of();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Lab lab = LabProgram.lab(LabProgram::say);
    List<String> words = new ArrayList<>();
    words.add("nsenter");
    words.add("--net=" + LabNames.file(namespace(lab)));
    words.add("--");
    words.addAll(command.getFirst().equals("--") ? command.subList(1, command.size()) : command);
    return new ProcessBuilder(words).inheritIO().start().waitFor();
  }

  private String namespace(Lab lab) {
    if (lab.description().labNodes().stream().anyMatch(node -> node.name().equals(place))) {
      return lab.names().node(place);
    }
    if (place.startsWith("world/")) {
      String namespace = lab.names().world(place.substring("world/".length()));
      if (!LabNames.file(namespace).toFile().exists()) {
        throw new LabException(LabException.Code.UNKNOWN, "there is no machine " + place);
      }
      return namespace;
    }
    var pod = lab.pod(place);
    return lab.names().pod(pod.namespace(), pod.name());
  }
}
