package io.sekisho.agent.reconcile;

import io.sekisho.agent.endpoint.LocalEndpoint.Live;
import io.sekisho.policy.Identity;
import java.util.List;
import java.util.Set;

/**
 * Every identity that can be at the other end of a connection; the same set while nothing changes,
 * for there are thousands. Belongs to the event loop.
 */
final class Peers {
  private View last = View.EMPTY;
  private List<Identity> lastLocals = List.of();
  private Set<Identity> known = Set.copyOf(Desired.peers(View.EMPTY));

  /** Those of a view. */
  @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
  Set<Identity> of(View view) {
    List<Identity> locals = Desired.lives(view).stream().map(Live::identity).toList();
    if (view.inventory() != last.inventory()
        || view.cidrs() != last.cidrs()
        || view.blocks() != last.blocks()
        || view.nodes() != last.nodes()
        || !view.host().equals(last.host())
        || !locals.equals(lastLocals)) {
      Set<Identity> now = Desired.peers(view);
      known = now.equals(known) ? known : Set.copyOf(now);
      last = view;
      lastLocals = locals;
    }
    return known;
  }
}
