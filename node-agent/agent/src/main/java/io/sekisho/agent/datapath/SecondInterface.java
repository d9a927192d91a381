package io.sekisho.agent.datapath;

import io.sekisho.netlink.Link;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.Route;
import io.sekisho.netlink.Routes;
import io.sekisho.netlink.Rules;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Routes of a pod's interface that is not its first one. What bears the interface's address leaves
 * by it, by a rule and a table of its own, because the programs let nothing pass that bears another
 * interface's. In the main table its default route stands behind the first one's, and serves when
 * that is gone.
 */
final class SecondInterface {
  /** Before the main table's rule (32766), behind what an administrator usually sets. */
  private static final int PRIORITY = 20_000;

  /** Tables and metrics are this and the interface's index: free of those that systems use. */
  private static final int FIRST = 20_000;

  private SecondInterface() {}

  /**
   * Adds rule and routes.
   *
   * @param usual the default route as the first interface has it
   */
  static void route(Netlink netlink, Route usual, InetAddress address) {
    forgetGone(netlink, Rules.Rule.from(address, PRIORITY, FIRST).family());
    int table = FIRST + usual.index();
    netlink.run(
        Routes.addNew(usual.by(Route.STATIC, table)),
        Routes.add(
            new Route(
                usual.destination(),
                0,
                usual.gateway(),
                usual.index(),
                true,
                Optional.empty(),
                table)),
        Rules.add(Rules.Rule.from(address, PRIORITY, table)));
  }

  /** Takes away rules of interfaces that are gone: those do not take them along. */
  private static void forgetGone(Netlink netlink, Rules.Family family) {
    Set<Integer> tables = new HashSet<>();
    for (Link link : netlink.list(Links.all())) {
      tables.add(FIRST + link.index());
    }
    for (Rules.Rule rule : netlink.list(Rules.all(family))) {
      if (rule.priority() == PRIORITY && !tables.contains(rule.table())) {
        netlink.run(Rules.delete(rule));
      }
    }
  }
}
