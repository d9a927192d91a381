package io.sekisho.console.policy;

import io.sekisho.api.v1.Problem;
import io.sekisho.api.v1.Severity;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.StatePage;
import io.sekisho.console.ui.Theme;
import io.sekisho.console.ui.ViewHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;

/** Every problem that the agent found in the draft; a double click goes to the place. */
public final class ProblemsView extends DraftView {
  /** Id of the view. */
  public static final String ID = "io.sekisho.console.policy.problems";

  private Optional<Pieces> pieces = Optional.empty();

  private record Pieces(Look look, ViewHead head, StatePage page, Table table) {}

  /** A problem and whose it is. */
  private record Row(DraftDocument document, Problem problem) {}

  @Override
  protected void fill(Composite root, Look look) {
    ViewHead head = new ViewHead(root, look, look.theme().ground(), "");
    head.done();
    StatePage page = new StatePage(root, look, look.theme().ground());
    Table table =
        Rows.table(
            page.contents(),
            look,
            new Rows.Column(Texts.column_problem, 240).wide(),
            new Rows.Column(Texts.column_document, 180),
            new Rows.Column(Texts.column_place, 90, SWT.RIGHT));
    table.addListener(SWT.DefaultSelection, e -> open((Row) e.item.getData()));
    pieces = Optional.of(new Pieces(look, head, page, table));
  }

  private void open(Row row) {
    draft()
        .flatMap(d -> Editors.open(getSite().getPage(), d, row.document()))
        .ifPresent(e -> e.reveal(row.problem().getLine(), row.problem().getColumn()));
  }

  @Override
  protected void show() {
    pieces.filter(p -> !p.table().isDisposed()).ifPresent(this::show);
  }

  private void show(Pieces p) {
    List<Row> rows = new ArrayList<>();
    draft()
        .ifPresent(
            d -> d.documents().forEach(x -> d.problems(x).forEach(f -> rows.add(new Row(x, f)))));
    p.head().note(rows.isEmpty() ? "" : Integer.toString(rows.size()));
    if (rows.isEmpty()) {
      p.page().sentence(Texts.no_problems);
      return;
    }
    p.page().contentsShown();
    p.table().setItemCount(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      put(p.table().getItem(i), rows.get(i), p.look().theme());
    }
  }

  private static void put(TableItem item, Row row, Theme theme) {
    Problem problem = row.problem();
    String suggestion =
        problem.getSuggestion().isEmpty()
            ? ""
            : " " + Texts.bind(Texts.did_you_mean, problem.getSuggestion());
    item.setData(row);
    item.setText(
        new String[] {
          problem.getMessage() + suggestion,
          row.document().title(),
          problem.getLine() + ":" + problem.getColumn()
        });
    boolean error = problem.getSeverity() == Severity.ERROR;
    item.setImage(
        0,
        (error ? Icons.DROPPED : Icons.DEGRADED)
            .image(item.getDisplay(), error ? theme.error() : theme.audit()));
  }
}
