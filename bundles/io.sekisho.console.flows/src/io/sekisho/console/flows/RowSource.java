package io.sekisho.console.flows;

import io.sekisho.console.core.FlowBuffer;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;

/**
 * Makes rows on a worker: of several requests only the newest is worked on, and rows arrive on the
 * UI thread while the owner lives.
 */
final class RowSource {
  private record Request(FlowBuffer flows, Rows.Query query) {}

  private final Control owner;
  private final Display display;
  private final Consumer<Rows> sink;
  private final AtomicReference<Optional<Request>> newest = new AtomicReference<>(Optional.empty());
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("flow rows").factory());

  RowSource(Control owner, Consumer<Rows> sink) {
    this.owner = owner;
    this.display = owner.getDisplay();
    this.sink = sink;
    owner.addDisposeListener(e -> worker.shutdownNow());
  }

  /** UI thread. */
  void ask(FlowBuffer flows, Rows.Query query) {
    if (newest.getAndSet(Optional.of(new Request(flows, query))).isEmpty()) {
      worker.execute(this::work);
    }
  }

  private void work() {
    newest
        .getAndSet(Optional.empty())
        .ifPresent(
            request -> {
              FlowBuffer flows = request.flows();
              Rows rows = Rows.of(flows.newestFirst(), flows.seen(), request.query());
              if (!display.isDisposed()) {
                display.asyncExec(() -> deliver(rows));
              }
            });
  }

  private void deliver(Rows rows) {
    if (!owner.isDisposed()) {
      sink.accept(rows);
    }
  }
}
