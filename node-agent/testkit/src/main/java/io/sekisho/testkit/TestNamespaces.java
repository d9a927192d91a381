package io.sekisho.testkit;

import io.sekisho.netlink.NetworkNamespace;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Network namespaces of a test, taken away with it. Their names begin with a prefix that no other
 * test run has, see {@link #prefix}. What killed test runs left goes when the first ones are made.
 */
public final class TestNamespaces implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private static final AtomicBoolean SWEPT = new AtomicBoolean();

  private final String prefix;
  private final Deque<String> names = new ArrayDeque<>();
  private final Deque<NetworkNamespace> open = new ArrayDeque<>();

  /** Namespaces of a module, for example {@code agent}. */
  public TestNamespaces(String module) {
    if (SWEPT.compareAndSet(false, true)) {
      Leftovers.sweep();
    }
    this.prefix = "sk" + module + ProcessHandle.current().pid() + "-" + COUNT.getAndIncrement();
  }

  /** What all names begin with: {@code sk}, the module, the process. */
  public String prefix() {
    return prefix;
  }

  /** Makes a namespace with its loopback interface up. */
  public NetworkNamespace create(String name) {
    String full = prefix + "-" + name;
    NetworkNamespace made = NetworkNamespace.create(full);
    names.push(full);
    open.push(made);
    return made;
  }

  @Override
  public void close() {
    open.forEach(NetworkNamespace::close);
    names.forEach(NetworkNamespace::delete);
    open.clear();
    names.clear();
  }
}
