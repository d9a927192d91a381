package io.sekisho.agent.node;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the agent reads of the machine that it runs on. */
public final class Machine {
  private static final Pattern RSS = Pattern.compile("^VmRSS:\\s+(\\d+) kB$", Pattern.MULTILINE);

  private static final Pattern TOTAL =
      Pattern.compile("^MemTotal:\\s+(\\d+) kB$", Pattern.MULTILINE);

  private Machine() {}

  /** Release of the running kernel, as {@code uname -r} says; {@code ?} if it is not known. */
  public static String kernel() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
    } catch (IOException e) {
      return "?";
    }
  }

  /** Memory of this process, bytes; -1 if it is not known. */
  public static long rssBytes() {
    return bytes(RSS, Path.of("/proc/self/status"));
  }

  /** Memory of the machine, bytes; -1 if it is not known. */
  public static long memoryBytes() {
    return bytes(TOTAL, Path.of("/proc/meminfo"));
  }

  private static long bytes(Pattern kilobytes, Path file) {
    try {
      Matcher line = kilobytes.matcher(Files.readString(file));
      return line.find() ? Long.parseLong(line.group(1)) * 1024 : -1;
    } catch (IOException e) {
      return -1;
    }
  }

  /** How long this process has run at a moment; zero if that is not known. */
  public static Duration age(Instant now) {
    return ProcessHandle.current()
        .info()
        .startInstant()
        .map(start -> Duration.between(start, now))
        .orElse(Duration.ZERO);
  }

  /**
   * The addresses of a network interface, without link-local ones, IPv4 first.
   *
   * @throws IllegalArgumentException if there is no such interface, or it has no address
   */
  public static List<InetAddress> addresses(String device) {
    try {
      NetworkInterface nic = NetworkInterface.getByName(device);
      if (nic == null) {
        throw new IllegalArgumentException("there is no network interface '" + device + "'");
      }
      List<InetAddress> out =
          nic.inetAddresses()
              .filter(a -> !a.isLinkLocalAddress())
              .map(Machine::withoutScope)
              .sorted((a, b) -> Integer.compare(a.getAddress().length, b.getAddress().length))
              .toList();
      if (out.isEmpty()) {
        throw new IllegalArgumentException("network interface '" + device + "' has no address");
      }
      return out;
    } catch (SocketException e) {
      throw new IllegalArgumentException("cannot read network interface '" + device + "'", e);
    }
  }

  /** MTU of a network interface, bytes; 0 if it is not known. */
  public static int mtu(String device) {
    try {
      NetworkInterface nic = NetworkInterface.getByName(device);
      return nic == null ? 0 : nic.getMTU();
    } catch (SocketException e) {
      return 0;
    }
  }

  /** The same address without the interface's name in it. */
  private static InetAddress withoutScope(InetAddress address) {
    return InetAddresses.forString(InetAddresses.toAddrString(address).replaceAll("%.*", ""));
  }
}
