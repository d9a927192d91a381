package io.sekisho.console.graph.view;

import io.sekisho.console.graph.model.GraphEdge;
import io.sekisho.console.graph.model.GraphModel;
import io.sekisho.console.graph.model.GraphNode;
import io.sekisho.console.ui.Selected;
import io.sekisho.flow.FlowRecord;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Translates between ids of the picture and what the whole window has selected. Plain logic. */
public final class Selections {
  private static final Selected NOTHING = new Selected.Nothing();

  private Selections() {}

  /** What a selection in the picture means to the other views. */
  public static Selected toWindow(GraphModel model, Set<String> ids) {
    if (ids.size() != 1) {
      return NOTHING;
    }
    String id = ids.iterator().next();
    Optional<GraphEdge> edge = model.edge(id);
    if (edge.isPresent()) {
      return ofEdge(edge.get());
    }
    return id.startsWith(GraphNode.NAMESPACE) || id.startsWith(GraphNode.MORE)
        ? ofFolded(id)
        : new Selected.Workload(id);
  }

  private static Selected ofFolded(String id) {
    boolean whole = id.startsWith(GraphNode.NAMESPACE);
    String name = id.substring((whole ? GraphNode.NAMESPACE : GraphNode.MORE).length());
    return name.isEmpty() ? NOTHING : new Selected.Namespace(name);
  }

  /** A line that stands for several connections means the one end that is a workload, if any. */
  private static Selected ofEdge(GraphEdge e) {
    if (e.members().size() == 1) {
      String[] ends = e.members().getFirst().split(" > ", 2);
      return new Selected.Connection(ends[0], ends[1]);
    }
    for (String end : new String[] {e.to(), e.from()}) {
      if (!end.startsWith(GraphNode.NAMESPACE) && !end.startsWith(GraphNode.MORE)) {
        return new Selected.Workload(end);
      }
    }
    return ofFolded(e.to());
  }

  /** Ids that show what the window has selected; none if the picture does not hold it. */
  public static Set<String> toPicture(GraphModel model, Selected selected) {
    return switch (selected) {
      case Selected.Workload w -> home(model, w.key());
      case Selected.Pod p -> home(model, p.key());
      case Selected.Service s -> homes(model, s.workloads());
      case Selected.Namespace n -> Set.of(GraphNode.NAMESPACE + n.name());
      case Selected.Connection c -> connection(model, c.clientKey(), c.serverKey());
      case Selected.Flow f -> flow(model, f.flow());
      case Selected.Flows f ->
          f.ends().map(c -> connection(model, c.clientKey(), c.serverKey())).orElse(Set.of());
      case Selected.Nothing n -> Set.of();
      case Selected.Node n -> home(model, "/" + n.name());
    };
  }

  private static Set<String> flow(GraphModel model, FlowRecord flow) {
    return connection(model, flow.client().key(), flow.server().key());
  }

  private static Set<String> connection(GraphModel model, String client, String server) {
    Optional<GraphEdge> edge = model.edgeOfConnection(client + " > " + server);
    return edge.map(e -> Set.of(e.id())).orElseGet(() -> home(model, client));
  }

  private static Set<String> homes(GraphModel model, Set<String> keys) {
    return keys.stream().flatMap(k -> home(model, k).stream()).collect(Collectors.toSet());
  }

  private static Set<String> home(GraphModel model, String key) {
    String home = model.homes().get(key);
    return home == null ? Set.of() : Set.of(home);
  }
}
