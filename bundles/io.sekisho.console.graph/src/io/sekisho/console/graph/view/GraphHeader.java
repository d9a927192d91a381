package io.sekisho.console.graph.view;

import io.sekisho.console.graph.Texts;
import io.sekisho.console.graph.layout.Scene;
import io.sekisho.console.graph.model.GraphModel.Hidden;
import io.sekisho.console.graph.model.Grouping;
import io.sekisho.console.ui.Look;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;

/** The line above the graph: title, how much is shown, what is left out, and the commands. */
final class GraphHeader {
  /** What the buttons do. */
  interface Acts {
    /** Opens the menu of groupings below a control. */
    void groupings(FlatButton below);

    /** Turns from graph to table and back. */
    void asTable();

    /** One step nearer or farther. */
    void zoom(boolean in);

    /** Shows the whole picture. */
    void fit();

    /** Opens all that is folded. */
    void showAll();

    /** Opens the menu of all commands below a control. */
    void menu(FlatButton below);
  }

  private final Label count;
  private final FlatButton hidden;
  private final FlatButton grouping;
  private final FlatButton table;
  private final FlatButton zoom;

  GraphHeader(Composite parent, Look look, Acts acts) {
    Composite row = look.row(parent, look.theme().ground(), 10, 12, 4, 4);
    look.label(row, Texts.of("header.title"), look.fonts().bold(), look.theme().text());
    count = look.label(row, "", look.fonts().small(), look.theme().faint());
    ((GridData) layoutData(count)).horizontalIndent = 8;
    hidden =
        new FlatButton(row, look, "", Texts.of("header.showAll"), false, acts::showAll).framed();
    GridData chip = layoutData(hidden);
    chip.grabExcessHorizontalSpace = true;
    chip.horizontalIndent = 8;
    FlatButton[] self = new FlatButton[2];
    grouping =
        new FlatButton(
            row, look, "", Texts.of("header.grouping"), true, () -> acts.groupings(self[0]));
    self[0] = grouping;
    String asTable = Texts.of("header.asTable");
    table = new FlatButton(row, look, asTable, asTable, false, acts::asTable);
    new FlatButton(row, look, "−", Texts.of("header.zoomOut"), false, () -> acts.zoom(false));
    zoom = new FlatButton(row, look, "100 %", Texts.of("header.fit"), false, acts::fit);
    new FlatButton(row, look, "+", Texts.of("header.zoomIn"), false, () -> acts.zoom(true));
    String fit = Texts.of("header.fit");
    new FlatButton(row, look, fit, fit, false, acts::fit);
    self[1] =
        new FlatButton(row, look, "⋯", Texts.of("header.menu"), false, () -> acts.menu(self[1]));
    grouping(Grouping.NAMESPACE);
  }

  private static GridData layoutData(org.eclipse.swt.widgets.Control c) {
    GridData data = new GridData(SWT.BEGINNING, SWT.CENTER, false, false);
    c.setLayoutData(data);
    return data;
  }

  /** Says what a scene shows. */
  void show(Scene scene) {
    Hidden left = scene.model().hidden();
    count.setText(
        Texts.of("header.count", scene.model().nodes().size(), scene.model().edges().size()));
    String words = "";
    if (left.nodes() > 0) {
      words =
          Texts.of("header.folded", left.ofNodes() - left.nodes(), left.ofNodes(), left.nodes());
    }
    if (left.edges() > 0) {
      String edges = Texts.of("header.foldedEdges", left.edges());
      words = words.isEmpty() ? edges : words + ", " + edges;
    }
    hidden.text(words.isEmpty() ? "" : words + "  ✕");
    hidden.setVisible(!words.isEmpty());
    count.requestLayout();
  }

  /** Says that nothing is shown. */
  void clear() {
    count.setText("");
    hidden.text("");
    hidden.setVisible(false);
    count.requestLayout();
  }

  void zoom(double factor) {
    zoom.text(Math.round(factor * 100) + " %");
  }

  void grouping(Grouping by) {
    grouping.text(
        Texts.of(
            switch (by) {
              case NAMESPACE -> "header.byNamespace";
              case FOLDED -> "header.byFolded";
              case NONE -> "header.byNone";
            }));
  }

  void table(boolean shown) {
    table.text(Texts.of(shown ? "header.asGraph" : "header.asTable"));
  }
}
