package io.sekisho.console.kubernetes;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.FlowBuffer;
import io.sekisho.console.core.Link;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import io.sekisho.console.core.kubernetes.KubernetesContext.Reach;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The console's own session with a cluster, without its windows: tests a profile as the connect
 * dialog does, opens it, says on standard output what it sees, ends when its standard input does.
 * The lab runs it beside a cluster of its own.
 */
final class SessionProgram {
  private static final String NONE = "";

  private final ClusterSession session;
  private Link link = new Link.Connecting();
  private String nodes = NONE;
  private String objects = NONE;
  private final Set<String> besides = new HashSet<>();
  private long seen;

  private SessionProgram(ClusterSession session) {
    this.session = session;
  }

  /** Arguments: a kubeconfig, its context, and how agents are reached. */
  public static void main(String[] args) throws IOException {
    KubernetesContext context =
        KubernetesContext.usual(List.of(Path.of(args[0])), args[1]).with(Reach.valueOf(args[2]));
    ConnectionProfile profile = ConnectionProfile.kubernetes("installed", false, context);
    KubernetesTest.Report report = KubernetesTest.run(profile, step -> say("step " + step)).join();
    say("tested " + report.agents() + " " + report.role() + " " + report.agent());
    report.failure().lines().forEach(line -> say("failure " + line));
    try (ClusterSession session = KubernetesSessions.open(profile)) {
      SessionProgram program = new SessionProgram(session);
      session.addListener(topic -> program.look());
      program.look();
      System.in.transferTo(OutputStream.nullOutputStream());
    }
    // what a session leaves running keeps this program from ending
  }

  /** Says what is new; on any thread. */
  private synchronized void look() {
    Link now = session.link();
    if (!now.equals(link)) {
      link = now;
      say("link " + words(now));
    }
    String named = String.join(" ", new TreeSet<>(session.inventory().nodes().keySet()));
    if (!named.equals(nodes)) {
      nodes = named;
      say("nodes " + named);
    }
    String told =
        session
            .kubernetes()
            .map(k -> k.objects().synced() + " " + k.objects().workloads().size())
            .orElse(NONE);
    if (!told.equals(objects)) {
      objects = told;
      say("objects " + told);
    }
    flows(session.flows());
  }

  /** What is new among the flows: by when they came, for a node may be late. */
  private void flows(FlowBuffer flows) {
    long fresh = flows.seen() - seen;
    seen = flows.seen();
    List<FlowRecord> news = flows.newestFirst().stream().limit(fresh).toList();
    String told =
        news.stream()
            .filter(f -> f.client().key().equals("default/echo"))
            .filter(f -> f.server().key().equals("default/echo"))
            .map(FlowRecord::node)
            .distinct()
            .sorted()
            .collect(Collectors.joining(" "));
    if (!told.isEmpty()) {
      say("flows " + told);
    }
    List<FlowRecord> drops = news.stream().filter(f -> f.verdict() == FlowVerdict.DROPPED).toList();
    drops.stream().map(SessionProgram::drop).distinct().forEach(SessionProgram::say);
    drops.stream().flatMap(this::beside).filter(besides::add).forEach(SessionProgram::say);
  }

  /** What Kubernetes tells of both ends of a drop, as the details of a flow show it. */
  private Stream<String> beside(FlowRecord flow) {
    return session
        .objects()
        .beside(flow.timeNanos() / 1_000_000, flow.client().key(), flow.server().key())
        .stream()
        .map(
            e ->
                String.join(
                    " ",
                    "beside",
                    drop(flow),
                    e.about().name(),
                    e.reason(),
                    e.message().lines().findFirst().orElse(NONE)));
  }

  /** Who was refused by whom, why, and by which rule. */
  private static String drop(FlowRecord flow) {
    return String.join(
        " ", "drop", flow.client().key(), flow.server().key(), flow.dropReason(), flow.rule());
  }

  private static String words(Link link) {
    return switch (link) {
      case Link.Connecting c -> "connecting";
      case Link.Connected c -> "connected " + c.agent();
      case Link.Disconnected d -> "disconnected " + d.message();
      case Link.Refused r -> "refused " + r.message();
      case Link.Closed c -> "closed";
    };
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
