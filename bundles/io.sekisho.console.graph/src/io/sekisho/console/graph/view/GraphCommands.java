package io.sekisho.console.graph.view;

import io.sekisho.console.graph.model.GraphNode;
import io.sekisho.console.graph.model.Grouping;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jface.action.IMenuManager;
import org.eclipse.jface.action.Separator;

/** All commands of the graph, in the order of the menus. */
final class GraphCommands {
  private final GraphViewer viewer;
  private final List<List<GraphCommand>> groups;

  GraphCommands(GraphViewer viewer, Runnable asTable) {
    this.viewer = viewer;
    groups =
        List.of(
            List.of(
                new GraphCommand("command.details", viewer::details, this::hasSelection),
                new GraphCommand("command.unfold", this::unfold, () -> foldable().isPresent()),
                new GraphCommand("command.unpin", this::unpin, this::selectionPinned)),
            List.of(
                new GraphCommand("command.fit", viewer::fit, this::hasScene),
                new GraphCommand("command.zoomIn", () -> viewer.zoom(true), this::hasScene),
                new GraphCommand("command.zoomOut", () -> viewer.zoom(false), this::hasScene),
                new GraphCommand("command.layOut", viewer::layOut, this::hasScene),
                new GraphCommand(
                    "command.unpinAll", viewer::unpinAll, () -> !viewer.pins().places().isEmpty())),
            List.of(
                by("command.byNamespace", Grouping.NAMESPACE),
                by("command.byFolded", Grouping.FOLDED),
                by("command.byNone", Grouping.NONE)),
            List.of(new GraphCommand("command.asTable", asTable, () -> true)));
  }

  private GraphCommand by(String key, Grouping grouping) {
    return new GraphCommand(
        key,
        () -> viewer.fold(viewer.folding().by(grouping)),
        () -> viewer.folding().grouping() != grouping);
  }

  /** Fills a menu with what is possible now. */
  void fill(IMenuManager menu) {
    for (List<GraphCommand> group : groups) {
      group.forEach(c -> menu.add(c.asked()));
      menu.add(new Separator());
    }
  }

  /** Fills a menu with the groupings only. */
  void fillGroupings(IMenuManager menu) {
    groups.get(2).forEach(c -> menu.add(c.asked()));
  }

  private boolean hasScene() {
    return viewer.scene().isPresent();
  }

  private boolean hasSelection() {
    return !viewer.seen().selected().isEmpty();
  }

  private Optional<String> one() {
    Set<String> selected = viewer.seen().selected();
    return selected.size() == 1 ? selected.stream().findFirst() : Optional.empty();
  }

  /** What the selection folds or opens: itself, or the namespace around it. */
  private Optional<String> foldable() {
    return one()
        .flatMap(
            id ->
                id.startsWith(GraphNode.NAMESPACE) || id.startsWith(GraphNode.MORE)
                    ? Optional.of(id)
                    : viewer
                        .scene()
                        .flatMap(s -> s.model().node(id))
                        .map(GraphNode::group)
                        .filter(g -> !g.isEmpty())
                        .map(g -> GraphNode.NAMESPACE + g));
  }

  private void unfold() {
    foldable().ifPresent(viewer::unfold);
  }

  private boolean selectionPinned() {
    return one().filter(viewer.pins()::has).isPresent();
  }

  private void unpin() {
    one().ifPresent(viewer::unpin);
  }
}
