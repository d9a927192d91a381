package io.sekisho.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.sekisho.agent.config.ConfigException;
import io.sekisho.agent.config.ConfigReader;
import io.sekisho.agent.datapath.LinuxKernel;
import io.sekisho.agent.datapath.NodeFeature;
import io.sekisho.agent.doctor.Doctor;
import io.sekisho.agent.doctor.Doctor.Finding;
import io.sekisho.agent.doctor.Doctor.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks at the machine, and says what is missing for an agent. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Try what the agent needs and wants of this machine; changes nothing.",
      "Exit code 1 if something is missing without which it does not run."
    })
final class DoctorCommand implements Runnable {
  @Mixin private Output output;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Look at an agent's configuration as well.")
  private @Nullable Path config;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    List<NodeFeature> features = new LinuxKernel().features();
    var doctor = new Doctor(Path.of("/"), features);
    var findings = new ArrayList<>(doctor.machine());
    if (config != null) {
      findings.addAll(configuration(doctor, config));
    }
    var out = spec.commandLine().getOut();
    out.print(output.isJson() ? json(doctor, findings, features) : text(doctor, findings));
    out.flush();
    long missing = findings.stream().filter(f -> f.level() == Level.ERROR).count();
    if (missing > 0) {
      throw new CliException(
          CliException.Code.REFUSED, Texts.plural(missing, "thing") + " missing");
    }
  }

  private static List<Finding> configuration(Doctor doctor, Path file) {
    try {
      return doctor.configuration(ConfigReader.read(file));
    } catch (ConfigException e) {
      return List.of(
          new Finding(Level.ERROR, String.valueOf(e.getMessage()), "correct the configuration"));
    }
  }

  private static String text(Doctor doctor, List<Finding> findings) {
    var out = new StringBuilder("kernel   " + doctor.kernel() + "\n");
    for (Finding finding : findings) {
      String advice = finding.advice().isEmpty() ? "" : " (" + finding.advice() + ")";
      out.append("%-9s".formatted(word(finding.level()))).append(finding.what()).append(advice);
      out.append('\n');
    }
    return out.toString();
  }

  private static String word(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  private static String json(Doctor doctor, List<Finding> findings, List<NodeFeature> features) {
    var all = new JsonObject();
    all.addProperty("kernel", doctor.kernel());
    all.addProperty("ok", findings.stream().noneMatch(f -> f.level() == Level.ERROR));
    var told = new JsonArray();
    for (Finding finding : findings) {
      var one = new JsonObject();
      one.addProperty("level", word(finding.level()));
      one.addProperty("what", finding.what());
      one.addProperty("advice", finding.advice());
      told.add(one);
    }
    all.add("findings", told);
    var tried = new JsonArray();
    for (NodeFeature feature : features) {
      var one = new JsonObject();
      one.addProperty("name", feature.name());
      one.addProperty("presence", feature.presence().name());
      one.addProperty("purpose", feature.purpose());
      one.addProperty("since", feature.since());
      one.addProperty("needed", feature.needed());
      one.addProperty("fallback", feature.fallback().orElse(""));
      tried.add(one);
    }
    all.add("features", tried);
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(all) + "\n";
  }
}
