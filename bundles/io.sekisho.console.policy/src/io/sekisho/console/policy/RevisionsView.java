package io.sekisho.console.policy;

import com.google.protobuf.Timestamp;
import io.sekisho.api.v1.HistoryResponse;
import io.sekisho.api.v1.Revision;
import io.sekisho.api.v1.RevisionState;
import io.sekisho.api.v1.Rollout;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Background;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Press;
import io.sekisho.console.ui.Refusals;
import io.sekisho.console.ui.StatePage;
import io.sekisho.console.ui.Theme;
import io.sekisho.console.ui.ViewHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.jface.dialogs.MessageDialog;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.SashForm;
import org.eclipse.swt.custom.StyleRange;
import org.eclipse.swt.custom.StyledText;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;

/** The history of the cluster's documents: who changed what, with the diff; brings one back. */
public final class RevisionsView extends DraftView {
  /** Id of the view. */
  public static final String ID = "io.sekisho.console.policy.revisions";

  private Optional<Pieces> pieces = Optional.empty();
  private Optional<HistoryResponse> history = Optional.empty();
  private Optional<Asked> asked = Optional.empty();
  private long told;

  /** What the history was asked for: another session, head or state makes it old. */
  private record Asked(ClusterSession session, long head, Optional<RevisionState> rollout) {}

  private record Pieces(
      Look look, ViewHead head, Press restore, StatePage page, Table table, StyledText diff) {}

  @Override
  protected void fill(Composite root, Look look) {
    Theme theme = look.theme();
    ViewHead head = new ViewHead(root, look, theme.ground(), "");
    Press restore = Press.word(head.right(), look, Texts.action_restore, this::restore);
    head.done();
    StatePage page = new StatePage(root, look, theme.ground());
    SashForm sash = new SashForm(page.contents(), SWT.HORIZONTAL);
    sash.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    sash.setBackground(theme.line());
    Table table =
        Rows.table(
            sash,
            look,
            new Rows.Column(Texts.column_number, 65, SWT.RIGHT),
            new Rows.Column(Texts.column_state, 75),
            new Rows.Column(Texts.column_when, 88),
            new Rows.Column(Texts.column_author, 65),
            new Rows.Column(Texts.column_change, 66),
            new Rows.Column(Texts.column_message, 110).wide());
    table.addListener(
        SWT.Selection,
        e -> {
          diff((Revision) e.item.getData());
          pieces.ifPresent(this::restorable);
        });
    StyledText diff = new StyledText(sash, SWT.READ_ONLY | SWT.V_SCROLL | SWT.WRAP);
    diff.setFont(look.fonts().mono());
    diff.setBackground(theme.ground());
    diff.setForeground(theme.text());
    diff.setMargins(12, 4, 8, 4);
    sash.setWeights(3, 2);
    pieces = Optional.of(new Pieces(look, head, restore, page, table, diff));
    asked = Optional.empty();
  }

  @Override
  protected void show() {
    pieces.filter(p -> !p.table().isDisposed()).ifPresent(this::show);
  }

  /** Whether what is selected may come back. */
  private void restorable(Pieces p) {
    p.restore().refuse(session().flatMap(s -> refusal(p.table(), s)));
  }

  private static Optional<String> refusal(Table table, ClusterSession session) {
    Optional<String> role = Refusals.ofRevisions(session);
    if (role.isPresent()) {
      return role;
    }
    if (table.getSelectionCount() == 0) {
      return Optional.of(Texts.restore_choose);
    }
    long number = ((Revision) table.getSelection()[0].getData()).getNumber();
    return number == session.revisions().head()
        ? Optional.of(Texts.bind(Texts.restore_in_force, number))
        : Optional.empty();
  }

  private void show(Pieces p) {
    restorable(p);
    if (session().isEmpty()) {
      p.page().sentence(Texts.no_revisions);
      return;
    }
    ClusterSession session = session().get();
    Optional<RevisionState> rollout = Drafts.rollout(session).rollout().map(Rollout::getState);
    Optional<Asked> now = Optional.of(new Asked(session, session.revisions().head(), rollout));
    if (now.equals(asked)) {
      history.ifPresent(h -> list(p, h));
      return;
    }
    if (asked.filter(a -> a.session() == session).isEmpty()) {
      told = 0;
      show(p, List.of(Part.faint(Texts.story_choose)));
    }
    asked = now;
    history = Optional.empty();
    p.table().setItemCount(0);
    Background.onUiIfDone(
        session.revisions().history(),
        p.table(),
        h -> {
          if (now.equals(asked)) {
            history = Optional.of(h);
            list(p, h);
          }
        });
  }

  private void list(Pieces p, HistoryResponse h) {
    if (h.getRevisionsCount() == 0) {
      p.page().sentence(Texts.no_revisions);
      return;
    }
    p.page().contentsShown();
    p.head().note(Texts.bind(Texts.note_revision, h.getHead()));
    p.table().setItemCount(h.getRevisionsCount());
    for (int i = 0; i < h.getRevisionsCount(); i++) {
      put(p.table().getItem(i), h.getRevisions(i), h.getHead(), p.look());
    }
    restorable(p);
  }

  private static void put(TableItem item, Revision revision, long head, Look look) {
    if (revision.equals(item.getData())) {
      return;
    }
    item.setData(revision);
    String state =
        switch (revision.getState()) {
          case PENDING -> Texts.revision_pending;
          case CONFIRMED -> revision.getNumber() == head ? Texts.revision_head : "";
          case REVERTED -> Texts.revision_reverted;
          case REVISION_STATE_UNKNOWN, UNRECOGNIZED -> Format.UNKNOWN;
        };
    item.setText(
        new String[] {
          Long.toString(revision.getNumber()),
          state,
          when(revision.getCreated()),
          revision.getAuthor(),
          "+" + revision.getAdded() + " ~" + revision.getChanged() + " −" + revision.getRemoved(),
          revision.getMessage()
        });
    item.setFont(0, revision.getNumber() == head ? look.fonts().bold() : look.fonts().normal());
  }

  private static String when(Timestamp created) {
    return Format.moment(created.getSeconds(), System.currentTimeMillis() / 1000);
  }

  private void diff(Revision revision) {
    Pieces p = pieces.orElseThrow();
    ClusterSession session = session().orElseThrow();
    told = revision.getNumber();
    show(p, List.of(Part.faint(Texts.story_comparing)));
    Background.onUi(
        RevisionStory.of(session, revision.getBase(), revision.getNumber()),
        p.table(),
        (story, failure) -> {
          if (told == revision.getNumber()) {
            show(
                p,
                failure == null
                    ? parts(story, revision, session)
                    : List.of(Part.faint(Background.sentence(failure))));
          }
        });
  }

  /** A paragraph of what is told about a revision. */
  private record Part(String text, boolean title, boolean diff, boolean faint) {
    static Part title(String text) {
      return new Part(text, true, false, false);
    }

    static Part faint(String text) {
      return new Part(text, false, false, true);
    }

    static Part text(String text) {
      return new Part(text, false, false, false);
    }

    static Part diff(String text) {
      return new Part(text, false, true, false);
    }
  }

  private static List<Part> parts(RevisionStory story, Revision revision, ClusterSession session) {
    List<Part> out = new ArrayList<>();
    out.add(Part.title(Texts.story_documents));
    out.add(
        story.structure().isEmpty()
            ? Part.faint(Texts.diff_none)
            : Part.text(String.join("\n", story.structure())));
    out.add(Part.title(Texts.story_reach));
    if (story.closed().isEmpty() && story.opened().isEmpty()) {
      out.add(Part.faint(Texts.story_same_reach));
    }
    story.closed().forEach(l -> out.add(Part.diff("- " + l)));
    story.opened().forEach(l -> out.add(Part.diff("+ " + l)));
    out.add(Part.title(Texts.story_rollout));
    out.add(Part.text(rollout(revision, session)));
    out.add(Part.title(Texts.story_yaml));
    out.add(Part.diff(String.join("\n", story.yaml())));
    return out;
  }

  /** On how many nodes it is in force now, and what became of it. */
  private static String rollout(Revision revision, ClusterSession session) {
    var nodes = session.inventory().nodes().values();
    long on = nodes.stream().filter(n -> n.getRealizedRevision() == revision.getNumber()).count();
    String now = Texts.bind(Texts.story_nodes, Format.count(on), Format.count(nodes.size()));
    String overridden =
        revision.getOverriddenList().stream()
            .map(o -> Texts.bind(Texts.story_overridden, o.getName(), o.getCounterExample()))
            .collect(Collectors.joining("\n"));
    return overridden.isEmpty() ? now : now + "\n" + overridden;
  }

  private static void show(Pieces p, List<Part> parts) {
    Theme theme = p.look().theme();
    StringBuilder text = new StringBuilder();
    List<StyleRange> styles = new ArrayList<>();
    for (Part part : parts) {
      if (part.title() && !text.isEmpty()) {
        text.append('\n');
      }
      for (String line : part.text().split("\n", -1)) {
        boolean added = part.diff() && line.startsWith("+");
        boolean removed = part.diff() && line.startsWith("-");
        StyleRange style = new StyleRange();
        style.start = text.length();
        style.length = line.length();
        style.fontStyle = part.title() ? SWT.BOLD : SWT.NORMAL;
        style.foreground =
            added
                ? theme.forwarded()
                : removed ? theme.dropped() : part.faint() ? theme.faint() : theme.text();
        styles.add(style);
        text.append(line).append('\n');
      }
    }
    p.diff().setText(text.toString());
    p.diff().setStyleRanges(styles.toArray(StyleRange[]::new));
  }

  private void restore() {
    Pieces p = pieces.orElseThrow();
    if (p.table().getSelectionCount() == 0 || session().isEmpty()) {
      return;
    }
    ClusterSession session = session().get();
    Revision to = (Revision) p.table().getSelection()[0].getData();
    Background.follow(
        Texts.bind(Texts.restore_job, to.getNumber()),
        RestorePush.of(session, to.getNumber()),
        p.table(),
        (restore, failure) -> {
          if (failure != null) {
            Background.fail(getSite().getShell(), Texts.restore_failed, failure);
          } else if (restore.changesNothing()) {
            MessageDialog.openInformation(
                getSite().getShell(),
                Texts.restore_title,
                Texts.bind(Texts.restore_nothing, to.getNumber()));
          } else {
            PushDialog.open(getSite(), restore);
          }
        });
  }
}
