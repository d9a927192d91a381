package io.sekisho.lab.matrix;

/**
 * A connection that is tried.
 *
 * @param from who opens it: a pod, {@code x/a}, or a machine outside
 * @param to who serves it
 * @param protocol its transport
 * @param port the server's port
 * @param v6 whether by IPv6
 */
record Link(String from, String to, Protocol protocol, int port, boolean v6) {
  /** {@code x/a to y/b 80/TCP IPv4}. */
  @Override
  public String toString() {
    return from + " to " + to + " " + port + "/" + protocol + (v6 ? " IPv6" : " IPv4");
  }
}
