package io.sekisho.console.flows;

import io.sekisho.console.ui.Background;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowRecords;
import io.sekisho.flow.recording.Recording;
import io.sekisho.flow.recording.RecordingException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Reads a recording flow by flow, and keeps the newest. */
final class RecordingReader {
  /** As many as a session holds: the table is made for them. */
  private static final int KEPT = 20_000;

  private final Path folder;
  private final CompletableFuture<Read> result = new CompletableFuture<>();

  /** The newest flows, and how many there are in all. */
  record Read(List<FlowRecord> newestFirst, Recording.Contents contents) {}

  RecordingReader(Path folder) {
    this.folder = folder;
  }

  /** Begins; cancelling the future ends the reading. */
  CompletableFuture<Read> read() {
    Background.workers().execute(this::run);
    return result;
  }

  private void run() {
    var newest = new ArrayDeque<FlowRecord>(KEPT);
    try {
      Recording.Contents contents =
          Recording.replay(
              folder,
              flow -> {
                if (result.isCancelled()) {
                  throw new CancellationException();
                }
                if (newest.size() == KEPT) {
                  newest.removeFirst();
                }
                newest.addLast(FlowRecords.from(flow));
              });
      List<FlowRecord> sorted = new ArrayList<>(newest);
      sorted.sort(Comparator.comparingLong(FlowRecord::timeNanos).reversed());
      result.complete(new Read(sorted, contents));
    } catch (RecordingException | RuntimeException e) {
      result.completeExceptionally(new CompletionException(e)); // after cancelling it says nothing
    }
  }
}
