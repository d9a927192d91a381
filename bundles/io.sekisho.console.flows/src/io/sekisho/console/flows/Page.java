package io.sekisho.console.flows;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Sheet;

/** What the details say about one kind of selection. */
interface Page {
  /** What the page is made of: while it stays equal, the page is only redrawn; else made anew. */
  Object key(Scope scope, ClusterSession session);

  /** Writes the page; suppliers read the session again at every redraw. */
  void write(Sheet sheet, Scope scope, ClusterSession session);
}
