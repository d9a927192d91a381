package io.sekisho.lab.command;

import picocli.CommandLine.Command;

/** Takes the lab down. */
@Command(
    name = "down",
    description = "Ends the lab and removes every trace but its logs; also after a crash.",
    mixinStandardHelpOptions = true)
final class DownCommand implements Runnable {
  @Override
  public void run() {
    LabProgram.lab(LabProgram::say).down();
    LabProgram.say("down; nothing is left in the kernel");
  }
}
