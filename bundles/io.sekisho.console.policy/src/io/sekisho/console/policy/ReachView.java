package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterInventory;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Background;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Latest;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.StatePage;
import io.sekisho.console.ui.ViewHead;
import io.sekisho.console.ui.ViewState;
import io.sekisho.flow.FlowRecord;
import io.sekisho.policy.Enforcement;
import java.util.List;
import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.SashForm;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Composite;
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
  private boolean failed;
  private String note = "";

  private record Pieces(
      ViewHead head,
      StatePage page,
      ReachTable from,
      ReachTable to,
      Latest<Asked, Optional<Reached>> asking) {}

  /**
   * What is asked.
   *
   * @param size of the inventory, which is asked again when somebody comes or goes
   */
  private record Asked(
      ClusterSession session, String key, DryRuns.Sides sides, List<Integer> size) {
    /** Whether the same is asked, if of another inventory. */
    boolean asks(Asked other) {
      return session.equals(other.session) && key.equals(other.key) && sides.equals(other.sides);
    }
  }

  @Override
  protected void fill(Composite root, Look look) {
    ViewHead head = new ViewHead(root, look, look.theme().ground(), "");
    head.done();
    StatePage page = new StatePage(root, look, look.theme().ground());
    SashForm sash = new SashForm(page.contents(), SWT.HORIZONTAL);
    sash.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    sash.setBackground(look.theme().line());
    ReachTable from = new ReachTable(sash, look, Texts.reach_from);
    ReachTable to = new ReachTable(sash, look, Texts.reach_to);
    Latest<Asked, Optional<Reached>> asking =
        new Latest<>(root.getDisplay(), PAUSE_MS, ReachView::reached, this::taken, this::failed);
    pieces = Optional.of(new Pieces(head, page, from, to, asking));
    asked = Optional.empty();
    getSite().getPage().addPartListener(seen);
  }

  @Override
  public void dispose() {
    getSite().getPage().removePartListener(seen);
    super.dispose();
  }

  private static Optional<Reached> reached(Asked asked) {
    ClusterInventory inventory = asked.session().inventory();
    Enforcement enforcement = asked.session().revisions().enforcement().join();
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
    ViewState state = ViewState.of(scope(), System.currentTimeMillis());
    Optional<String> key = key(scope().selected());
    Optional<Draft> draft = draft().filter(Draft::loaded);
    if (key.isEmpty() || draft.isEmpty()) {
      asked = Optional.empty();
      p.head().note("");
      if (state instanceof ViewState.Waiting || state instanceof ViewState.Refused) {
        p.page().show(state);
      } else {
        p.page().sentence(key.isEmpty() ? Texts.reach_nobody : Texts.reach_asking);
      }
      return;
    }
    boolean again =
        failed && (state instanceof ViewState.Live || state instanceof ViewState.Partial);
    ask(p, draft.get(), key.get(), again);
    p.head().state(state, note);
  }

  /**
   * Asks, unless that is known or under way.
   *
   * @param again even if it was asked before
   */
  private void ask(Pieces p, Draft draft, String key, boolean again) {
    ClusterInventory inventory = draft.session().inventory();
    List<Integer> size = List.of(inventory.endpoints().size(), inventory.identities().size());
    Asked now = new Asked(draft.session(), key, draft.sides(), size);
    boolean known = !again && asked.filter(now::equals).isPresent();
    boolean underWay = p.asking().busy() && asked.filter(now::asks).isPresent();
    if (known || underWay) {
      return; // who comes meanwhile is asked about afterwards: there may be no pause
    }
    if (asked.filter(a -> a.key().equals(key)).isEmpty()) {
      note = "";
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
      case Selected.Service s -> Optional.empty();
      case Selected.Nothing n -> Optional.empty();
      case Selected.Namespace n -> Optional.empty();
      case Selected.Node n -> Optional.empty();
    };
  }

  private static String server(FlowRecord flow) {
    return flow.server().key();
  }

  private void taken(Asked from, Optional<Reached> reached) {
    Pieces p = pieces.orElseThrow();
    if (p.from().isDisposed() || asked.filter(from::equals).isEmpty()) {
      return;
    }
    failed = false;
    String who = from.key().startsWith("/") ? from.key().substring(1) : from.key();
    reached.ifPresentOrElse(
        r -> {
          note =
              r.broken() == 0
                  ? who
                  : Texts.bind(
                      Texts.reach_broken, who, Format.counted(r.broken(), Texts.reach_broken_text));
          p.from().show(r.from());
          p.to().show(r.to());
          p.page().contentsShown();
        },
        () -> {
          note = "";
          p.page().sentence(Texts.bind(Texts.reach_unknown, who));
        });
    show();
  }

  private void failed(Asked from, Throwable failure) {
    Pieces p = pieces.orElseThrow();
    if (!p.from().isDisposed() && asked.filter(from::equals).isPresent()) {
      failed = true;
      p.page().sentence(Background.sentence(failure));
    }
  }

  /** What is said beside the title, or in place of the answer. */
  public String said() {
    return pieces
        .map(p -> p.page().sentence().isEmpty() ? p.head().note() : p.page().sentence())
        .orElse("");
  }
}
