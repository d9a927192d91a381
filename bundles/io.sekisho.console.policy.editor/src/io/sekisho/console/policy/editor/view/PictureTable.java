package io.sekisho.console.policy.editor.view;

import io.sekisho.console.policy.editor.Texts;
import io.sekisho.console.policy.editor.draw.Element;
import io.sekisho.console.policy.editor.draw.ElementId;
import io.sekisho.console.policy.editor.draw.Marks;
import io.sekisho.console.policy.editor.draw.Plan;
import io.sekisho.console.policy.editor.draw.Wording;
import io.sekisho.console.policy.editor.model.Effect;
import io.sekisho.console.policy.editor.model.PeerPicture;
import io.sekisho.console.policy.editor.model.PortForm;
import io.sekisho.console.policy.editor.model.RulePicture;
import io.sekisho.console.ui.Look;
import io.sekisho.policy.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;
import org.eclipse.swt.widgets.TableItem;

/** The picture as a table, for screen readers and for sorting through many rules. */
public final class PictureTable {
  private static final List<String> COLUMNS =
      List.of("side", "peer", "note", "ports", "effect", "problem");
  private static final int[] WIDTHS = {90, 180, 180, 130, 80, 260};
  private final Table table;
  private final Look look;

  PictureTable(Composite parent, Look look, Consumer<ElementId> select, Consumer<ElementId> open) {
    this.look = look;
    table = new Table(parent, SWT.FULL_SELECTION | SWT.SINGLE);
    table.setHeaderVisible(true);
    table.setBackground(look.theme().ground());
    table.setForeground(look.theme().text());
    table.setHeaderBackground(look.theme().ground());
    table.setHeaderForeground(look.theme().faint());
    table.setToolTipText(Texts.of("table.name"));
    for (int i = 0; i < COLUMNS.size(); i++) {
      TableColumn column = new TableColumn(table, SWT.LEFT);
      column.setText(Texts.of("column." + COLUMNS.get(i)));
      column.setWidth(WIDTHS[i]);
      column.setMoveable(true);
    }
    table.addListener(SWT.Selection, e -> select.accept((ElementId) e.item.getData()));
    table.addListener(SWT.DefaultSelection, e -> open.accept((ElementId) e.item.getData()));
  }

  /** The widget. */
  public Table control() {
    return table;
  }

  /** What its rows say: the columns of each. */
  public static List<List<String>> rows(Plan plan, Marks marks) {
    return entries(plan, marks).stream().map(Row::cells).toList();
  }

  private record Row(ElementId id, boolean deny, List<String> cells) {}

  private static List<Row> entries(Plan plan, Marks marks) {
    List<Row> out = new ArrayList<>();
    plan.element(new ElementId.Subject(plan.spec().subjectPath()))
        .ifPresent(
            e -> out.add(new Row(e.id(), false, cells("subject", e, "", "", e.id(), marks))));
    for (Direction direction : Direction.values()) {
      for (RulePicture rule : plan.spec().rules(direction).toList()) {
        out.addAll(rule(plan, rule, marks));
      }
      ElementId rest = new ElementId.Rest(plan.spec().path(), direction);
      plan.element(rest)
          .ifPresent(
              e -> out.add(new Row(rest, false, cells(side(direction), e, "", "", rest, marks))));
    }
    return out;
  }

  private static String side(Direction direction) {
    return direction == Direction.INGRESS ? "in" : "out";
  }

  private static List<Row> rule(Plan plan, RulePicture rule, Marks marks) {
    List<Row> out = new ArrayList<>();
    String ports = rule.ports().isEmpty() ? Texts.of("chip.all") : PortForm.text(rule.ports());
    String effect = Wording.effect(rule.effect());
    boolean deny = rule.effect() == Effect.DENY;
    for (PeerPicture peer : rule.peers()) {
      ElementId id = new ElementId.Peer(peer.id());
      plan.element(id)
          .ifPresent(
              e ->
                  out.add(
                      new Row(
                          id,
                          deny,
                          cells(
                              side(rule.direction()),
                              e,
                              ports,
                              effect,
                              new ElementId.Ports(rule.id()),
                              marks))));
    }
    return out;
  }

  private static List<String> cells(
      String side, Element e, String ports, String effect, ElementId more, Marks marks) {
    List<String> problems = new ArrayList<>();
    marks.of().getOrDefault(e.id(), List.of()).forEach(f -> problems.add(f.message()));
    if (!more.equals(e.id())) {
      marks.of().getOrDefault(more, List.of()).forEach(f -> problems.add(f.message()));
    }
    return List.of(
        Texts.of("row." + side),
        e.lines().getFirst(),
        e.lines().size() > 1 ? e.lines().get(1) : "",
        ports,
        effect,
        String.join("; ", problems));
  }

  void show(Plan plan, Marks marks, Optional<ElementId> selected) {
    List<Row> rows = entries(plan, marks);
    table.setItemCount(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      TableItem item = table.getItem(i);
      Row row = rows.get(i);
      item.setData(row.id());
      item.setText(row.cells().toArray(String[]::new));
      item.setForeground(4, row.deny() ? look.theme().dropped() : look.theme().text());
      item.setForeground(5, look.theme().error());
      if (selected.filter(row.id()::equals).isPresent()) {
        table.setSelection(i);
      }
    }
  }
}
