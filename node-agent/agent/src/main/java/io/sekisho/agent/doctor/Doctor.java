package io.sekisho.agent.doctor;

import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.config.AgentConfig.Tls;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at a machine and at a configuration, changes nothing, and says what is in the way. */
public final class Doctor {
  private static final int OLDEST_MAJOR = 6;
  private static final int OLDEST_MINOR = 1;

  /** First kernel with tcx; older ones use clsact. */
  private static final int TCX_MINOR = 6;

  private static final Pattern RELEASE = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");

  private final Path root;

  /** Looks at the machine below a folder: {@code /}, or what a test put up. */
  public Doctor(Path root) {
    this.root = root;
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

  /** Whether an agent can run on the machine. */
  public List<Finding> machine() {
    return List.of(kernel(), btf(), bpfFileSystem());
  }

  /** Whether an agent can run with a configuration. */
  public List<Finding> configuration(AgentConfig config) {
    var out = new ArrayList<Finding>();
    out.add(device(config));
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

  private Finding kernel() {
    String release = read("proc/sys/kernel/osrelease").orElse("").strip();
    Matcher match = RELEASE.matcher(release);
    if (!match.matches()) {
      return error("the kernel's release is not known", "mount /proc");
    }
    int major = Integer.parseInt(match.group(1));
    int minor = Integer.parseInt(match.group(2));
    if (isOlder(major, minor, OLDEST_MINOR)) {
      return error("kernel " + release + " is too old", "use Linux 6.1 or newer");
    }
    return isOlder(major, minor, TCX_MINOR)
        ? new Finding(
            Level.WARNING, "kernel " + release + " has no tcx; clsact is used", "Linux 6.6 has tcx")
        : ok("kernel " + release);
  }

  private static boolean isOlder(int major, int minor, int thanMinor) {
    return major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < thanMinor);
  }

  private Finding btf() {
    return Files.isReadable(root.resolve("sys/kernel/btf/vmlinux"))
        ? ok("the kernel describes its types (BTF)")
        : error(
            "the kernel does not describe its types (BTF)",
            "use a kernel built with CONFIG_DEBUG_INFO_BTF");
  }

  private Finding bpfFileSystem() {
    boolean mounted =
        read("proc/mounts").orElse("").lines().anyMatch(l -> l.contains(" /sys/fs/bpf bpf "));
    return mounted
        ? ok("the bpf file system is mounted")
        : error("the bpf file system is not mounted", "mount -t bpf bpf /sys/fs/bpf");
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
