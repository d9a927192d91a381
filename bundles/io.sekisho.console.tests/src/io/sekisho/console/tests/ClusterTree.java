package io.sekisho.console.tests;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.swt.widgets.TreeItem;

/** The tree of clusters, by hand: unfolds, selects, double-clicks. */
final class ClusterTree {
  private ClusterTree() {}

  private static Tree tree() {
    return (Tree)
        Ui.find(Ui.shell(), c -> c instanceof Tree t && t.isVisible() && t.getColumnCount() == 2)
            .orElseThrow();
  }

  /** Unfolds a namespace and waits for a row of it. */
  static void await(String namespace, String row) {
    Ui.await(
        row,
        () -> {
          find(namespace).filter(i -> !i.getExpanded()).ifPresent(ClusterTree::unfold);
          return find(row).isPresent();
        });
  }

  private static void unfold(TreeItem item) {
    item.setExpanded(true);
    Event event = new Event();
    event.item = item;
    item.getParent().notifyListeners(SWT.Expand, event);
  }

  private static Optional<TreeItem> find(String text) {
    Deque<TreeItem> left = new ArrayDeque<>(List.of(tree().getItems()));
    while (!left.isEmpty()) {
      TreeItem item = left.remove();
      if (item.getText().equals(text)) {
        return Optional.of(item);
      }
      left.addAll(Arrays.asList(item.getItems()));
    }
    return Optional.empty();
  }

  /** A click on a row. */
  static void select(String text) {
    act(text, SWT.Selection);
  }

  /** A double click on a row. */
  static void open(String text) {
    act(text, SWT.DefaultSelection);
  }

  private static void act(String text, int type) {
    Ui.run(
        () -> {
          TreeItem item = find(text).orElseThrow(() -> new AssertionError("no row " + text));
          item.getParent().setSelection(item);
          Event event = new Event();
          event.item = item;
          item.getParent().notifyListeners(type, event);
        });
  }
}
