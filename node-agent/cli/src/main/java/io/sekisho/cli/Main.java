package io.sekisho.cli;

import io.grpc.StatusRuntimeException;
import io.sekisho.agent.Version;
import io.sekisho.agent.apiserver.ApiException;
import io.sekisho.agent.install.InstallException;
import io.sekisho.agent.pki.PkiException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** sekisho-agent: the agent itself, and the command line that talks to it. */
@Command(
    name = "sekisho-agent",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    description = "The agent of a Sekisho node, and what can be asked of it.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the agent refused, there is no such thing, or something is missing or not ready",
      "2:the command line is wrong",
      "3:the agent does not answer",
      "4:documents have errors",
      "5:a node did not realize the revision",
      "6:an expectation does not hold",
      "7:a connection would be dropped, or traffic that passes would be",
      "8:the kernel says something else than the documents"
    },
    subcommands = {
      RunCommand.class,
      PkiCommand.class,
      StatusCommand.class,
      NodesCommand.class,
      HealthCommand.class,
      PathCommand.class,
      EndpointsCommand.class,
      EnforcementCommand.class,
      IdentitiesCommand.class,
      PolicyCommand.class,
      RevisionsCommand.class,
      MonitorCommand.class,
      DoctorCommand.class,
      InstallCommand.class,
      CniCommand.class,
      UninstallCommand.class,
      CompletionCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Main() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] arguments) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int exit = run(out, err, arguments);
    out.flush();
    System.exit(exit);
  }

  /** The command that holds all others. */
  static Object root() {
    return new Main();
  }

  /** Runs a command; its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    var line = new CommandLine(new Main());
    line.setOut(out);
    line.setErr(err);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.setExecutionExceptionHandler((error, which, result) -> report(error, err));
    return line.execute(arguments);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int report(Exception error, PrintWriter err) {
    return switch (error) {
      case CliException e -> say(err, e.getMessage(), e.code());
      case StatusRuntimeException e -> GrpcErrors.report(e, err);
      case ApiException e -> say(err, e.getMessage(), code(e));
      case InstallException e -> say(err, e.getMessage(), CliException.Code.REFUSED);
      case PkiException e -> say(err, e.getMessage(), CliException.Code.REFUSED);
      default -> {
        error.printStackTrace(err);
        yield CliException.Code.REFUSED.exit();
      }
    };
  }

  private static CliException.Code code(ApiException e) {
    return switch (e.code()) {
      case UNAVAILABLE -> CliException.Code.UNREACHABLE;
      case INVALID -> CliException.Code.USAGE;
      default -> CliException.Code.REFUSED;
    };
  }

  private static int say(
      PrintWriter err, @org.jspecify.annotations.Nullable String message, CliException.Code code) {
    err.println("sekisho-agent: " + message);
    return code.exit();
  }

  /** The version of the jar. */
  static final class Versions implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"sekisho-agent " + Version.current()};
    }
  }
}
