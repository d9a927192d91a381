package io.sekisho.console.app;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What was asked for at the start.
 *
 * @param connect profile to open
 * @param dark theme for this and later starts
 * @param perspective id of the perspective to show
 * @param help whether only the usage is wanted
 */
record Arguments(
    Optional<Path> connect, Optional<Boolean> dark, Optional<String> perspective, boolean help) {
  static final String USAGE =
      """
      sekisho-console [--connect FILE] [--theme light|dark] [--perspective operate|configure]
        --connect FILE   opens the cluster of a profile (JSON: name, addresses, ca, certificate, key)
        --theme          light or dark; kept for later starts
        --perspective    which perspective is shown first
      """;

  /**
   * Reads the arguments of the application; those of the platform (single dash) are not ours.
   *
   * @throws IllegalArgumentException with one sentence about the wrong one
   */
  static Arguments parse(String[] args) {
    Optional<Path> connect = Optional.empty();
    Optional<Boolean> dark = Optional.empty();
    Optional<String> perspective = Optional.empty();
    boolean help = false;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--connect" -> connect = Optional.of(Path.of(value(args, ++i)));
        case "--theme" -> dark = Optional.of(choice(args, ++i, "dark", "light"));
        case "--perspective" ->
            perspective =
                Optional.of(
                    choice(args, ++i, "configure", "operate")
                        ? ConfigurePerspective.ID
                        : OperatePerspective.ID);
        case "--help" -> help = true;
        default -> {
          if (args[i].startsWith("--")) {
            throw new IllegalArgumentException("'" + args[i] + "' is no argument of the console");
          }
        }
      }
    }
    return new Arguments(connect, dark, perspective, help);
  }

  private static String value(String[] args, int i) {
    if (i >= args.length) {
      throw new IllegalArgumentException("'" + args[i - 1] + "' needs a value");
    }
    return args[i];
  }

  private static boolean choice(String[] args, int i, String yes, String no) {
    String value = value(args, i).toLowerCase(Locale.ROOT);
    if (!value.equals(yes) && !value.equals(no)) {
      throw new IllegalArgumentException(
          "'" + args[i - 1] + "' is " + yes + " or " + no + ", not '" + value + "'");
    }
    return value.equals(yes);
  }
}
