package io.sekisho.policy.parse;

import io.sekisho.policy.NodeLabels;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** Keys of nodes' labels: all are of Kubernetes' source. */
record NodeKey(Findings findings) implements LabelReader.Key {
  @Override
  public Optional<String> of(Node place, String written) {
    int colon = written.indexOf(':');
    String source = colon < 0 ? "k8s" : written.substring(0, colon);
    String name = written.substring(colon + 1);
    if (!source.equals("k8s") && !source.equals("any")) {
      findings.error(place, "nodes have no labels of the source '" + source + "', only k8s");
      return Optional.empty();
    }
    if (!LabelReader.isName(name) || !NodeLabels.isAllowed(name)) {
      findings.error(place, "'" + name + "' is no label name of nodes");
      return Optional.empty();
    }
    return Optional.of("k8s:" + name);
  }
}
