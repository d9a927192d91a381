package io.sekisho.testkit.dataplane;

/** A program of the dataplane, where a packet meets it. */
public enum Hook {
  FROM_OVERLAY("from_overlay"),
  FROM_ENDPOINT("from_endpoint"),
  TO_ENDPOINT("to_endpoint"),
  TO_OVERLAY("to_overlay"),
  /** None: what measuring itself takes. */
  NONE("nothing");

  private final String program;

  Hook(String program) {
    this.program = program;
  }

  /** The program's name. */
  String program() {
    return program;
  }
}
