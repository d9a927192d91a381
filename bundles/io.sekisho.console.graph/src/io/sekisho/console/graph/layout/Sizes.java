package io.sekisho.console.graph.layout;

import io.sekisho.console.graph.layout.TextMeasure.Face;
import io.sekisho.console.graph.model.GraphEdge;
import io.sekisho.console.graph.model.GraphModel;
import io.sekisho.console.graph.model.GraphNode;
import io.sekisho.console.graph.model.Wording;
import java.util.HashMap;
import java.util.Map;

/**
 * How large everything wants to be, in pixels at 100 %.
 *
 * @param nodes by id
 * @param labels full labels by id of the edge
 * @param brief short labels by id of the edge, for troubled edges only
 * @param titles least widths of containers by name
 */
public record Sizes(
    Map<String, Size> nodes,
    Map<String, Size> labels,
    Map<String, Size> brief,
    Map<String, Integer> titles) {
  /** Free pixels left and right of the text in a node. */
  public static final int NODE_PAD = 10;

  /** Widest text of a node; longer ones lose their middle. */
  public static final int NODE_TEXT = 160;

  /** Height of the title of a container. */
  public static final int TITLE = 40;

  /** Free pixels inside the border of a container. */
  public static final int GROUP_PAD = 12;

  private static final int LEAST_WIDTH = 96;
  private static final int WITH_BAR = 52;
  private static final int WITHOUT_BAR = 44;
  private static final int PORT_GAP = 9;
  private static final int GRID = 4;
  private static final int LABEL_PAD = 8;
  private static final int MARK = 22;

  /** Measures a picture. */
  public static Sizes of(GraphModel model, TextMeasure measure) {
    Map<String, Size> nodes = new HashMap<>();
    Map<String, Integer> in = new HashMap<>();
    Map<String, Integer> out = new HashMap<>();
    for (GraphEdge e : model.edges()) {
      out.merge(e.from(), e.width() + PORT_GAP, Integer::sum);
      in.merge(e.to(), e.width() + PORT_GAP, Integer::sum);
    }
    // one width for all lines up the columns
    int width = LEAST_WIDTH;
    for (GraphNode n : model.nodes()) {
      int name = measure.of(Wording.name(n), Face.NAME).width();
      int note = measure.of(Wording.note(n), Face.SMALL).width();
      int text = Math.min(NODE_TEXT, Math.max(name, note));
      width = Math.max(width, onGrid(text + 2 * NODE_PAD));
    }
    for (GraphNode n : model.nodes()) {
      int ports = Math.max(in.getOrDefault(n.id(), 0), out.getOrDefault(n.id(), 0)) + PORT_GAP;
      int least = n.pods() > 0 ? WITH_BAR : WITHOUT_BAR;
      nodes.put(n.id(), new Size(width, Math.max(least, onGrid(ports))));
    }
    Map<String, Integer> titles = new HashMap<>();
    model
        .groups()
        .forEach(
            g ->
                titles.put(
                    g.name(),
                    measure.of(g.name(), Face.BOLD).width()
                        + measure.of(Wording.pods(g.pods()), Face.SMALL).width()
                        + 2 * GROUP_PAD
                        + MARK));
    return new Sizes(nodes, labels(model, measure), brief(model, measure), titles);
  }

  private static Map<String, Size> labels(GraphModel model, TextMeasure measure) {
    Map<String, Size> labels = new HashMap<>();
    for (GraphEdge e : model.edges()) {
      if (!e.stale() && (!e.bundle() || e.troubled())) {
        labels.put(e.id(), padded(measure.of(Wording.label(e), Face.SMALL)));
      }
    }
    return labels;
  }

  private static Map<String, Size> brief(GraphModel model, TextMeasure measure) {
    Map<String, Size> brief = new HashMap<>();
    for (GraphEdge e : model.edges()) {
      if (e.troubled()) {
        brief.put(e.id(), padded(measure.of(Wording.briefLabel(e), Face.SMALL)));
      }
    }
    return brief;
  }

  private static Size padded(Size text) {
    return new Size(text.width() + LABEL_PAD, text.height() + 2);
  }

  private static int onGrid(int pixels) {
    return (pixels + GRID - 1) / GRID * GRID;
  }
}
