package io.sekisho.console.core.kubernetes;

/** How it stands with the API server. */
public sealed interface ApiState {
  /** It is being called. */
  record Connecting() implements ApiState {}

  /** It answers; its version. */
  record Connected(String version) implements ApiState {}

  /** It does not answer, or refuses us: one sentence, and since when (ms since the epoch). */
  record Failed(String message, long sinceMillis) implements ApiState {}
}
