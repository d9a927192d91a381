package io.sekisho.console.graph.view;

import io.sekisho.console.graph.Texts;
import io.sekisho.console.graph.layout.Scene;
import io.sekisho.console.graph.model.GraphModel.Hidden;
import io.sekisho.console.graph.model.Grouping;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Paint;
import io.sekisho.console.ui.Press;
import io.sekisho.console.ui.ViewHead;
import io.sekisho.console.ui.ViewState;
import java.util.List;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;

/** The line above the graph: title, how much is shown, what is left out, and the commands. */
final class GraphHeader {
  /** What the buttons do. */
  interface Acts {
    /** Opens the menu of groupings below a control. */
    void groupings(Control below);

    /** Turns from graph to table and back. */
    void asTable();

    /** One step nearer or farther. */
    void zoom(boolean in);

    /** Shows the whole picture. */
    void fit();

    /** Takes the window's filter away. */
    void widen();

    /** Opens all that is folded. */
    void showAll();

    /** Opens the menu of all commands below a control. */
    void menu(Control below);
  }

  /** A button whose word changes; as wide as the widest. */
  private static final class Word {
    private static final int PAD = 6;
    private static final int ARROW = 16;
    private final Press press;
    private String text;

    Word(Composite parent, Look look, List<String> all, boolean opens, String name, Runnable act) {
      text = all.getFirst();
      int widest =
          all.stream().mapToInt(t -> Paint.width(parent, t, look.fonts().normal())).max().orElse(0);
      int width = widest + 2 * PAD + (opens ? ARROW : 0);
      press =
          new Press(
              parent,
              look,
              width,
              24,
              name,
              (gc, w, h) -> {
                int own = Paint.width(parent, text, look.fonts().normal());
                int x = opens ? w - own - PAD - ARROW : (w - own) / 2;
                Paint.text(gc, text, look.fonts().normal(), look.theme().text(), x, h / 2);
                if (opens) {
                  Paint.arrowDown(gc, w - 11, h / 2, look.theme().faint());
                }
              },
              act);
    }

    void say(String next) {
      if (!next.equals(text)) {
        text = next;
        press.control().redraw();
      }
    }
  }

  private final ViewHead head;
  private final Word grouping;
  private final Word table;
  private final Word zoom;
  private final Acts acts;
  private ViewState state = new ViewState.Live();
  private String count = "";
  private String folded = "";
  private boolean narrowed;

  GraphHeader(Composite parent, Look look, Acts acts) {
    this.acts = acts;
    head = new ViewHead(parent, look, look.theme().ground(), Texts.of("header.title"));
    Composite right = head.right();
    List<String> groupings =
        List.of(name(Grouping.NAMESPACE), name(Grouping.FOLDED), name(Grouping.NONE));
    Control[] self = new Control[2];
    grouping =
        new Word(
            right,
            look,
            groupings,
            true,
            Texts.of("header.grouping"),
            () -> acts.groupings(self[0]));
    self[0] = grouping.press.control();
    List<String> turns = List.of(Texts.of("header.asTable"), Texts.of("header.asGraph"));
    table = new Word(right, look, turns, false, Texts.of("command.asTable"), acts::asTable);
    word(right, look, "−", "header.zoomOut", () -> acts.zoom(false));
    zoom = new Word(right, look, List.of("100 %"), false, Texts.of("header.zoomReset"), acts::fit);
    word(right, look, "+", "header.zoomIn", () -> acts.zoom(true));
    word(right, look, Texts.of("header.fit"), "header.fit", acts::fit);
    self[1] = word(right, look, "⋯", "header.menu", () -> acts.menu(self[1])).press.control();
    head.done();
  }

  private static Word word(Composite parent, Look look, String text, String key, Runnable act) {
    return new Word(parent, look, List.of(text), false, Texts.of(key), act);
  }

  private static String name(Grouping by) {
    return Texts.of(
        switch (by) {
          case NAMESPACE -> "header.byNamespace";
          case FOLDED -> "header.byFolded";
          case NONE -> "header.byNone";
        });
  }

  /** Says what a scene shows. */
  void show(Scene scene) {
    Hidden left = scene.model().hidden();
    count = Texts.of("header.count", scene.model().nodes().size(), scene.model().edges().size());
    head.state(state, count);
    grouping.say(name(scene.folding().grouping()));
    folded = words(left);
    chip();
  }

  private static String words(Hidden left) {
    String words =
        left.nodes() > 0
            ? Texts.of("header.folded", left.ofNodes() - left.nodes(), left.ofNodes(), left.nodes())
            : "";
    if (left.edges() == 0) {
      return words;
    }
    String edges = Texts.of("header.foldedEdges", left.edges());
    return words.isEmpty() ? edges : words + ", " + edges;
  }

  /** Says whether the window's filter leaves something out. */
  void narrowed(boolean next) {
    narrowed = next;
    chip();
  }

  /** One chip: the filter leaves out more than folding does, and goes first. */
  private void chip() {
    if (narrowed) {
      head.chip(Texts.of("header.filtered"), acts::widen);
    } else {
      head.chip(folded, acts::showAll);
    }
  }

  /** Says how far the picture can be trusted. */
  void state(ViewState next) {
    state = next;
    head.state(state, count);
  }

  /** Says that nothing is shown. */
  void clear() {
    count = "";
    head.state(state, count);
    folded = "";
    chip();
  }

  void zoom(double factor) {
    zoom.say(Math.round(factor * 100) + " %");
  }

  void table(boolean shown) {
    table.say(Texts.of(shown ? "header.asGraph" : "header.asTable"));
  }
}
