package io.sekisho.netlink;

import java.util.ArrayDeque;
import java.util.Deque;

/** Namespaces of one test, taken away with it. */
final class TestNamespaces implements AutoCloseable {
  private static int count;

  private final Deque<String> names = new ArrayDeque<>();
  private final Deque<NetworkNamespace> open = new ArrayDeque<>();

  NetworkNamespace create() {
    String name = "sknl" + ProcessHandle.current().pid() + "-" + count++;
    NetworkNamespace made = NetworkNamespace.create(name);
    names.push(name);
    open.push(made);
    return made;
  }

  @Override
  public void close() {
    open.forEach(NetworkNamespace::close);
    names.forEach(NetworkNamespace::delete);
  }
}
