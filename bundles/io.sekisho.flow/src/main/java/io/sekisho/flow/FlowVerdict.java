package io.sekisho.flow;

/** What became of a flow's packet, as the operator sees it. */
public enum FlowVerdict {
  FORWARDED,
  DROPPED,
  AUDITED,
  UNKNOWN
}
