package io.sekisho.console.nodes;

import io.sekisho.console.nodes.ClusterModel.Row;
import io.sekisho.console.ui.Dragged;
import io.sekisho.console.ui.Selected;
import java.util.Optional;
import org.eclipse.swt.dnd.DND;
import org.eclipse.swt.dnd.DragSource;
import org.eclipse.swt.dnd.DragSourceAdapter;
import org.eclipse.swt.dnd.DragSourceEvent;
import org.eclipse.swt.dnd.TextTransfer;
import org.eclipse.swt.dnd.Transfer;
import org.eclipse.swt.widgets.Tree;

/** Rows of the tree can be dragged, for example into a policy. */
final class RowDrag extends DragSourceAdapter {
  private final Tree tree;

  private RowDrag(Tree tree) {
    this.tree = tree;
  }

  static void install(Tree tree) {
    DragSource source = new DragSource(tree, DND.DROP_COPY);
    source.setTransfer(new Transfer[] {TextTransfer.getInstance()});
    source.addDragListener(new RowDrag(tree));
  }

  private Optional<Dragged> dragged() {
    return tree.getSelectionCount() == 1 && tree.getSelection()[0].getData() instanceof Row row
        ? row.select().flatMap(RowDrag::of)
        : Optional.empty();
  }

  /** What a row stands for, as others take it. */
  private static Optional<Dragged> of(Selected selected) {
    return switch (selected) {
      case Selected.Namespace n -> Optional.of(new Dragged.Namespace(n.name()));
      case Selected.Node n -> Optional.of(new Dragged.Node(n.name()));
      case Selected.Workload w -> Dragged.parse("workload " + w.key());
      case Selected.Pod p -> Dragged.parse("workload " + p.key());
      case Selected.Service s -> Optional.empty();
      case Selected.Nothing n -> Optional.empty();
      case Selected.Connection c -> Optional.empty();
      case Selected.Flow f -> Optional.empty();
      case Selected.Flows f -> Optional.empty();
    };
  }

  @Override
  public void dragStart(DragSourceEvent e) {
    e.doit = dragged().isPresent();
  }

  @Override
  public void dragSetData(DragSourceEvent e) {
    e.data = dragged().map(Dragged::text).orElse("");
  }
}
