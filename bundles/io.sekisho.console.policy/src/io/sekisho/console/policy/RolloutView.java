package io.sekisho.console.policy;

import com.google.protobuf.Timestamp;
import io.sekisho.api.v1.NodeRollout;
import io.sekisho.api.v1.Revision;
import io.sekisho.api.v1.RevisionState;
import io.sekisho.api.v1.RollbackRequest;
import io.sekisho.api.v1.Rollout;
import io.sekisho.api.v1.RolloutState;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.NewDrops;
import io.sekisho.console.ui.Background;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Refusals;
import io.sekisho.console.ui.StatePage;
import io.sekisho.console.ui.Theme;
import io.sekisho.console.ui.ViewHead;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;

/** How far the last push has come on every node; confirms or reverts it. */
public final class RolloutView extends DraftView {
  /** Id of the view. */
  public static final String ID = "io.sekisho.console.policy.rollout";

  private static final int MAX_DROPS = 3;

  private Optional<Pieces> pieces = Optional.empty();
  private boolean ticking;

  private record Pieces(
      Look look,
      ViewHead head,
      StatePage page,
      Label sentence,
      Label drops,
      Button confirm,
      Button revert,
      Label refused,
      Table table) {}

  @Override
  protected void fill(Composite root, Look look) {
    Theme theme = look.theme();
    ViewHead head = new ViewHead(root, look, theme.ground(), "");
    head.done();
    StatePage page = new StatePage(root, look, theme.ground());
    Composite box = look.row(page.contents(), theme.ground(), 1, 12, 4, 8);
    Label sentence = look.wrapped(box, "", look.fonts().normal(), theme.text());
    Label drops = look.wrapped(box, "", look.fonts().normal(), theme.text());
    Composite buttons = look.box(box, theme.ground(), 2, 0, 0, 8);
    Button confirm = new Button(buttons, SWT.PUSH);
    confirm.setText(Texts.action_confirm);
    confirm.addListener(SWT.Selection, e -> confirm());
    Button revert = new Button(buttons, SWT.PUSH);
    revert.setText(Texts.action_revert);
    revert.addListener(SWT.Selection, e -> revert());
    Label refused = look.wrapped(box, "", look.fonts().small(), theme.faint());
    Table table =
        Rows.table(
            page.contents(),
            look,
            new Rows.Column(Texts.column_node, 80),
            new Rows.Column(Texts.column_state, 90),
            new Rows.Column(Texts.column_took, 70, SWT.RIGHT),
            new Rows.Column(Texts.column_message, 110).wide());
    pieces =
        Optional.of(new Pieces(look, head, page, sentence, drops, confirm, revert, refused, table));
  }

  private Optional<RolloutWatch> watch() {
    return session().map(Drafts::rollout);
  }

  private void confirm() {
    Pieces p = pieces.orElseThrow();
    Revision revision = watch().flatMap(RolloutWatch::revision).orElseThrow();
    Background.follow(
        Texts.action_confirm,
        session().orElseThrow().revisions().confirm(revision.getNumber()),
        p.table(),
        (r, failure) -> failed(Texts.confirm_failed, failure));
  }

  private void revert() {
    Pieces p = pieces.orElseThrow();
    ClusterSession session = session().orElseThrow();
    Revision revision = watch().flatMap(RolloutWatch::revision).orElseThrow();
    String what = Texts.bind(Texts.revert_what, revision.getNumber(), revision.getBase());
    if (!Push.sure(getSite().getShell(), session, what)) {
      return;
    }
    Background.follow(
        what,
        session
            .revisions()
            .rollback(
                RollbackRequest.newBuilder()
                    .setBase(revision.getNumber())
                    .setTo(revision.getBase())
                    .setMessage(what)
                    .build()),
        p.table(),
        (answer, failure) -> {
          failed(Texts.revert_failed, failure);
          if (failure == null) {
            Drafts.rollout(session).watch(answer.getRevision(), p.table().getDisplay());
          }
        });
  }

  private void failed(String what, Throwable failure) {
    if (failure != null) {
      Background.fail(getSite().getShell(), what, failure);
    }
  }

  @Override
  protected void show() {
    pieces.filter(p -> !p.table().isDisposed()).ifPresent(this::show);
  }

  /** What waits for a confirmation is shown, whoever pushed it. */
  private void followPending(Pieces p) {
    session()
        .ifPresent(
            s -> {
              RolloutWatch watch = Drafts.rollout(s);
              long watched = watch.revision().map(Revision::getNumber).orElse(0L);
              s.revisions()
                  .pending()
                  .filter(r -> r.getNumber() > watched)
                  .ifPresent(r -> watch.watch(r, p.table().getDisplay()));
            });
  }

  private void show(Pieces p) {
    followPending(p);
    Optional<Rollout> rollout = watch().flatMap(RolloutWatch::rollout);
    if (rollout.isEmpty()) {
      boolean asked = watch().flatMap(RolloutWatch::revision).isPresent();
      p.page().sentence(asked ? Texts.rollout_waiting : Texts.no_rollout);
      return;
    }
    Rollout now = rollout.get();
    p.page().contentsShown();
    p.head().note(Texts.bind(Texts.note_revision, now.getRevision()));
    p.sentence().setText(sentence(now));
    boolean pending = now.getState() == RevisionState.PENDING;
    p.drops().setText(pending ? drops().replace("&", "&&") : "");
    Optional<String> refusal = session().flatMap(Refusals::ofRevisions).filter(r -> pending);
    for (Button button : List.of(p.confirm(), p.revert())) {
      button.setVisible(pending);
      button.setEnabled(refusal.isEmpty());
      button.setToolTipText(refusal.orElse(null));
    }
    p.refused().setText(refusal.orElse("").replace("&", "&&"));
    ((GridData) p.refused().getLayoutData()).exclude = refusal.isEmpty();
    p.revert().getParent().layout(true);
    ((GridData) p.revert().getParent().getLayoutData()).exclude = !pending;
    p.sentence().getParent().getParent().layout(true, true);
    p.table().setItemCount(now.getNodesCount());
    for (int i = 0; i < now.getNodesCount(); i++) {
      put(p.table().getItem(i), now.getNodes(i), p.look().theme());
    }
    tick(p, pending);
  }

  /** What began to be dropped since the push, of the flows that are held. */
  private String drops() {
    Optional<Revision> revision = watch().flatMap(RolloutWatch::revision);
    if (revision.isEmpty() || session().isEmpty()) {
      return "";
    }
    Timestamp pushed = revision.get().getCreated();
    NewDrops drops =
        NewDrops.since(
            session().get().flows(), pushed.getSeconds() * 1_000_000_000L + pushed.getNanos());
    if (drops.drops().isEmpty()) {
      return Texts.rollout_no_drops;
    }
    String lines =
        drops.drops().stream()
            .limit(MAX_DROPS)
            .map(
                d ->
                    Texts.bind(
                        Texts.drop_line,
                        new Object[] {
                          d.clientKey(),
                          d.serverKey(),
                          d.port() == 0 ? d.protocol() : Integer.toString(d.port())
                        }))
            .collect(Collectors.joining(", "));
    return Texts.bind(
        Texts.rollout_new_drops, Format.counted(drops.flows(), Texts.impact_flow), lines);
  }

  /** Counts down while it waits for the operator's word. */
  private void tick(Pieces p, boolean pending) {
    if (pending && !ticking) {
      ticking = true;
      p.table()
          .getDisplay()
          .timerExec(
              1000,
              () -> {
                ticking = false;
                show();
              });
    }
  }

  private static String sentence(Rollout now) {
    long realized =
        now.getNodesList().stream().filter(n -> n.getState() == RolloutState.REALIZED).count();
    return switch (now.getState()) {
      case PENDING -> {
        long left = now.getConfirmDeadline().getSeconds() - System.currentTimeMillis() / 1000;
        yield Texts.bind(
            Texts.rollout_pending, new Object[] {realized, now.getNodesCount(), Math.max(0, left)});
      }
      case REVERTED -> Texts.rollout_reverted;
      case CONFIRMED, REVISION_STATE_UNKNOWN, UNRECOGNIZED ->
          Texts.bind(Texts.rollout_realized, realized, now.getNodesCount());
    };
  }

  private static void put(TableItem item, NodeRollout node, Theme theme) {
    String word =
        switch (node.getState()) {
          case WAITING -> Texts.state_waiting;
          case REALIZED -> Texts.state_realized;
          case FAILED -> Texts.state_failed;
          case REVERTED_ON_NODE -> Texts.state_reverted;
          case UNREACHABLE -> Texts.state_unreachable;
          case ROLLOUT_STATE_UNKNOWN, UNRECOGNIZED -> Format.UNKNOWN;
        };
    long nanos = node.getTook().getSeconds() * 1_000_000_000L + node.getTook().getNanos();
    item.setText(
        new String[] {
          node.getNode(), word, node.hasTook() ? Format.span(nanos) : Format.NONE, node.getMessage()
        });
    boolean good = node.getState() == RolloutState.REALIZED;
    boolean bad =
        node.getState() == RolloutState.FAILED || node.getState() == RolloutState.UNREACHABLE;
    Icons icon = good ? Icons.GOOD : bad ? Icons.DROPPED : Icons.UNKNOWN;
    item.setImage(
        0,
        icon.image(
            item.getDisplay(), good ? theme.forwarded() : bad ? theme.error() : theme.unknown()));
  }
}
