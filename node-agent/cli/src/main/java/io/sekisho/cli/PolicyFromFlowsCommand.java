package io.sekisho.cli;

import io.sekisho.impact.propose.PolicyFromFlows;
import io.sekisho.impact.propose.Proposal;
import io.sekisho.impact.propose.Wish;
import io.sekisho.impact.seen.End;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Selector;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes the smallest policy that allows what was seen. */
@Command(
    name = "from-flows",
    mixinStandardHelpOptions = true,
    description =
        "Print the smallest policy that allows what endpoints were seen to do, to be read, changed"
            + " and pushed; changes nothing.")
final class PolicyFromFlowsCommand extends AgentCommand {
  @Mixin private RecordedFlows recorded;

  @Option(
      names = "--selector",
      required = true,
      paramLabel = "KEY=VALUE,...",
      split = ",",
      description = "Endpoints with these labels; namespace=NAME is their namespace.")
  private List<String> selector = List.of();

  @Option(
      names = "--direction",
      paramLabel = "ingress|egress",
      split = ",",
      description = "Which sides to close; both by default.")
  private List<Direction> directions = List.of(Direction.values());

  @Option(
      names = "--width",
      paramLabel = "BITS",
      defaultValue = "32",
      description = "Length of IPv4 prefixes outside of the cluster (${DEFAULT-VALUE}).")
  private int width = 32;

  @Option(
      names = "--width6",
      paramLabel = "BITS",
      defaultValue = "128",
      description = "Length of IPv6 prefixes outside of the cluster (${DEFAULT-VALUE}).")
  private int widthV6 = 128;

  @Option(names = "--dropped", description = "Allow what was dropped too.")
  private boolean dropped;

  @Option(
      names = "--kubernetes",
      description = "A NetworkPolicy where that kind can say it; else a CiliumNetworkPolicy.")
  private boolean kubernetes;

  @Option(names = "--name", paramLabel = "NAME", description = "Name of the document.")
  private String name = "";

  @Override
  void ask(AgentClient client) {
    RecordedFlows.Read read = recorded.read(client, err());
    Selector meant = selector();
    Set<Labels> subjects = new LinkedHashSet<>(read.universe());
    read.traffic().talks().stream()
        .flatMap(t -> Stream.of(t.client(), t.server()))
        .filter(e -> e instanceof End.Known)
        .map(e -> ((End.Known) e).labels())
        .forEach(subjects::add);
    subjects.removeIf(l -> l.namespace().isEmpty() || !meant.matches(l));
    if (subjects.isEmpty()) {
      throw new CliException(
          CliException.Code.REFUSED, "no endpoint has the labels " + String.join(", ", selector));
    }
    List<Proposal> proposals = PolicyFromFlows.propose(wish(subjects, read), read.traffic());
    for (int i = 0; i < proposals.size(); i++) {
      out().print(i > 0 ? "---\n" : "");
      out().print(proposals.get(i).yaml());
    }
    out().flush();
    proposals.stream().flatMap(p -> p.notes().stream()).distinct().forEach(err()::println);
  }

  private Wish wish(Set<Labels> subjects, RecordedFlows.Read read) {
    try {
      return new Wish(
          name,
          subjects,
          read.universe(),
          Set.copyOf(directions),
          width,
          widthV6,
          dropped,
          kubernetes);
    } catch (IllegalArgumentException e) {
      throw new CliException(CliException.Code.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private Selector selector() {
    var out = new ArrayList<Requirement>();
    for (String term : selector) {
      int equals = term.indexOf('=');
      if (equals <= 0) {
        throw new CliException(CliException.Code.USAGE, "'" + term + "' is not like key=value");
      }
      String key = term.substring(0, equals);
      out.add(
          Requirement.is(
              key.equals("namespace") ? "k8s:" + Labels.NAMESPACE : "any:" + key,
              term.substring(equals + 1)));
    }
    return Selector.of(out);
  }
}
