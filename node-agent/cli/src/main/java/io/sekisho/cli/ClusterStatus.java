package io.sekisho.cli;

import io.sekisho.agent.apiserver.Administration;
import io.sekisho.agent.install.Fleet;
import io.sekisho.agent.install.Installation;
import java.io.PrintWriter;
import java.util.List;

/** How the agents of a Kubernetes cluster are, by what its API server says. */
final class ClusterStatus {
  private final ClusterOptions cluster;
  private final String namespace;
  private final PrintWriter out;

  ClusterStatus(ClusterOptions cluster, String namespace, PrintWriter out) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.out = out;
  }

  /** Prints a row for each node; with {@code wait} first waits until all are ready. */
  void print(boolean wait) {
    try (Administration api = cluster.open()) {
      if (wait) {
        new Installation(api, cluster.patience(), this::say).await(namespace);
      }
      List<Fleet.Member> members = new Fleet(api, namespace, Installation.AGENT).members();
      var table = new TextTable("NODE", "AGENT", "RESTARTS", "KUBELET");
      for (Fleet.Member member : members) {
        table.row(
            member.node(),
            member.state(),
            member.restarts(),
            member.nodeReady() ? "ready" : "not ready");
      }
      out.print(table);
      members.stream()
          .filter(m -> !m.otherFirst().isEmpty())
          .forEach(m -> say("node " + m.node() + ": " + m.otherFirst()));
      out.flush();
      long missing = members.stream().filter(m -> !m.ready()).count();
      if (missing > 0) {
        throw new CliException(
            CliException.Code.REFUSED, Texts.plural(missing, "node") + " without its agent");
      }
      long others = members.stream().filter(m -> !m.otherFirst().isEmpty()).count();
      if (others > 0) {
        throw new CliException(
            CliException.Code.REFUSED,
            Texts.plural(others, "node") + " with another network first");
      }
    }
  }

  private void say(String sentence) {
    out.println(sentence);
    out.flush();
  }
}
