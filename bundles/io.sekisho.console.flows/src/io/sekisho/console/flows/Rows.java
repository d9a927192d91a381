package io.sekisho.console.flows;

import io.sekisho.flow.FlowRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * The rows of the table at one moment; immutable.
 *
 * @param flows in the order of the table
 * @param matching how many flows match, of which the first are the rows
 * @param seen flows that the session had seen
 * @param query what was asked
 */
record Rows(List<FlowRecord> flows, int matching, long seen, Query query) {
  /**
   * What is asked of the newest flows.
   *
   * @param filter text and selection together
   * @param column to sort by
   * @param ascending direction
   * @param limit rows at most
   */
  record Query(Predicate<FlowRecord> filter, FlowColumn column, boolean ascending, int limit) {
    boolean newestFirst() {
      return column == FlowColumn.TIME && !ascending;
    }
  }

  /** Nothing. */
  static final Rows NONE =
      new Rows(List.of(), 0, 0, new Query(f -> true, FlowColumn.TIME, false, 0));

  /**
   * Filters, sorts and cuts; for a worker thread.
   *
   * @param newestFirst all flows
   */
  static Rows of(List<FlowRecord> newestFirst, long seen, Query query) {
    List<FlowRecord> found = new ArrayList<>();
    int matching = 0;
    for (FlowRecord flow : newestFirst) {
      if (query.filter().test(flow)) {
        matching++;
        if (!query.newestFirst() || found.size() < query.limit()) {
          found.add(flow);
        }
      }
    }
    if (!query.newestFirst()) {
      Comparator<FlowRecord> order = query.column().order();
      found.sort(query.ascending() ? order : order.reversed());
    }
    List<FlowRecord> cut = found.size() > query.limit() ? found.subList(0, query.limit()) : found;
    return new Rows(List.copyOf(cut), matching, seen, query);
  }
}
