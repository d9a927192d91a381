package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterInventory;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Latest;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.StatePage;
import io.sekisho.console.ui.Theme;
import io.sekisho.console.ui.ViewHead;
import io.sekisho.flow.FlowRecord;
import io.sekisho.policy.Enforcement;
import java.util.List;
import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.SashForm;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;
import org.eclipse.ui.IPartListener2;
import org.eclipse.ui.IWorkbenchPartReference;

/**
 * Who can reach what is selected, and whom it can reach, over everybody and all ports: by the
 * documents in force, and what the draft would change of that.
 */
public final class ReachView extends DraftView {
  /** Id of the view. */
  public static final String ID = "io.sekisho.console.policy.reach";

  private static final int PAUSE_MS = 300;

  /** While nobody sees it, nothing is asked. */
  private final IPartListener2 seen =
      new IPartListener2() {
        @Override
        public void partVisible(IWorkbenchPartReference part) {
          if (part.getPart(false) == ReachView.this) {
            show();
          }
        }
      };

  private Optional<Pieces> pieces = Optional.empty();
  private Optional<Asked> asked = Optional.empty();
  private Optional<Reached> answer = Optional.empty();

  private record Pieces(
      Look look,
      ViewHead head,
      StatePage page,
      Table from,
      Table to,
      Latest<Asked, Reached> asking) {}

  /**
   * What is asked.
   *
   * @param size of the inventory, which is asked again when somebody comes or goes
   */
  private record Asked(
      ClusterSession session, String key, DryRuns.Sides sides, List<Integer> size) {}

  @Override
  protected void fill(Composite root, Look look) {
    ViewHead head = new ViewHead(root, look, look.theme().ground(), "");
    head.done();
    StatePage page = new StatePage(root, look, look.theme().ground());
    SashForm sash = new SashForm(page.contents(), SWT.HORIZONTAL);
    sash.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    sash.setBackground(look.theme().line());
    Table from = table(sash, look, Texts.reach_from);
    Table to = table(sash, look, Texts.reach_to);
    Latest<Asked, Reached> asking =
        new Latest<>(root.getDisplay(), PAUSE_MS, ReachView::reached, this::taken);
    pieces = Optional.of(new Pieces(look, head, page, from, to, asking));
    asked = Optional.empty();
    getSite().getPage().addPartListener(seen);
  }

  @Override
  public void dispose() {
    getSite().getPage().removePartListener(seen);
    super.dispose();
  }

  private static Table table(Composite parent, Look look, String title) {
    return Rows.table(
        parent,
        look,
        new Rows.Column(title, 165),
        new Rows.Column(Texts.column_ports, 110),
        new Rows.Column(Texts.column_draft, 110));
  }

  private static Reached reached(Asked asked) {
    ClusterInventory inventory = asked.session().inventory();
    Enforcement enforcement =
        asked.session().revisions().enforcement().exceptionally(e -> Enforcement.USUAL).join();
    return Reached.of(asked.sides(), asked.key(), enforcement, inventory);
  }

  @Override
  protected void selectionChanged() {
    show();
  }

  @Override
  protected void textChanged() {
    show();
  }

  @Override
  protected void show() {
    pieces
        .filter(p -> !p.from().isDisposed() && getSite().getPage().isPartVisible(this))
        .ifPresent(this::show);
  }

  private void show(Pieces p) {
    Optional<String> key = key(scope().selected());
    Optional<Draft> draft = draft().filter(Draft::loaded);
    if (key.isEmpty() || draft.isEmpty() || session().isEmpty()) {
      p.page().sentence(session().isEmpty() ? Texts.reach_no_cluster : Texts.reach_nobody);
      p.head().note("");
      asked = Optional.empty();
      return;
    }
    ClusterInventory inventory = session().get().inventory();
    Asked now =
        new Asked(
            session().get(),
            key.get(),
            draft.get().sides(),
            List.of(inventory.endpoints().size(), inventory.identities().size()));
    if (asked.filter(now::equals).isPresent()) {
      return;
    }
    if (asked.filter(a -> a.key().equals(now.key())).isEmpty()) {
      p.page().sentence(Texts.reach_asking);
    }
    asked = Optional.of(now);
    p.asking().put(now);
  }

  /** Whose reach a selection asks for: a connection's is that of its server. */
  private static Optional<String> key(Selected selected) {
    return switch (selected) {
      case Selected.Workload w -> Optional.of(w.key());
      case Selected.Pod p -> Optional.of(p.key());
      case Selected.Connection c -> Optional.of(c.serverKey());
      case Selected.Flow f -> Optional.of(server(f.flow()));
      case Selected.Flows f -> f.ends().map(Selected.Connection::serverKey);
      case Selected.Nothing n -> Optional.empty();
      case Selected.Namespace n -> Optional.empty();
      case Selected.Node n -> Optional.empty();
    };
  }

  private static String server(FlowRecord flow) {
    return flow.server().key();
  }

  private void taken(Asked from, Reached reached) {
    Pieces p = pieces.orElseThrow();
    if (p.from().isDisposed() || asked.filter(from::equals).isEmpty()) {
      return;
    }
    answer = Optional.of(reached);
    p.page().contentsShown();
    String who = from.key().startsWith("/") ? from.key().substring(1) : from.key();
    p.head().note(who);
    put(p.from(), reached.from(), p.look().theme());
    put(p.to(), reached.to(), p.look().theme());
  }

  /** What is shown. */
  Optional<Reached> answer() {
    return answer;
  }

  private static void put(Table table, List<Reached.Line> lines, Theme theme) {
    table.setItemCount(lines.size());
    for (int i = 0; i < lines.size(); i++) {
      put(table.getItem(i), lines.get(i), theme);
    }
  }

  private static void put(TableItem item, Reached.Line line, Theme theme) {
    boolean closes = line.changes() && line.draft().isEmpty();
    String draft = closes ? Texts.reach_closed : line.changes() ? line.draft() : "";
    item.setText(new String[] {line.peer(), line.ports(), draft});
    item.setForeground(2, closes ? theme.dropped() : theme.forwarded());
    item.setImage(
        0,
        !line.changes()
            ? Icons.GOOD.image(item.getDisplay(), theme.line())
            : (closes ? Icons.DROPPED : Icons.DEGRADED)
                .image(item.getDisplay(), closes ? theme.dropped() : theme.accent()));
  }
}
