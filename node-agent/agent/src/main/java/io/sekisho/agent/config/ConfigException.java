package io.sekisho.agent.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration cannot be used; says everything that is wrong with it at once. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure. */
  public enum Code {
    /** The file cannot be read. */
    UNREADABLE,
    /** The file is not YAML. */
    SYNTAX,
    /** Keys or values are wrong. */
    INVALID
  }

  /**
   * One thing that is wrong.
   *
   * @param line from 1, 0 where there is none
   * @param column from 1, 0 where there is none
   * @param message one sentence that names the key
   */
  public record Problem(int line, int column, String message) {
    @Override
    public String toString() {
      return line == 0 ? message : "line " + line + ", column " + column + ": " + message;
    }
  }

  private final Code code;
  private final transient List<Problem> problems;

  /** Everything that is wrong with one source, for example a file's name. */
  public ConfigException(Code code, String source, List<Problem> problems) {
    super(problems.stream().map(p -> "\n  " + p).collect(Collectors.joining("", source + ":", "")));
    this.code = code;
    this.problems = List.copyOf(problems);
  }

  /** What kind of failure. */
  public Code code() {
    return code;
  }

  /** All of it, by line. */
  public List<Problem> problems() {
    return problems;
  }
}
