package io.sekisho.console.graph.layout;

import io.sekisho.console.graph.model.Budget;
import io.sekisho.console.graph.model.Folding;
import io.sekisho.console.graph.model.GraphModel;
import io.sekisho.flow.ServiceGraph;

/**
 * A finished picture: what is drawn and where; immutable.
 *
 * @param graph of which it was made
 * @param folding by which it was made
 * @param model what is drawn
 * @param sizes measured
 * @param placement where
 * @param budget that the folding kept to; kept while the picture is only updated
 * @param fresh whether everything was laid out anew, else old boxes stay where they were
 * @param grown nodes that came since everything was laid out anew
 */
public record Scene(
    ServiceGraph graph,
    Folding folding,
    GraphModel model,
    Sizes sizes,
    Placement placement,
    Budget budget,
    boolean fresh,
    int grown) {

  /** The same elsewhere. */
  Scene at(Placement other) {
    return new Scene(graph, folding, model, sizes, other, budget, false, grown);
  }
}
