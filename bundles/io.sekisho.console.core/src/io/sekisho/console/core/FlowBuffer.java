package io.sekisho.console.core;

import io.sekisho.flow.FlowRecord;
import java.util.List;

/**
 * The newest flows at one moment; immutable.
 *
 * @param newestFirst at most the buffer's capacity
 * @param seen flows since the session began
 * @param lost events known to be lost since the session began
 */
public record FlowBuffer(List<FlowRecord> newestFirst, long seen, long lost) {
  /** No flow yet. */
  public static final FlowBuffer EMPTY = new FlowBuffer(List.of(), 0, 0);
}
