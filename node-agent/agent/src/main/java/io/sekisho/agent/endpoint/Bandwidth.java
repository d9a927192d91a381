package io.sekisho.agent.endpoint;

/**
 * How much a pod may send and receive, as it was asked for when the pod was made.
 *
 * @param egress bits a second that it may send, 0 without a limit
 * @param ingress bits a second that it may receive, 0 without a limit
 */
public record Bandwidth(long egress, long ingress) {
  /** Without limits. */
  public static final Bandwidth UNLIMITED = new Bandwidth(0, 0);
}
