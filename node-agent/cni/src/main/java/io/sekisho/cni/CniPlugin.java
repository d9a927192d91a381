package io.sekisho.cni;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.sekisho.cni.wire.CniCommand;
import io.sekisho.cni.wire.CniError;
import io.sekisho.cni.wire.CniException;
import io.sekisho.cni.wire.CniException.Code;
import io.sekisho.cni.wire.CniResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The plugin's program: one call of the runtime, one answer on standard output. */
public final class CniPlugin {
  /** Longest network configuration that is read, bytes. */
  private static final int MAX_CONFIGURATION = 1 << 20;

  /** Newest version of the specification that we speak; errors before the version is known. */
  private static final String NEWEST =
      NetworkConfiguration.VERSIONS.get(NetworkConfiguration.VERSIONS.size() - 1);

  private final InputStream input;
  private final Map<String, String> environment;
  private final PrintStream output;
  private final Duration patience;

  /** How long an agent that restarts may be away. */
  private static final Duration RESTART = Duration.ofMillis(1500);

  /** One call; `patience` bounds the wait for the agent. */
  CniPlugin(
      InputStream input, Map<String, String> environment, PrintStream output, Duration patience) {
    this.input = input;
    this.environment = environment;
    this.output = output;
    this.patience = patience;
  }

  /** Runs as a container runtime executes it; the exit status is 0 or 1. */
  public static void main(String[] arguments) {
    CniPlugin plugin =
        new CniPlugin(System.in, System.getenv(), System.out, Duration.ofSeconds(20));
    int status = plugin.run();
    System.out.flush();
    // halt, not exit: nothing is to be shut down, and it is a little faster
    Runtime.getRuntime().halt(status);
  }

  /** Serves the call; returns the exit status: 0, or 1 with an error printed as the result. */
  int run() {
    String version = NEWEST;
    try {
      Invocation invocation = Invocation.of(environment);
      String text = standardInput();
      if (invocation.command() == CniCommand.VERSION) {
        output.println(versions(text));
        return 0;
      }
      NetworkConfiguration configuration = NetworkConfiguration.parse(text);
      version = configuration.version();
      return serve(invocation, configuration);
    } catch (CniException e) {
      return fail(version, e.error());
    }
  }

  private int serve(Invocation invocation, NetworkConfiguration configuration) {
    CniCommand command = invocation.command();
    requireComplete(command, configuration);
    JsonObject response = Exchange.response(ask(invocation, configuration));
    Optional<CniError> failure = Exchange.failure(response);
    if (failure.isPresent()) {
      return fail(configuration.version(), failure.get());
    }
    if (command == CniCommand.CHECK) {
      HostInterfaces.check(configuration.previous());
    }
    if (command == CniCommand.ADD) {
      // Behind another plugin the result is that plugin's, as it came.
      boolean chained = !configuration.previous().isEmpty();
      output.println(
          chained ? configuration.previous() : Exchange.result(response, configuration.version()));
    }
    return 0;
  }

  private static void requireComplete(CniCommand command, NetworkConfiguration configuration) {
    if (command == CniCommand.ADD && !configuration.previous().isEmpty()) {
      CniResult previous = ResultReader.read(configuration.previous());
      if (previous.ips().isEmpty()) {
        throw new CniException(Code.INVALID_CONFIGURATION, "prevResult has no addresses");
      }
    }
    if (command == CniCommand.CHECK) {
      if (configuration.version().startsWith("0.3.")) {
        throw new CniException(Code.INCOMPATIBLE_VERSION, "CHECK came with cniVersion 0.4.0");
      }
      if (configuration.previous().isEmpty()) {
        throw new CniException(Code.INVALID_CONFIGURATION, "CHECK needs prevResult");
      }
    }
    if (command == CniCommand.GC && configuration.validAttachments().isEmpty()) {
      throw new CniException(
          Code.INVALID_CONFIGURATION, "GC needs the list cni.dev/valid-attachments");
    }
  }

  private String ask(Invocation invocation, NetworkConfiguration configuration) {
    boolean status = invocation.command() == CniCommand.STATUS;
    Duration restart = status ? Duration.ZERO : RESTART;
    try {
      return new AgentConnection(configuration.agentSocket(), patience, restart)
          .ask(Exchange.request(invocation, configuration));
    } catch (CniException e) {
      if (status && e.code() == Code.TRY_AGAIN_LATER) {
        throw new CniException(Code.NOT_AVAILABLE, String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
  }

  private String standardInput() {
    try {
      byte[] bytes = input.readNBytes(MAX_CONFIGURATION + 1);
      if (bytes.length > MAX_CONFIGURATION) {
        throw new CniException(
            Code.DECODING_FAILURE, "the network configuration is over 1 MiB long");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CniException(Code.IO_FAILURE, "cannot read the network configuration", e);
    }
  }

  /** Answer to VERSION; the runtime may send its version, or nothing at all. */
  private static String versions(String text) {
    String asked =
        text.isBlank() ? NEWEST : NetworkConfiguration.version(NetworkConfiguration.object(text));
    JsonObject answer = new JsonObject();
    answer.addProperty("cniVersion", asked);
    JsonArray supported = new JsonArray();
    for (String version : NetworkConfiguration.VERSIONS) {
      supported.add(version);
    }
    answer.add("supportedVersions", supported);
    return answer.toString();
  }

  private int fail(String version, CniError error) {
    JsonObject answer = new JsonObject();
    answer.addProperty("cniVersion", version);
    answer.addProperty("code", error.code());
    answer.addProperty("msg", error.msg());
    if (!error.details().isEmpty()) {
      answer.addProperty("details", error.details());
    }
    output.println(answer);
    return 1;
  }
}
