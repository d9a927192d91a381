package io.sekisho.lab;

import io.sekisho.testkit.packet.PacketBuilder;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Sends frames that nobody's stack would send. */
final class Forge {
  private static final HexFormat MAC = HexFormat.ofDelimiter(":");

  private final Lab lab;
  private final String namespace;

  Forge(Lab lab, String namespace) {
    this.lab = lab;
    this.namespace = namespace;
  }

  /** A packet from this place's interface {@code eth0} to the neighbour that its routes name. */
  PacketBuilder packet(String source, String destination, String nextHop) {
    return PacketBuilder.packet(source, destination).macs(ownMac(), neighbour(nextHop));
  }

  private byte[] ownMac() {
    String said = ip("-o", "link", "show", "eth0");
    return mac(said.substring(said.indexOf("link/ether ") + "link/ether ".length()));
  }

  /** The MAC of a neighbour that the stack has met. */
  private byte[] neighbour(String address) {
    String said = ip("neigh", "show", address);
    return mac(said.substring(said.indexOf("lladdr ") + "lladdr ".length()));
  }

  /** The neighbour that the way to an address begins with. */
  String nextHop(String destination) {
    String said = ip("-o", "route", "get", destination);
    int via = said.indexOf(" via ");
    return via < 0
        ? destination
        : said.substring(via + 5).split(" ")[0].replace("inet6", "").strip();
  }

  private String ip(String... words) {
    List<String> all = new ArrayList<>(List.of("ip"));
    all.addAll(List.of(words));
    return Command.of(all.toArray(String[]::new)).inside(namespace).run().output();
  }

  private static byte[] mac(String text) {
    return MAC.parseHex(text.substring(0, 17));
  }

  /** Sends them from {@code eth0}. */
  void send(byte[]... frames) throws IOException, InterruptedException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(all);
    for (byte[] frame : frames) {
      out.writeShort(frame.length);
      out.write(frame);
    }
    List<String> words = new ArrayList<>(Command.entering(namespace));
    words.addAll(List.of(Programs.ofBuild().send().toString(), "eth0"));
    Process process =
        new ProcessBuilder(words).inheritIO().redirectInput(ProcessBuilder.Redirect.PIPE).start();
    try (OutputStream stream = process.getOutputStream()) {
      stream.write(all.toByteArray());
    }
    if (process.waitFor() != 0) {
      throw new IOException("sekisho-send ended with " + process.exitValue());
    }
  }

  /** A counter of the namespace's stack, for example {@code Icmp InTimeExcds} (proc(5)). */
  static long counter(String namespace, String group, String name) throws IOException {
    String file = group.endsWith("6") ? "/proc/net/snmp6" : "/proc/net/snmp";
    String said = Command.of("cat", file).inside(namespace).run().output();
    if (group.endsWith("6")) {
      return said.lines()
          .filter(line -> line.startsWith(group + name))
          .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]))
          .sum();
    }
    List<String> lines = said.lines().filter(line -> line.startsWith(group + ":")).toList();
    List<String> names = List.of(lines.get(0).split("\\s+"));
    return Long.parseLong(lines.get(1).split("\\s+")[names.indexOf(name)]);
  }
}
