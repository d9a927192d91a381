package io.sekisho.policy;

/** Which way a connection is opened, seen from the endpoint that decides. */
public enum Direction {
  /** To the endpoint. */
  INGRESS,
  /** From the endpoint. */
  EGRESS
}
