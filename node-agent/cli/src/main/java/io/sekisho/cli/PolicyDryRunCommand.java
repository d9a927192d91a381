package io.sekisho.cli;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.GetEnforcementRequest;
import io.sekisho.api.v1.GetRevisionRequest;
import io.sekisho.api.v1.Revision;
import io.sekisho.impact.Progress;
import io.sekisho.impact.run.BlastRadius;
import io.sekisho.impact.run.DryRun;
import io.sekisho.impact.run.Outcome;
import io.sekisho.impact.seen.NodeEnforcement;
import io.sekisho.policy.DocumentName;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.Problem;
import io.sekisho.policy.Severity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what documents would do to recorded flows, before they are pushed. */
@Command(
    name = "dry-run",
    mixinStandardHelpOptions = true,
    description =
        "Say what documents would do to the cluster's recorded flows and to its endpoints, in the"
            + " mode and with the fail-safe ports of the agent that is asked; change nothing. Exit"
            + " code 4 if a document has errors, 7 if something would newly be denied.")
final class PolicyDryRunCommand extends AgentCommand {
  @Mixin private Output output;
  @Mixin private RecordedFlows recorded;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "YAML of documents to add or replace; - is standard input.")
  private List<Path> files = List.of();

  @Option(
      names = "--remove",
      paramLabel = "NAMESPACE/NAME",
      description = "A document that would be removed; of any kind.")
  private List<String> removed = List.of();

  @Option(names = "--all", description = "Show what stays as it is too.")
  private boolean all;

  @Override
  void ask(AgentClient client) {
    if (files.isEmpty() && removed.isEmpty()) {
      throw new CliException(CliException.Code.USAGE, "name files, or documents with --remove");
    }
    List<PolicyDocument> changed = read();
    Revision head = client.revisions().get(GetRevisionRequest.getDefaultInstance());
    List<PolicyDocument> before =
        io.sekisho.policy.Documents.parse(
                head.getDocumentsList().stream().map(Document::getYaml).toList())
            .documents();
    List<PolicyDocument> after = after(before, changed);
    RecordedFlows.Read read = recorded.read(client, err());
    Enforcement enforcement =
        NodeEnforcement.of(client.enforcement().get(GetEnforcementRequest.getDefaultInstance()));
    DryRun run = DryRun.of(before, after, enforcement, read.traffic(), Progress.NONE);
    List<BlastRadius.Placed> endpoints =
        read.endpoints().getEndpointsList().stream()
            .map(
                e ->
                    new BlastRadius.Placed(
                        e.getNode(),
                        e.getNamespace() + "/" + e.getWorkload(),
                        e.getPod(),
                        io.sekisho.policy.Labels.of(e.getLabelsList())))
            .toList();
    BlastRadius radius =
        BlastRadius.of(
            before, after, enforcement, endpoints, read.identities().all(), Progress.NONE);
    var report = new DryRunReport(run, radius, read.traffic(), all);
    print(output, report.message(), report::text);
    long denied = run.flows(Outcome.NEWLY_DENIED);
    if (denied > 0) {
      throw new CliException(
          CliException.Code.DROPPED, Texts.plural(denied, "flow") + " would newly be denied");
    }
  }

  private List<PolicyDocument> read() {
    Parsed parsed = io.sekisho.policy.Documents.parse(Documents.read(files));
    List<String> names = Documents.names(files);
    parsed.problems().forEach(p -> err().println(line(p, names)));
    if (parsed.hasErrors()) {
      throw new CliException(
          CliException.Code.INVALID, Texts.plural(parsed.errors().size(), "error"));
    }
    return parsed.documents();
  }

  private static String line(Problem problem, List<String> names) {
    return String.format(
        "%s:%d:%d: %s: %s",
        names.get(problem.text()),
        problem.line(),
        problem.column(),
        problem.severity() == Severity.ERROR ? "error" : "warning",
        problem.message());
  }

  private List<PolicyDocument> after(List<PolicyDocument> before, List<PolicyDocument> changed) {
    Set<DocumentName> replaced = new HashSet<>();
    changed.forEach(d -> replaced.add(d.documentName()));
    for (String name : removed) {
      List<DocumentName> found =
          before.stream()
              .map(PolicyDocument::documentName)
              .filter(n -> n.path().equals(name))
              .toList();
      if (found.isEmpty()) {
        throw new CliException(CliException.Code.REFUSED, "there is no document " + name);
      }
      replaced.addAll(found);
    }
    var out = new ArrayList<PolicyDocument>();
    before.stream().filter(d -> !replaced.contains(d.documentName())).forEach(out::add);
    out.addAll(changed);
    return out;
  }
}
