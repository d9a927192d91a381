package io.sekisho.console.nodes;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Clusters;
import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.nodes.ClusterModel.Mark;
import io.sekisho.console.nodes.ClusterModel.Row;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.ConsoleView;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Menus;
import io.sekisho.console.ui.PathEnds;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scope.Topic;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.StatePage;
import io.sekisho.console.ui.Theme;
import io.sekisho.console.ui.ViewHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jface.action.Action;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Menu;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.swt.widgets.TreeColumn;
import org.eclipse.swt.widgets.TreeItem;

/** Clusters with their namespaces and nodes; selecting one narrows every view of the window. */
public final class ClustersView extends ConsoleView {
  /** A value that is as wide as one gets, and the space around it. */
  private static final int VALUE_MARGIN = 12;

  private static final String OPEN_RULE = "io.sekisho.console.policy.openRule";

  private final List<TreeItem> unfold = new ArrayList<>();
  private Optional<Pieces> pieces = Optional.empty();

  /** What is made anew with the theme. */
  private record Pieces(Look look, StatePage page, Tree tree) {}

  @Override
  protected void createContents(Composite root, Look look) {
    Theme theme = look.theme();
    root.setBackground(theme.panel());
    GridLayout layout = new GridLayout(1, false);
    layout.marginWidth = 0;
    layout.marginHeight = 0;
    layout.verticalSpacing = 0;
    root.setLayout(layout);
    new ViewHead(root, look, theme.panel(), Texts.title_clusters).done();
    StatePage page = new StatePage(root, look, theme.panel());
    Tree tree = new Tree(page.contents(), SWT.FULL_SELECTION | SWT.SINGLE);
    tree.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    tree.setBackground(theme.panel());
    tree.setForeground(theme.text());
    new TreeColumn(tree, SWT.LEFT); // names
    new TreeColumn(tree, SWT.RIGHT); // values
    tree.addListener(SWT.Resize, e -> fit(tree));
    tree.addListener(SWT.Selection, e -> row(e.item).ifPresent(this::selected));
    tree.addListener(SWT.DefaultSelection, e -> row(e.item).ifPresent(this::opened));
    tree.addListener(SWT.Expand, e -> tree.getDisplay().asyncExec(this::refresh));
    tree.addListener(SWT.MenuDetect, e -> menu(tree, e));
    RowDrag.install(tree);
    pieces = Optional.of(new Pieces(look, page, tree));
    Runnable clusters =
        () -> {
          if (!tree.isDisposed()) {
            tree.getDisplay().asyncExec(this::refresh);
          }
        };
    Clusters.shared().addListener(clusters);
    tree.addDisposeListener(e -> Clusters.shared().removeListener(clusters));
    refresh();
  }

  /** What the longest value takes: names need the room more. By the font of the desktop. */
  private static int valueWidth(Tree tree) {
    var gc = new GC(tree);
    try {
      return gc.textExtent(longest(tree.getItems(), "")).x + VALUE_MARGIN;
    } finally {
      gc.dispose();
    }
  }

  private static String longest(TreeItem[] items, String so) {
    String longest = so;
    for (TreeItem item : items) {
      String value = item.getText(1);
      longest = value.length() > longest.length() ? value : longest;
      if (item.getExpanded()) {
        longest = longest(item.getItems(), longest);
      }
    }
    return longest;
  }

  private static void fit(Tree tree) {
    int width = tree.getClientArea().width;
    int values = Math.min(valueWidth(tree), width / 2);
    tree.getColumn(1).setWidth(values);
    tree.getColumn(0).setWidth(Math.max(60, width - values));
  }

  @Override
  protected void changed(Topic topic) {
    switch (topic) {
      case SESSION, LINK, INVENTORY, TRAFFIC -> refresh();
      case SELECTION -> mark();
      case FILTER, PAUSE, FLOWS, REVISIONS -> {}
    }
  }

  private void refresh() {
    pieces.filter(p -> !p.tree().isDisposed()).ifPresent(this::fill);
  }

  private void fill(Pieces p) {
    List<Row> rows = ClusterModel.rows(Clusters.shared());
    if (rows.isEmpty()) {
      p.page().sentence(Texts.no_clusters);
      return;
    }
    p.page().contentsShown();
    boolean fresh = false;
    for (int i = 0; i < rows.size(); i++) {
      boolean made = p.tree().getItemCount() <= i;
      TreeItem item = made ? new TreeItem(p.tree(), SWT.NONE) : p.tree().getItem(i);
      put(item, rows.get(i), p.look());
      fresh |= made;
    }
    while (p.tree().getItemCount() > rows.size()) {
      p.tree().getItem(rows.size()).dispose();
    }
    unfold();
    int before = p.tree().getColumn(1).getWidth();
    if (Math.min(valueWidth(p.tree()), p.tree().getClientArea().width / 2) != before) {
      fit(p.tree());
    }
    if (fresh) {
      mark();
    }
  }

  /** Writes only what differs, so that nothing flickers and what is folded stays so. */
  private void put(TreeItem item, Row row, Look look) {
    Object before = item.getData();
    List<Row> children = seen(item, row);
    item.setData(row);
    if (!(before instanceof Row old) || !sameLine(old, row)) {
      Theme theme = look.theme();
      item.setText(new String[] {row.name(), row.value()});
      item.setFont(0, row.strong() ? look.fonts().bold() : look.fonts().normal());
      item.setForeground(1, row.mark() == Mark.DEGRADED ? theme.audit() : theme.faint());
      if (row.mark() != Mark.NONE) {
        item.setImage(0, icon(row.mark()).image(item.getDisplay(), colour(row.mark(), theme)));
      }
    }
    for (int i = 0; i < children.size(); i++) {
      TreeItem child = i < item.getItemCount() ? item.getItem(i) : new TreeItem(item, SWT.NONE);
      put(child, children.get(i), look);
    }
    while (item.getItemCount() > children.size()) {
      item.getItem(children.size()).dispose();
    }
    boolean grew = !(before instanceof Row was) || was.children().isEmpty();
    if (grew && !children.isEmpty() && !row.lazy()) {
      unfold.add(item);
    }
  }

  /** A folded row of many keeps one below it, so that it can be unfolded. */
  private static List<Row> seen(TreeItem item, Row row) {
    boolean hidden = row.lazy() && !item.getExpanded() && !row.children().isEmpty();
    return hidden ? row.children().subList(0, 1) : row.children();
  }

  /** What can be done with the row: the commands are those of other features. */
  private void menu(Tree tree, Event at) {
    MenuManager menu = new MenuManager();
    PathEnds ends =
        tree.getSelectionCount() == 1
            ? row(tree.getSelection()[0]).map(Row::path).orElse(new PathEnds("", ""))
            : new PathEnds("", "");
    boolean handled = Commands.handled(PathEnds.SHOW);
    Action from =
        Menus.action(
            Texts.action_path_from,
            () -> Commands.fire(PathEnds.SHOW, Map.of("source", ends.source())));
    from.setEnabled(handled && !ends.source().isEmpty());
    Action to =
        Menus.action(
            Texts.action_path_to,
            () -> Commands.fire(PathEnds.SHOW, Map.of("destination", ends.destination())));
    to.setEnabled(handled && !ends.destination().isEmpty());
    menu.add(from);
    menu.add(to);
    Menu made = menu.createContextMenu(tree);
    made.setLocation(at.x, at.y);
    made.addListener(SWT.Hide, e -> tree.getDisplay().asyncExec(menu::dispose));
    made.setVisible(true);
  }

  /** Parents first: an item below a folded one can't be unfolded. */
  private void unfold() {
    unfold.reversed().forEach(item -> item.setExpanded(true));
    unfold.clear();
  }

  private static boolean sameLine(Row a, Row b) {
    return a.name().equals(b.name())
        && a.value().equals(b.value())
        && a.mark() == b.mark()
        && a.strong() == b.strong();
  }

  private static Icons icon(Mark mark) {
    return switch (mark) {
      case GOOD, NONE -> Icons.GOOD;
      case DEGRADED -> Icons.DEGRADED;
      case TROUBLE -> Icons.DROPPED;
      case UNKNOWN -> Icons.UNKNOWN;
    };
  }

  private static Color colour(Mark mark, Theme theme) {
    return switch (mark) {
      case GOOD, NONE -> theme.forwarded();
      case DEGRADED -> theme.audit();
      case TROUBLE -> theme.dropped();
      case UNKNOWN -> theme.unknown();
    };
  }

  private static Optional<Row> row(Object item) {
    return item instanceof TreeItem t && t.getData() instanceof Row r
        ? Optional.of(r)
        : Optional.empty();
  }

  private void selected(Row row) {
    Clusters.shared().session(row.cluster()).ifPresent(s -> scope().show(Optional.of(s)));
    row.select().ifPresent(scope()::select);
  }

  private void opened(Row row) {
    if (row.key().startsWith(KubernetesRows.POLICY) && Commands.handled(OPEN_RULE)) {
      selected(row); // the document is looked for in the window's cluster
      String[] words = row.key().substring(KubernetesRows.POLICY.length()).split(" ", 2);
      Commands.fire(OPEN_RULE, Map.of("kind", words[0], "rule", words[1]));
      return;
    }
    Optional<ClusterSession> open = Clusters.shared().session(row.cluster());
    if (open.isEmpty()) {
      for (ConnectionProfile profile : Clusters.shared().profiles()) {
        if (profile.name().equals(row.cluster())) {
          scope().show(Optional.of(Clusters.shared().open(profile)));
        }
      }
    }
  }

  /** Shows in the tree what another view has selected. */
  private void mark() {
    pieces
        .filter(p -> !p.tree().isDisposed())
        .ifPresent(
            p -> {
              Selected wanted = scope().selected();
              String cluster = scope().session().map(s -> s.profile().name()).orElse("");
              Optional<TreeItem> found =
                  wanted instanceof Selected.Nothing
                      ? Optional.empty()
                      : find(p.tree().getItems(), wanted, cluster);
              if (already(p.tree(), wanted)) {
                return;
              }
              if (found.isPresent()) {
                p.tree().setSelection(found.get());
              } else if (!isCluster(p.tree())) {
                p.tree().deselectAll();
              }
            });
  }

  /** Whether the selected row stands for it: several pods stand for one workload. */
  private static boolean already(Tree tree, Selected wanted) {
    return tree.getSelectionCount() == 1
        && row(tree.getSelection()[0]).flatMap(Row::select).filter(wanted::equals).isPresent();
  }

  private static boolean isCluster(Tree tree) {
    return tree.getSelectionCount() == 1 && tree.getSelection()[0].getParentItem() == null;
  }

  private static Optional<TreeItem> find(TreeItem[] items, Selected wanted, String cluster) {
    for (TreeItem item : items) {
      Optional<Row> row = row(item).filter(r -> r.cluster().equals(cluster));
      if (row.flatMap(Row::select).filter(wanted::equals).isPresent()) {
        return Optional.of(item);
      }
      Optional<TreeItem> below = find(item.getItems(), wanted, cluster);
      if (below.isPresent()) {
        return below;
      }
    }
    return Optional.empty();
  }

  /** The scope, for tests. */
  public Scope looksAt() {
    return scope();
  }
}
