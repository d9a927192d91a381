package io.sekisho.agent.reconcile;

import io.sekisho.agent.datapath.DesiredState.Location;
import io.sekisho.agent.ipcache.Ipcache;
import io.sekisho.agent.ipcache.Site;
import io.sekisho.policy.Cidr;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who has which address; the same map while nothing changes, so that nobody compares thousands of
 * prefixes for a policy that changed. Belongs to the event loop.
 */
final class Places {
  private Optional<Site> lastSite = Optional.empty();
  private View last = View.EMPTY;
  private List<Ipcache.Local> lastLocals = List.of();
  private Map<Cidr, Location> known = Map.of();

  /** Those of a view. */
  @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
  Map<Cidr, Location> of(Site site, View view) {
    List<Ipcache.Local> locals = Desired.locals(view);
    if (view.inventory() != last.inventory()
        || view.cidrs() != last.cidrs()
        || view.nodes() != last.nodes()
        || !lastSite.equals(Optional.of(site))
        || !locals.equals(lastLocals)) {
      Map<Cidr, Location> now = Desired.ipcache(site, view);
      known = now.equals(known) ? known : Map.copyOf(now);
      last = view;
      lastSite = Optional.of(site);
      lastLocals = locals;
    }
    return known;
  }
}
