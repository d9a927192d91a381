package io.sekisho.cni;

import io.sekisho.cni.wire.CniCommand;
import io.sekisho.cni.wire.CniException;
import io.sekisho.cni.wire.CniException.Code;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the runtime says through the environment; only what the command needs is demanded.
 *
 * @param command CNI_COMMAND
 * @param containerId CNI_CONTAINERID, or empty
 * @param networkNamespace CNI_NETNS, or empty
 * @param interfaceName CNI_IFNAME, or empty
 * @param args CNI_ARGS taken apart
 */
record Invocation(
    CniCommand command,
    String containerId,
    String networkNamespace,
    String interfaceName,
    Map<String, String> args) {
  /** IFNAMSIZ of linux/if.h without the final zero. */
  private static final int MAX_INTERFACE_NAME = 15;

  /**
   * Reads and validates the environment.
   *
   * @throws CniException with INVALID_ENVIRONMENT that names the variable
   */
  static Invocation of(Map<String, String> environment) {
    CniCommand command = command(environment.get("CNI_COMMAND"));
    boolean attached = attached(command);
    String container = text(environment, "CNI_CONTAINERID", attached);
    String namespace =
        text(environment, "CNI_NETNS", command == CniCommand.ADD || command == CniCommand.CHECK);
    String name = text(environment, "CNI_IFNAME", attached);
    if (attached) {
      requireContainerId(container);
      requireInterfaceName(name);
    }
    return new Invocation(command, container, namespace, name, args(environment.get("CNI_ARGS")));
  }

  /** Whether the command is about one interface of one container. */
  private static boolean attached(CniCommand command) {
    return switch (command) {
      case ADD, DEL, CHECK -> true;
      case VERSION, STATUS, GC -> false;
    };
  }

  private static CniCommand command(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      throw invalid("CNI_COMMAND is not set");
    }
    for (CniCommand command : CniCommand.values()) {
      if (command.name().equals(text)) {
        return command;
      }
    }
    throw invalid("CNI_COMMAND is \"" + text + "\", known are ADD DEL CHECK GC STATUS VERSION");
  }

  private static String text(Map<String, String> environment, String name, boolean required) {
    String text = environment.getOrDefault(name, "");
    if (required && text.isEmpty()) {
      throw invalid(name + " is not set");
    }
    return text;
  }

  /** CNI specification 1.1: alphanumeric first, then alphanumerics, underscore, dot and hyphen. */
  private static void requireContainerId(String id) {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean alphanumeric = c < 128 && Character.isLetterOrDigit(c);
      if (!alphanumeric && (i == 0 || "_.-".indexOf(c) < 0)) {
        throw invalid("CNI_CONTAINERID has the character '" + c + "' at " + (i + 1));
      }
    }
  }

  private static void requireInterfaceName(String name) {
    if (name.length() > MAX_INTERFACE_NAME) {
      throw invalid("CNI_IFNAME is longer than " + MAX_INTERFACE_NAME + " characters");
    }
    boolean bad = name.equals(".") || name.equals("..");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      bad |= c <= ' ' || c >= 127 || c == '/' || c == ':';
    }
    if (bad) {
      throw invalid("CNI_IFNAME is not a name that an interface can have");
    }
  }

  private static Map<String, String> args(@Nullable String text) {
    Map<String, String> args = new LinkedHashMap<>();
    String rest = text == null ? "" : text;
    while (!rest.isEmpty()) {
      int end = rest.indexOf(';');
      String pair = end < 0 ? rest : rest.substring(0, end);
      rest = end < 0 ? "" : rest.substring(end + 1);
      int equals = pair.indexOf('=');
      if (equals <= 0 && !pair.isEmpty()) {
        throw invalid("CNI_ARGS has \"" + pair + "\", which is not KEY=VALUE");
      }
      if (!pair.isEmpty()) {
        args.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return args;
  }

  private static CniException invalid(String message) {
    return new CniException(Code.INVALID_ENVIRONMENT, message);
  }
}
