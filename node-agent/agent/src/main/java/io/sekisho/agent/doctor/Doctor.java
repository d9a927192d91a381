package io.sekisho.agent.doctor;

import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.config.AgentConfig.Tls;
import io.sekisho.agent.datapath.NodeFeature;
import io.sekisho.agent.datapath.Routing;
import io.sekisho.agent.node.Machine;
import io.sekisho.agent.pki.PkiException;
import io.sekisho.agent.pki.TlsFiles;
import io.sekisho.policy.Cidr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at a machine and at a configuration, changes nothing, and says what is in the way. */
public final class Doctor {
  /** Java that the agent is compiled for. */
  private static final int JAVA = 25;

  private final Path root;
  private final List<NodeFeature> features;

  /**
   * Looks at a machine.
   *
   * @param root folder below which it is: {@code /}, or what a test put up
   * @param features what its kernel can do
   */
  public Doctor(Path root, List<NodeFeature> features) {
    this.root = root;
    this.features = List.copyOf(features);
  }

  /** How bad a finding is. */
  public enum Level {
    OK,
    /** The agent runs, with less. */
    WARNING,
    /** The agent cannot run. */
    ERROR
  }

  /**
   * One thing that was looked at.
   *
   * @param level how bad
   * @param what what was found, one sentence
   * @param advice what to do; empty if nothing
   */
  public record Finding(Level level, String what, String advice) {}

  /** Whether an agent can run on the machine: Java, and every feature of its kernel. */
  public List<Finding> machine() {
    var out = new ArrayList<Finding>();
    out.add(java());
    out.add(bpfFileSystem());
    features.forEach(feature -> out.add(feature(feature)));
    return out;
  }

  /** Release of the kernel, for people: nothing is decided by it. */
  public String kernel() {
    return read("proc/sys/kernel/osrelease").map(String::strip).orElse("unknown");
  }

  /** Whether an agent can run with a configuration. */
  public List<Finding> configuration(AgentConfig config) {
    var out = new ArrayList<Finding>();
    out.add(device(config));
    out.addAll(routing(config.routing()));
    config.store().tls().ifPresent(tls -> out.add(tls("store", tls)));
    config.grpc().ifPresent(grpc -> out.add(tls("grpc", grpc.tls())));
    config.grpc().ifPresent(grpc -> out.add(port(grpc.listen())));
    for (InetAddress address : config.underlay().addresses()) {
      if (config.pods().cidrs().stream().anyMatch(c -> c.contains(Cidr.of(address)))) {
        out.add(
            error(
                "underlay address " + address.getHostAddress() + " lies in a pod range",
                "choose pod ranges apart from the underlay"));
      }
    }
    return out;
  }

  private static Finding java() {
    int version = Runtime.version().feature();
    return version >= JAVA
        ? ok("Java " + version)
        : error("Java " + version + " is too old", "use Java " + JAVA);
  }

  /** The agent mounts it where it is not. */
  private Finding bpfFileSystem() {
    boolean mounted =
        read("proc/mounts").orElse("").lines().anyMatch(l -> l.contains(" /sys/fs/bpf bpf "));
    return ok(
        mounted
            ? "the bpf file system is mounted"
            : "the bpf file system is not mounted; the agent will mount it");
  }

  private static Finding feature(NodeFeature feature) {
    String what = feature.name() + " " + feature.purpose();
    String since = "Linux has it since " + feature.since();
    return switch (feature.presence()) {
      case PRESENT -> ok(what);
      case MISSING ->
          feature.needed()
              ? error("missing: " + what, since)
              : new Finding(
                  Level.WARNING,
                  "missing: " + what,
                  since + "; instead: " + feature.fallback().orElse("nothing"));
      case UNKNOWN ->
          feature.needed()
              ? error("cannot be tried: " + what, "run this as root")
              : new Finding(Level.WARNING, "cannot be tried: " + what, "run this as root");
    };
  }

  /** The device that the routing needs. */
  private List<Finding> routing(Routing routing) {
    return features.stream()
        .filter(feature -> feature.neededBy(routing) && !feature.needed())
        .map(
            feature ->
                feature.missing()
                    ? error(
                        "routing.mode " + routing.word() + ": " + feature.explain(),
                        "choose another routing.mode")
                    : ok("routing.mode " + routing.word() + " is possible"))
        .toList();
  }

  private static Finding device(AgentConfig config) {
    String device = config.underlay().device();
    try {
      return ok("underlay " + device + " has " + Machine.addresses(device).size() + " addresses");
    } catch (IllegalArgumentException e) {
      return error(
          String.valueOf(e.getMessage()), "set underlay.device to an interface that is up");
    }
  }

  private static Finding tls(String section, Tls files) {
    try {
      new TlsFiles(files.ca(), files.certificate(), files.key()).check();
      return ok("certificates of " + section + " can be read");
    } catch (PkiException e) {
      return error(
          section + ": " + e.getMessage(), "make certificates with 'sekisho-agent pki node'");
    }
  }

  private static Finding port(InetSocketAddress listen) {
    try (var probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(listen);
      return ok("grpc.listen " + listen + " is free");
    } catch (IOException e) {
      return error(
          "grpc.listen " + listen + " cannot be used: " + e.getMessage(),
          "end what listens there (perhaps an agent that runs), or choose another port");
    }
  }

  private Optional<String> read(String file) {
    try {
      return Optional.of(Files.readString(root.resolve(file)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Finding ok(String what) {
    return new Finding(Level.OK, what, "");
  }

  private static Finding error(String what, String advice) {
    return new Finding(Level.ERROR, what, advice);
  }
}
