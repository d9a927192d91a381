package io.sekisho.cni.wire;

/** What a container runtime asks for: the values of CNI_COMMAND (CNI specification 1.1). */
public enum CniCommand {
  /** Give a container an interface. */
  ADD,
  /** Take the interface away; succeeds if it is gone already. */
  DEL,
  /** Say whether the interface is as ADD left it. */
  CHECK,
  /** Take away what belongs to no attachment that the request names. */
  GC,
  /** Say whether ADD would be served. */
  STATUS,
  /** Name the supported versions of the specification. */
  VERSION
}
