package io.sekisho.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Looks at the machine, and says what is missing for an agent. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Say what this machine lacks for an agent; exit code 1 if something is missing.")
final class DoctorCommand implements Runnable {
  private static final int MAJOR = 6;
  private static final int MINOR = 1;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** One look at the machine. */
  private record Finding(boolean good, String what, String advice) {}

  @Override
  public void run() {
    var findings = new ArrayList<Finding>();
    findings.add(new Finding(isRoot(), "run by root", "run the agent as root"));
    String kernel = read("/proc/sys/kernel/osrelease");
    findings.add(new Finding(isNew(kernel), "kernel " + kernel, "a kernel from 6.1 on is needed"));
    findings.add(
        new Finding(
            Files.exists(Path.of("/sys/kernel/btf/vmlinux")),
            "type information of the kernel (BTF)",
            "a kernel with CONFIG_DEBUG_INFO_BTF is needed"));
    findings.add(
        new Finding(
            read("/proc/mounts").lines().anyMatch(line -> line.contains(" /sys/fs/bpf bpf ")),
            "bpf file system on /sys/fs/bpf",
            "mount -t bpf bpf /sys/fs/bpf"));
    findings.add(
        new Finding(
            Runtime.version().feature() >= 25,
            "Java " + Runtime.version().feature(),
            "Java 25 is needed"));
    tell(findings);
  }

  private void tell(List<Finding> findings) {
    var out = spec.commandLine().getOut();
    for (var finding : findings) {
      String advice = finding.good ? "" : ": " + finding.advice;
      out.println((finding.good ? "ok       " : "missing  ") + finding.what + advice);
    }
    out.flush();
    long missing = findings.stream().filter(finding -> !finding.good).count();
    if (missing > 0) {
      throw new CliException(
          CliException.Code.REFUSED, Texts.plural(missing, "thing") + " missing");
    }
  }

  private static boolean isRoot() {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException e) {
      return false;
    }
  }

  static boolean isNew(String kernel) {
    var match = java.util.regex.Pattern.compile("([0-9]+)\\.([0-9]+).*").matcher(kernel);
    if (!match.matches()) {
      return false;
    }
    int major = Integer.parseInt(match.group(1));
    return major > MAJOR || major == MAJOR && Integer.parseInt(match.group(2)) >= MINOR;
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
