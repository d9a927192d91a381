package io.sekisho.lab;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Executes the CNI plugin as a container runtime would, on a node. */
public final class Cni {
  private final Programs programs;
  private final LabNames names;

  Cni(Programs programs, LabNames names) {
    this.programs = programs;
    this.names = names;
  }

  /**
   * What the plugin did.
   *
   * @param status its exit status
   * @param printed the JSON that it printed; empty object if it printed nothing
   */
  public record Outcome(int status, JsonObject printed) {
    /** Addresses of a result, without prefix length. */
    public List<String> addresses() {
      List<String> addresses = new ArrayList<>();
      for (JsonElement ip : printed.getAsJsonArray("ips")) {
        String text = ip.getAsJsonObject().get("address").getAsString();
        addresses.add(text.substring(0, text.indexOf('/')));
      }
      return addresses;
    }

    /** Whether the plugin failed by what passes (code 11 of the CNI specification). */
    boolean saysTryAgain() {
      JsonElement code = printed.get("code");
      return status != 0 && code != null && code.getAsInt() == 11;
    }
  }

  private static final int TRIES = 3;
  private static final String PORT = "port:";

  /** Runs one command for a pod; `previous` is an earlier result or an empty object. */
  public Outcome call(String command, NodeAgent agent, Pod pod, JsonObject previous) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("CNI_COMMAND", command);
    environment.put("CNI_CONTAINERID", names.lab() + "-" + pod.fileName());
    environment.put("CNI_NETNS", LabNames.file(names.pod(pod.namespace(), pod.name())).toString());
    environment.put("CNI_IFNAME", "eth0");
    environment.put("CNI_PATH", String.valueOf(programs.cni().getParent()));
    environment.put("CNI_ARGS", arguments(pod));
    environment.put("SEKISHO_JAVA", programs.java().toString());
    JsonObject configuration = configuration(agent.cniSocket());
    if (!previous.isEmpty()) {
      configuration.add("prevResult", previous);
    }
    Command plugin =
        new Command(List.of(programs.cni().toString()), configuration.toString(), environment);
    Command.Result result = plugin.inside(names.node(agent.node().name())).tryRun();
    return new Outcome(result.status(), parse(result, command));
  }

  /**
   * ADD for a pod, asked again where the plugin says "try again later", as container runtimes do.
   *
   * @return the pod with its addresses
   * @throws LabException with AGENT and the plugin's error
   */
  public Pod add(NodeAgent agent, Pod pod) {
    Outcome outcome = call("ADD", agent, pod, new JsonObject());
    for (int tries = 1; outcome.saysTryAgain() && tries < TRIES; tries++) {
      outcome = call("ADD", agent, pod, new JsonObject());
    }
    if (outcome.status() != 0) {
      throw new LabException(
          LabException.Code.AGENT, "CNI ADD for " + pod.fullName() + ": " + outcome.printed());
    }
    return new Pod(
        pod.namespace(), pod.name(), pod.workload(), pod.node(), pod.labels(), outcome.addresses());
  }

  private static JsonObject configuration(Path socket) {
    JsonObject configuration = new JsonObject();
    configuration.addProperty("cniVersion", "1.1.0");
    configuration.addProperty("name", "sekisho");
    configuration.addProperty("type", "sekisho");
    configuration.addProperty("agentSocket", socket.toString());
    return configuration;
  }

  private static String arguments(Pod pod) {
    List<String> labels = new ArrayList<>();
    List<String> ports = new ArrayList<>();
    new TreeMap<>(pod.labels())
        .forEach(
            (key, value) -> {
              boolean port = key.startsWith(PORT);
              (port ? ports : labels).add(key.substring(port ? PORT.length() : 0) + "=" + value);
            });
    String named = ports.isEmpty() ? "" : ";SEKISHO_PORTS=" + String.join(",", ports);
    return "IgnoreUnknown=1;K8S_POD_NAMESPACE=%s;K8S_POD_NAME=%s;K8S_POD_UID=%s;SEKISHO_LABELS=%s;SEKISHO_WORKLOAD=%s"
            .formatted(
                pod.namespace(),
                pod.name(),
                pod.fileName(),
                String.join(",", labels),
                pod.workload())
        + named;
  }

  private static JsonObject parse(Command.Result result, String command) {
    if (result.output().isBlank()) {
      return new JsonObject();
    }
    try {
      return JsonParser.parseString(result.output()).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new LabException(
          LabException.Code.PROGRAM_FAILED,
          "CNI " + command + " printed no JSON: " + result.output() + result.error(),
          e);
    }
  }
}
