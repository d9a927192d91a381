package io.sekisho.agent.revision;

/** Takes what became of an {@link Intent} in this node's datapath; calls return at once. */
public interface Realization {
  /**
   * Every policy table of the node now says what the revision says.
   *
   * @param endpoints how many endpoints it was realized for
   */
  void realized(long revision, int endpoints);

  /** The revision could not be realized; the last one that could stays. */
  void failed(long revision, String message);
}
