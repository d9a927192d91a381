package io.sekisho.libbpf;

/**
 * What a program shall be run over.
 *
 * @param packet bytes from the Ethernet header on
 * @param context the {@code struct __sk_buff} (or other context) to begin with, empty for none
 * @param repeat how often, at least 1
 */
public record TestRun(byte[] packet, byte[] context, int repeat) {
  /** One run over a packet. */
  public static TestRun of(byte[] packet) {
    return new TestRun(packet, new byte[0], 1);
  }

  /** The same with a context. */
  public TestRun context(byte[] newContext) {
    return new TestRun(packet, newContext, repeat);
  }

  /** The same, repeated. */
  public TestRun repeat(int times) {
    return new TestRun(packet, context, times);
  }

  /**
   * What came of it.
   *
   * @param returnValue what the program returned, such as TC_ACT_OK
   * @param packet the bytes after the run
   * @param context the context after the run
   * @param nanosPerRun average duration
   */
  public record Result(int returnValue, byte[] packet, byte[] context, long nanosPerRun) {}
}
