package io.sekisho.lab.traffic;

/** Traffic at a steady pace to an {@link Echo}; what does not come back is counted. */
public interface Stream extends AutoCloseable {
  /** What goes where, for reports. */
  String name();

  /** How much was sent so far: datagrams, blocks, connections or echo requests. */
  long sent();

  /**
   * Ends the sending and waits for the last answers.
   *
   * @return what came of it
   */
  Count finish();

  /** Ends without waiting. */
  @Override
  void close();

  /**
   * What came of a stream.
   *
   * @param name what went where
   * @param sent how much
   * @param lost how much of it did not come back
   * @param trouble the first error, empty without one
   */
  record Count(String name, long sent, long lost, String trouble) {
    @Override
    public String toString() {
      String end = trouble.isEmpty() ? "" : " (" + trouble + ")";
      return "%-34s sent %7d, lost %d%s".formatted(name, sent, lost, end);
    }
  }
}
