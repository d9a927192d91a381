package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterInventory;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.FlowClient.Recorded;
import io.sekisho.console.ui.Background;
import io.sekisho.flow.recording.Recording;
import io.sekisho.flow.recording.RecordingException;
import io.sekisho.impact.seen.Gathering;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/** Which recorded flows a draft is held against. */
sealed interface FlowSpan {
  /** What people call it: {@code last 5 min}. */
  String words();

  /** Gets the flows; the consumer hears how many came so far, on another thread. */
  CompletableFuture<Recorded> read(ClusterSession session, LongConsumer counted);

  /** What the agents still have of the time before now. */
  record Last(Duration span) implements FlowSpan {
    @Override
    public String words() {
      return Texts.bind(Texts.span_last, io.sekisho.console.ui.Format.span(span.toNanos()));
    }

    @Override
    public CompletableFuture<Recorded> read(ClusterSession session, LongConsumer counted) {
      return session.recorded().since(Instant.now().minus(span), counted);
    }
  }

  /** The flows of a recording, in its folder. */
  record Folder(Path path) implements FlowSpan {
    private static final long STEP = 2_000;

    @Override
    public String words() {
      return Texts.bind(Texts.span_recording, path.getFileName());
    }

    @Override
    public CompletableFuture<Recorded> read(ClusterSession session, LongConsumer counted) {
      CompletableFuture<Recorded> read = new CompletableFuture<>();
      Background.workers().execute(() -> gather(session.inventory(), counted, read));
      return read;
    }

    private void gather(
        ClusterInventory inventory, LongConsumer counted, CompletableFuture<Recorded> read) {
      var gathering = new Gathering(inventory.named()::labels);
      try {
        Recording.Contents contents =
            Recording.replay(
                path,
                flow -> {
                  gathering.add(flow);
                  if (gathering.flows() % STEP == 0) {
                    counted.accept(gathering.flows());
                    unlessCancelled(read);
                  }
                });
        read.complete(new Recorded(gathering.traffic(), List.of(), contents.damagedBytes()));
      } catch (RecordingException | RuntimeException e) {
        read.completeExceptionally(e); // after cancelling it says nothing
      }
    }

    private static void unlessCancelled(CompletableFuture<?> read) {
      if (read.isCancelled()) {
        throw new CancellationException();
      }
    }
  }
}
