package io.sekisho.console.core;

/** State of the connection to a cluster. */
public sealed interface Link {
  /** A connection is being made. */
  record Connecting() implements Link {}

  /** Connected to an agent. */
  record Connected(String agent) implements Link {}

  /** Lost or never made: why, since when, and when it is tried again (ms since the epoch). */
  record Disconnected(String message, long sinceMillis, long retryAtMillis) implements Link {}

  /** The agent refuses us: which role is needed. */
  record Refused(String message) implements Link {}

  /** Closed by the operator. */
  record Closed() implements Link {}
}
