package io.sekisho.console.flows;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.FlowBuffer;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.ConsoleView;
import io.sekisho.console.ui.Filters;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Menus;
import io.sekisho.console.ui.PathEnds;
import io.sekisho.console.ui.Press;
import io.sekisho.console.ui.Scope.Topic;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.StatePage;
import io.sekisho.console.ui.ViewHead;
import io.sekisho.console.ui.ViewState;
import io.sekisho.flow.FlowRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.jface.action.Action;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.jface.action.Separator;
import org.eclipse.jface.commands.ActionHandler;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Event;
import org.eclipse.ui.IWorkbenchCommandConstants;
import org.eclipse.ui.handlers.IHandlerService;

/**
 * The newest flows that match filter and selection. Follows while the newest row is in sight and
 * none is selected; else rows stand still and a bar counts what has come since.
 */
public final class FlowsView extends ConsoleView {
  private static final int[] LIMITS = {1_000, 5_000, Integer.MAX_VALUE};
  private static final int COUNTED_NEW = 5_000;

  private Optional<Pieces> pieces = Optional.empty();
  private FlowColumn sortColumn = FlowColumn.TIME;
  private boolean ascending;
  private int limit = LIMITS[0];
  private boolean joining;
  private String shownFilter = "";
  private Selected shownSelection = new Selected.Nothing();

  /** What is made anew with the theme. */
  private record Pieces(
      Look look,
      ViewHead head,
      NewBar bar,
      ColumnFilters filters,
      StatePage page,
      FlowTable table,
      RowSource source) {}

  @Override
  protected void createContents(Composite root, Look look) {
    GridLayout layout = new GridLayout(1, false);
    layout.marginWidth = 0;
    layout.marginHeight = 0;
    layout.verticalSpacing = 0;
    root.setLayout(layout);
    ViewHead head = new ViewHead(root, look, look.theme().ground(), "");
    buttons(head, look);
    NewBar bar = new NewBar(root, look, this::join);
    StatePage page = new StatePage(root, look, look.theme().ground());
    ColumnFilters filters = new ColumnFilters(page.contents(), look, () -> refresh(true));
    FlowTable table = new FlowTable(page.contents(), look, new TableEvents());
    filters.follow(table);
    table.widget().addListener(SWT.MenuDetect, this::cellMenu);
    handleCopy();
    RowSource source = new RowSource(root, this::arrived);
    pieces = Optional.of(new Pieces(look, head, bar, filters, page, table, source));
    shownFilter = scope().filter();
    shownSelection = scope().selected();
    refresh(true);
  }

  private void buttons(ViewHead head, Look look) {
    Composite right = head.right();
    Press.icon(
        right, look, Icons.PAUSE, Texts.action_pause, () -> scope().pause(!scope().paused()));
    Press.icon(
        right,
        look,
        Icons.FILTER,
        Texts.action_filters,
        () -> pieces.ifPresent(p -> p.filters().toggle()));
    menuIcon(right, look, Icons.COLUMNS, Texts.action_columns, this::columnMenu);
    menuIcon(right, look, Icons.EXPORT, Texts.action_export, this::exportMenu);
    Press[] rows = new Press[1];
    rows[0] =
        Press.menu(
            right, look, limitWords(limit), () -> Menus.open(limitMenu(), rows[0].control()));
    head.done();
  }

  private static void menuIcon(
      Composite parent,
      Look look,
      Icons icon,
      String name,
      java.util.function.Supplier<MenuManager> menu) {
    Press[] press = new Press[1];
    press[0] =
        Press.icon(parent, look, icon, name, () -> Menus.open(menu.get(), press[0].control()));
  }

  private static String limitWords(int limit) {
    return limit == Integer.MAX_VALUE
        ? Texts.rows_all
        : Texts.bind(Texts.rows_some, Format.count(limit));
  }

  private MenuManager limitMenu() {
    MenuManager menu = new MenuManager();
    for (int each : LIMITS) {
      menu.add(
          Menus.checked(
              limitWords(each),
              each == limit,
              () -> {
                limit = each;
                rebuildHead();
                refresh(true);
              }));
    }
    return menu;
  }

  private void rebuildHead() {
    pieces.ifPresent(
        p -> {
          for (var child : p.head().right().getChildren()) {
            child.dispose();
          }
          buttons(p.head(), p.look());
          p.head().right().requestLayout();
        });
  }

  private MenuManager columnMenu() {
    MenuManager menu = new MenuManager();
    pieces.ifPresent(
        p -> {
          List<FlowColumn> shown = p.table().shown();
          for (FlowColumn column : FlowColumn.values()) {
            menu.add(
                Menus.checked(
                    column.title(), shown.contains(column), () -> toggle(p.table(), column)));
          }
          menu.add(new Separator());
          menu.add(
              Menus.action(
                  Texts.action_default_columns,
                  () -> p.table().columns(new ArrayList<>(ColumnLayout.usual().entrySet()))));
        });
    return menu;
  }

  private static void toggle(FlowTable table, FlowColumn column) {
    List<Map.Entry<FlowColumn, Integer>> next = new ArrayList<>(ColumnLayout.load());
    if (!next.removeIf(e -> e.getKey() == column)) {
      next.add(Map.entry(column, column.width()));
    }
    if (!next.isEmpty()) {
      table.columns(next);
    }
  }

  private MenuManager exportMenu() {
    MenuManager menu = new MenuManager();
    pieces.ifPresent(
        p -> {
          List<FlowRecord> flows = p.table().rows().flows();
          menu.add(
              Menus.action(
                  Texts.action_export_csv,
                  () -> ExportDialog.open(getSite().getShell(), "csv", flows)));
          menu.add(
              Menus.action(
                  Texts.action_export_json,
                  () -> ExportDialog.open(getSite().getShell(), "json", flows)));
        });
    menu.add(new Separator());
    scope()
        .session()
        .ifPresent(
            s ->
                menu.add(
                    Menus.action(
                        s.tap().recorder().map(Recordings::words).orElse(Texts.record_start),
                        () -> Commands.fire(Recordings.RECORD))));
    menu.add(Menus.action(Texts.recording_open, () -> Commands.fire(Recordings.OPEN)));
    return menu;
  }

  private void cellMenu(Event event) {
    pieces.ifPresent(
        p -> {
          var point = p.table().widget().toControl(event.x, event.y);
          MenuManager menu = new MenuManager();
          p.table()
              .at(point.x, point.y)
              .ifPresent(
                  cell -> {
                    terms(menu, cell.getKey(), cell.getValue());
                    menu.add(path(cell.getValue()));
                  });
          menu.add(Menus.action(Texts.action_copy, this::copy));
          var made = menu.createContextMenu(p.table().widget());
          made.setLocation(event.x, event.y);
          made.setVisible(true);
        });
  }

  private Action path(FlowRecord flow) {
    Selected selected = new Selected.Flow(flow);
    Action action =
        Menus.action(
            Texts.button_path,
            () -> {
              scope().select(selected);
              Commands.fire(PathEnds.OF_SELECTION);
            });
    boolean inside = scope().session().flatMap(s -> PathEnds.of(selected, s)).isPresent();
    action.setEnabled(inside && Commands.handled(PathEnds.OF_SELECTION));
    return action;
  }

  private void terms(MenuManager menu, FlowColumn column, FlowRecord flow) {
    String value = column.value(flow);
    if (column.field().isEmpty() || value.isEmpty()) {
      return;
    }
    String only = Filters.term(column.field(), value);
    menu.add(
        Menus.action(
            Texts.bind(Texts.action_only, only),
            () -> scope().filter(Filters.and(scope().filter(), only))));
    menu.add(
        Menus.action(
            Texts.bind(Texts.action_not, only),
            () -> scope().filter(Filters.and(scope().filter(), "not " + only))));
    menu.add(new Separator());
  }

  /** Once, not at every change of the theme. */
  private void handleCopy() {
    if (pieces.isEmpty()) {
      getSite()
          .getService(IHandlerService.class)
          .activateHandler(
              IWorkbenchCommandConstants.EDIT_COPY,
              new ActionHandler(Menus.action(Texts.action_copy, this::copy)));
    }
  }

  private void copy() {
    pieces.ifPresent(
        p -> ExportDialog.copy(p.table().widget(), p.table().shown(), p.table().selection()));
  }

  @Override
  protected void changed(Topic topic) {
    switch (topic) {
      case SESSION -> refresh(true);
      case FILTER -> {
        shownFilter = scope().filter();
        refresh(true);
      }
      case SELECTION -> selection();
      case FLOWS -> refresh(false);
      case PAUSE, LINK, INVENTORY -> states();
      case TRAFFIC, REVISIONS -> {}
    }
  }

  private void selection() {
    Selected now = scope().selected();
    boolean narrows = !(now instanceof Selected.Flow) && !now.equals(shownSelection);
    if (now instanceof Selected.Flow flow) {
      pieces.ifPresent(p -> p.table().mark(Optional.of(flow.flow())));
    } else {
      pieces.ifPresent(p -> p.table().mark(Optional.empty()));
    }
    if (narrows) {
      shownSelection = now;
      refresh(true);
    }
  }

  /** Whether rows stand still under the operator's eye. */
  private boolean frozen(FlowTable table) {
    return !joining && (!table.atTop() || !table.selection().isEmpty());
  }

  private void join() {
    pieces.ifPresent(p -> p.table().toTop());
    refresh(true);
  }

  private void refresh(boolean asked) {
    pieces
        .filter(p -> !p.table().widget().isDisposed())
        .ifPresent(
            p -> {
              FlowBuffer flows = buffer();
              if (!asked && frozen(p.table())) {
                p.bar().count(newSince(p.table().rows(), flows));
                return;
              }
              joining |= asked;
              p.source().ask(flows, new Rows.Query(filter(p), sortColumn, ascending, limit));
            });
  }

  /** The newest flows of the session, or those that were picked elsewhere. */
  private FlowBuffer buffer() {
    if (shownSelection instanceof Selected.Flows picked) {
      return new FlowBuffer(picked.newestFirst(), picked.newestFirst().size(), 0);
    }
    return scope().session().map(ClusterSession::flows).orElse(FlowBuffer.EMPTY);
  }

  private Predicate<FlowRecord> filter(Pieces p) {
    return Filters.parse(shownFilter)
        .matches()
        .and(Narrowing.filter(shownSelection, objects()))
        .and(p.filters().matches());
  }

  private KubernetesObjects objects() {
    return scope().session().map(ClusterSession::objects).orElse(KubernetesObjects.EMPTY);
  }

  private static int newSince(Rows rows, FlowBuffer flows) {
    long fresh = Math.min(flows.seen() - rows.seen(), flows.newestFirst().size());
    int counted = 0;
    for (int i = 0; i < Math.min(fresh, COUNTED_NEW); i++) {
      counted += rows.query().filter().test(flows.newestFirst().get(i)) ? 1 : 0;
    }
    return counted;
  }

  private void arrived(Rows rows) {
    pieces
        .filter(p -> !p.table().widget().isDisposed())
        .ifPresent(
            p -> {
              if (!joining && frozen(p.table())) {
                return;
              }
              joining = false;
              p.bar().count(0);
              p.table().show(rows);
              states();
            });
  }

  private void states() {
    pieces.filter(p -> !p.table().widget().isDisposed()).ifPresent(this::states);
  }

  private void states(Pieces p) {
    Rows rows = p.table().rows();
    ViewState state = ViewState.of(scope(), System.currentTimeMillis());
    String note =
        scope().paused()
            ? Texts.note_paused
            : rows.query().newestFirst()
                ? Texts.note_newest
                : Texts.bind(Texts.note_sorted, rows.query().column().title());
    p.head().state(state, note);
    String words = Narrowing.words(shownSelection);
    String counts =
        words.isEmpty()
            ? ""
            : Texts.bind(Texts.chip_selected, words, Format.count(rows.matching()));
    p.head().chip(counts, () -> scope().select(new Selected.Nothing()));
    p.page().show(state, scope());
    if (rows.flows().isEmpty() && p.page().sentence().isEmpty()) {
      int all = buffer().newestFirst().size();
      if (all == 0) {
        p.page().sentence(Texts.empty_flows);
      } else if (!p.filters().shown()) {
        p.page().sentence(Texts.bind(Texts.empty_filtered, Format.count(all)));
      }
    }
  }

  /** What the table tells. */
  private final class TableEvents implements FlowTable.Events {
    @Override
    public void selected(Optional<FlowRecord> flow) {
      flow.ifPresent(f -> scope().select(new Selected.Flow(f)));
    }

    @Override
    public void sort(FlowColumn column, boolean up) {
      sortColumn = column;
      ascending = up;
      refresh(true);
    }

    @Override
    public void scrolled() {
      pieces
          .filter(p -> !frozen(p.table()))
          .ifPresent(
              p -> {
                p.bar().count(0);
                refresh(false);
              });
    }

    @Override
    public void columnsChanged() {
      pieces.ifPresent(p -> p.filters().place());
    }
  }

  /** The rows now shown, for tests and the table twin. */
  public List<FlowRecord> shown() {
    return pieces.map(p -> p.table().rows().flows()).orElse(List.of());
  }

  /** How many new rows wait behind the bar. */
  public int waiting() {
    return pieces.map(p -> p.bar().count()).orElse(0);
  }
}
