package io.sekisho.lab.traffic;

import io.sekisho.lab.LabException;
import io.sekisho.lab.LabNames;
import io.sekisho.netlink.NetworkNamespace;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;

/**
 * A network namespace by name, where sockets are opened.
 *
 * @param namespace its name below {@code /run/netns}, or the path of what stands for it: {@code
 *     /proc/1234/ns/net}
 */
public record Place(String namespace) {
  /** Does something inside; what it opens stays inside, whoever uses it. */
  public <T> T call(Callable<T> work) {
    try (NetworkNamespace inside = NetworkNamespace.open(LabNames.file(namespace))) {
      return inside.call(work);
    }
  }

  /** A thread that stays inside until it is shut down; what it runs must not throw. */
  public ExecutorService executor(String threadName) {
    try (NetworkNamespace inside = NetworkNamespace.open(LabNames.file(namespace))) {
      ExecutorService thread = inside.executor(threadName);
      // once it is inside it needs the namespace's descriptor no more
      thread.submit(() -> threadName).get();
      return thread;
    } catch (ExecutionException e) {
      throw new IllegalStateException("no thread in " + namespace, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException(LabException.Code.TIMEOUT, "interrupted", e);
    }
  }
}
