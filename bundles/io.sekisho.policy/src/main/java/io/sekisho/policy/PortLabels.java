package io.sekisho.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The labels by which a pod tells its named ports: {@code port:http=80/TCP}. They are part of its
 * identity, so that pods whose names mean other numbers have identities of their own, and every
 * node knows them.
 */
public final class PortLabels {
  private static final String SOURCE = "port:";

  /** Says that the pod told its port names, though it has none. */
  private static final String NONE = SOURCE + "-";

  /** A service name of RFC 6335, section 5.1. */
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*");

  private static final Pattern VALUE = Pattern.compile("([0-9]{1,5})/(TCP|UDP|SCTP)");

  private PortLabels() {}

  /** Whether a text can be the name of a port. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /**
   * The labels of a list such as {@code http=80/TCP,dns=53/UDP}; without a protocol it is TCP. The
   * empty list says that the pod has no named ports.
   *
   * @throws IllegalArgumentException if an item is no named port, or a name is there twice
   */
  public static List<String> parse(String list) {
    if (list.isBlank()) {
      return List.of(NONE);
    }
    var out = new ArrayList<String>();
    for (String item : list.split(",", -1)) {
      String[] parts = item.strip().split("=", 2);
      String value = parts.length < 2 ? "" : parts[1].contains("/") ? parts[1] : parts[1] + "/TCP";
      if (!isName(parts[0]) || range(value).isEmpty()) {
        throw new IllegalArgumentException("'" + item + "' is not like name=port/protocol");
      }
      if (out.stream().anyMatch(o -> o.startsWith(SOURCE + parts[0] + "="))) {
        throw new IllegalArgumentException("the port name '" + parts[0] + "' is there twice");
      }
      out.add(SOURCE + parts[0] + "=" + value);
    }
    return out;
  }

  /** Whether the pod has told its port names. */
  public static boolean told(Labels labels) {
    var tail = labels.asMap().tailMap(SOURCE);
    return !tail.isEmpty() && tail.firstKey().startsWith(SOURCE);
  }

  /** The port that has a name at a pod. */
  public static Optional<PortRange> port(Labels labels, String name) {
    return labels.get(SOURCE + name).flatMap(PortLabels::range);
  }

  /** Whether a label, {@code source:key}, tells a port. */
  static boolean isPort(String key) {
    return key.startsWith(SOURCE);
  }

  private static Optional<PortRange> range(String value) {
    var matcher = VALUE.matcher(value);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int port = Integer.parseInt(matcher.group(1));
    int protocol =
        switch (matcher.group(2)) {
          case "TCP" -> PortRange.TCP;
          case "UDP" -> PortRange.UDP;
          default -> PortRange.SCTP;
        };
    return port < 1 || port > 65535
        ? Optional.empty()
        : Optional.of(new PortRange(protocol, port, port));
  }
}
