package io.sekisho.console.core;

import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.flow.recording.FlowRecorder;
import io.sekisho.flow.recording.RecordingException;
import java.nio.file.Path;
import java.util.Optional;

/** Where a session's flows are recorded, if they are. Safe for threads. */
public final class FlowTap {
  private final Runnable changed;
  private volatile Optional<FlowRecorder> recorder = Optional.empty();

  /**
   * Nothing is recorded.
   *
   * @param changed called when a recording has begun or ended, on the thread that did it
   */
  public FlowTap(Runnable changed) {
    this.changed = changed;
  }

  /**
   * Writes flows into a folder as they come, in the place of the recording before. Touches the
   * disk.
   *
   * @throws RecordingException if nothing can be written there
   */
  public void record(Path folder) throws RecordingException {
    synchronized (this) {
      end();
      recorder = Optional.of(FlowRecorder.open(folder));
    }
    changed.run();
  }

  /** Ends the recording, if there is one; waits for the disk. */
  public void stop() {
    synchronized (this) {
      end();
    }
    changed.run();
  }

  private void end() {
    Optional<FlowRecorder> old = recorder;
    recorder = Optional.empty();
    old.ifPresent(FlowRecorder::close);
  }

  /** The recording under way, or one that failed and was not ended yet. */
  public Optional<FlowRecorder> recorder() {
    return recorder;
  }

  /** Never waits. */
  void accept(GetFlowsResponse response) {
    switch (response.getResponseTypesCase()) {
      case FLOW -> recorder.ifPresent(r -> r.offer(response.getFlow()));
      case LOST_EVENTS ->
          recorder.ifPresent(r -> r.lost(response.getLostEvents().getNumEventsLost()));
      case NODE_STATUS, RESPONSETYPES_NOT_SET -> {}
    }
  }
}
