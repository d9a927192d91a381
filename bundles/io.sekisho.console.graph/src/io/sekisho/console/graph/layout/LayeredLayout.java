package io.sekisho.console.graph.layout;

import io.sekisho.console.graph.model.GraphEdge;
import io.sekisho.console.graph.model.GraphGroup;
import io.sekisho.console.graph.model.GraphModel;
import io.sekisho.console.graph.model.GraphNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.eclipse.elk.alg.layered.options.LayerConstraint;
import org.eclipse.elk.alg.layered.options.LayeredMetaDataProvider;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.alg.layered.options.NodePlacementStrategy;
import org.eclipse.elk.core.RecursiveGraphLayoutEngine;
import org.eclipse.elk.core.data.LayoutMetaDataService;
import org.eclipse.elk.core.math.ElkPadding;
import org.eclipse.elk.core.math.KVector;
import org.eclipse.elk.core.options.CoreOptions;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.options.HierarchyHandling;
import org.eclipse.elk.core.options.SizeConstraint;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/**
 * ELK's layered algorithm over the whole picture, containers included: clients left, servers right,
 * the outside on the rims. Its best for few namespaces; many become a chain much wider than high.
 */
final class LayeredLayout {
  private static final int LEAST_GROUP_HEIGHT = 60;

  static {
    LayoutMetaDataService.getInstance()
        .registerLayoutMetaDataProviders(new LayeredMetaDataProvider());
  }

  private final GraphModel model;
  private final Sizes sizes;
  private final Map<String, ElkNode> groups = new LinkedHashMap<>();
  private final Map<String, ElkNode> nodes = new LinkedHashMap<>();
  private final Map<String, ElkEdge> edges = new LinkedHashMap<>();

  private LayeredLayout(GraphModel model, Sizes sizes) {
    this.model = model;
    this.sizes = sizes;
  }

  /**
   * Lays out without labels.
   *
   * @throws CancellationException if it was cancelled between two of ELK's steps
   * @throws RuntimeException of any kind if ELK cannot digest the graph
   */
  static Placement run(GraphModel model, Sizes sizes, BooleanSupplier cancelled) {
    LayeredLayout layout = new LayeredLayout(model, sizes);
    ElkNode root = layout.graph();
    new RecursiveGraphLayoutEngine().layout(root, new Monitor(cancelled));
    if (cancelled.getAsBoolean()) {
      throw new CancellationException("layout is outdated");
    }
    return layout.placement();
  }

  private ElkNode graph() {
    ElkNode root = ElkGraphUtil.createGraph();
    root.setProperty(CoreOptions.ALGORITHM, LayeredOptions.ALGORITHM_ID);
    root.setProperty(CoreOptions.DIRECTION, Direction.RIGHT);
    root.setProperty(CoreOptions.HIERARCHY_HANDLING, HierarchyHandling.INCLUDE_CHILDREN);
    root.setProperty(CoreOptions.ASPECT_RATIO, 1.6);
    root.setProperty(CoreOptions.PADDING, new ElkPadding(0));
    style(root);
    for (GraphGroup g : model.groups()) {
      ElkNode e = ElkGraphUtil.createNode(root);
      int pad = Sizes.GROUP_PAD;
      e.setProperty(CoreOptions.PADDING, new ElkPadding(Sizes.TITLE, pad, pad, pad));
      e.setProperty(CoreOptions.NODE_SIZE_CONSTRAINTS, SizeConstraint.minimumSize());
      e.setProperty(
          CoreOptions.NODE_SIZE_MINIMUM,
          new KVector(sizes.titles().get(g.name()), LEAST_GROUP_HEIGHT));
      style(e);
      groups.put(g.name(), e);
    }
    model.nodes().forEach(n -> node(n, root));
    model.edges().forEach(this::edge);
    return root;
  }

  private void node(GraphNode n, ElkNode root) {
    ElkNode e = ElkGraphUtil.createNode(n.group().isEmpty() ? root : groups.get(n.group()));
    Size size = sizes.nodes().get(n.id());
    e.setDimensions(size.width(), size.height());
    if (n.outside()) {
      boolean opens = model.edges().stream().anyMatch(x -> x.from().equals(n.id()));
      e.setProperty(
          LayeredOptions.LAYERING_LAYER_CONSTRAINT,
          opens ? LayerConstraint.FIRST : LayerConstraint.LAST);
    }
    nodes.put(n.id(), e);
  }

  private static void style(ElkNode g) {
    g.setProperty(CoreOptions.EDGE_ROUTING, EdgeRouting.ORTHOGONAL);
    g.setProperty(LayeredOptions.NODE_PLACEMENT_STRATEGY, NodePlacementStrategy.BRANDES_KOEPF);
    g.setProperty(LayeredOptions.NODE_PLACEMENT_FAVOR_STRAIGHT_EDGES, true);
    g.setProperty(CoreOptions.SPACING_NODE_NODE, 20.0);
    g.setProperty(CoreOptions.SPACING_COMPONENT_COMPONENT, 24.0);
    g.setProperty(CoreOptions.SPACING_EDGE_NODE, 16.0);
    g.setProperty(CoreOptions.SPACING_EDGE_EDGE, 12.0);
    g.setProperty(CoreOptions.SPACING_NODE_SELF_LOOP, 12.0);
    g.setProperty(LayeredOptions.SPACING_NODE_NODE_BETWEEN_LAYERS, 40.0);
    g.setProperty(LayeredOptions.SPACING_EDGE_NODE_BETWEEN_LAYERS, 16.0);
    g.setProperty(LayeredOptions.SPACING_EDGE_EDGE_BETWEEN_LAYERS, 10.0);
  }

  private void edge(GraphEdge edge) {
    ElkEdge e = ElkGraphUtil.createSimpleEdge(end(edge.from()), end(edge.to()));
    e.setProperty(CoreOptions.EDGE_THICKNESS, (double) edge.width());
    // of two opposite edges the quieter one points backwards
    e.setProperty(LayeredOptions.PRIORITY_DIRECTION, edge.width());
    e.setProperty(LayeredOptions.PRIORITY_STRAIGHTNESS, edge.width());
    edges.put(edge.id(), e);
  }

  private ElkNode end(String id) {
    ElkNode node = nodes.get(id);
    return node != null ? node : groups.get(id.substring(GraphNode.NAMESPACE.length()));
  }

  private Placement placement() {
    Map<String, Box> groupBoxes = new HashMap<>();
    Map<String, Box> boxes = new HashMap<>();
    Map<String, Route> routes = new HashMap<>();
    groups.forEach((id, e) -> groupBoxes.put(id, box(e)));
    nodes.forEach((id, e) -> boxes.put(id, box(e)));
    edges.forEach(
        (id, e) ->
            routes.put(id, route(e.getSections().getFirst(), origin(e.getContainingNode()))));
    return new Placement(groupBoxes, boxes, routes, Map.of());
  }

  private static Route route(ElkEdgeSection s, double[] shift) {
    List<double[]> points = new ArrayList<>();
    points.add(new double[] {s.getStartX() + shift[0], s.getStartY() + shift[1]});
    s.getBendPoints()
        .forEach(b -> points.add(new double[] {b.getX() + shift[0], b.getY() + shift[1]}));
    points.add(new double[] {s.getEndX() + shift[0], s.getEndY() + shift[1]});
    Jogs.straighten(points);
    return Route.through(points);
  }

  private static Box box(ElkNode e) {
    double[] at = origin(e.getParent());
    return new Box(
        (int) Math.round(at[0] + e.getX()),
        (int) Math.round(at[1] + e.getY()),
        (int) Math.round(e.getWidth()),
        (int) Math.round(e.getHeight()));
  }

  /** Places are relative to the parent: its corner in the picture. */
  private static double[] origin(ElkNode node) {
    double[] at = new double[2];
    for (ElkNode n = node; n != null && n.getParent() != null; n = n.getParent()) {
      at[0] += n.getX();
      at[1] += n.getY();
    }
    return at;
  }

  /** Lets ELK stop between its steps. */
  private static final class Monitor extends BasicProgressMonitor {
    private final BooleanSupplier cancelled;

    Monitor(BooleanSupplier cancelled) {
      this.cancelled = cancelled;
    }

    @Override
    public boolean isCanceled() {
      return cancelled.getAsBoolean();
    }
  }
}
