package io.sekisho.console.core;

import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.flow.recording.FlowRecorder;
import io.sekisho.flow.recording.RecordingException;
import java.nio.file.Path;
import java.util.Optional;

/** Where a session's flows are recorded, if they are. Safe for threads. */
final class FlowTap {
  private volatile Optional<FlowRecorder> recorder = Optional.empty();

  /** Begins a recording in the place of the one before. */
  synchronized void record(Path folder) throws RecordingException {
    stop();
    recorder = Optional.of(FlowRecorder.open(folder));
  }

  /** Ends the recording. */
  synchronized void stop() {
    Optional<FlowRecorder> old = recorder;
    recorder = Optional.empty();
    old.ifPresent(FlowRecorder::close);
  }

  Optional<FlowRecorder> recorder() {
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
