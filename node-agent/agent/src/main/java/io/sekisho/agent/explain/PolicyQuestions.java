package io.sekisho.agent.explain;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.explain.Ends.Found;
import io.sekisho.agent.explain.ExplainException.Code;
import io.sekisho.agent.revision.Revisions;
import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.DocumentName;
import io.sekisho.api.v1.PolicyChangesRequest;
import io.sekisho.api.v1.PolicyChangesResponse;
import io.sekisho.api.v1.PolicySet;
import io.sekisho.api.v1.PolicyTrace;
import io.sekisho.api.v1.ReachDirection;
import io.sekisho.api.v1.ReachRequest;
import io.sekisho.api.v1.ReachResponse;
import io.sekisho.api.v1.Revision;
import io.sekisho.api.v1.TracePolicyRequest;
import io.sekisho.api.v1.TracePolicyResponse;
import io.sekisho.api.v1.TraceSides;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.Identity;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PortLabels;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.evaluate.Evaluation;
import io.sekisho.policy.evaluate.Evaluator;
import io.sekisho.policy.evaluate.Question;
import io.sekisho.policy.reach.Reachability;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Answers questions about the policies of a revision or a draft in the cluster as it is now. */
public final class PolicyQuestions {
  private static final int PAIRS = 100;
  private static final int RULES = 100;
  private static final int GROUPS = 200;

  private final DocumentCache parsed = new DocumentCache();
  private final Revisions revisions;
  private final Supplier<Inventory> inventory;
  private final Supplier<Enforcement> enforcement;

  /**
   * Questions to a cluster.
   *
   * @param enforcement how it obeys policies now; may block
   */
  public PolicyQuestions(
      Revisions revisions, Supplier<Inventory> inventory, Supplier<Enforcement> enforcement) {
    this.revisions = revisions;
    this.inventory = inventory;
    this.enforcement = enforcement;
  }

  /** Documents that are asked, and the revision that they are of or stand on. */
  private record Asked(List<PolicyDocument> documents, long revision, boolean draft) {}

  private Asked documents(PolicySet set) {
    Revision revision = revisions.documents(set);
    boolean draft = set.getUpsertCount() + set.getRemoveCount() > 0;
    return new Asked(
        parsed.read(revision.getDocumentsList(), revisions.others()), revision.getNumber(), draft);
  }

  /**
   * A document that is in force beside those of revisions.
   *
   * @param name its kind may be empty
   * @throws ExplainException if there is none
   */
  public Document beside(DocumentName name) {
    return revisions.others().documents().stream()
        .filter(d -> name.getKind().isEmpty() || name.getKind().equals(d.getKind()))
        .filter(d -> name.getNamespace().equals(d.getNamespace()))
        .filter(d -> name.getName().equals(d.getName()))
        .findFirst()
        .orElseThrow(
            () ->
                new ExplainException(
                    Code.UNKNOWN_DOCUMENT,
                    "no document beside the revisions' is called "
                        + (name.getNamespace().isEmpty() ? "" : name.getNamespace() + "/")
                        + name.getName()));
  }

  /**
   * What is decided about connections.
   *
   * @throws ExplainException if an end is not known
   * @throws io.sekisho.agent.revision.RevisionException if the documents are not there or wrong
   */
  public TracePolicyResponse trace(TracePolicyRequest request) {
    if (request.getProtocol() > 255 || request.getPort() > 65535) {
      throw new ExplainException(Code.INVALID, "there is no such protocol or port");
    }
    Asked asked = documents(request.getDocuments());
    var evaluator = new Evaluator(asked.documents(), enforcement.get());
    var ends = new Ends(new Census(inventory.get()), evaluator);
    List<Found> sources = ends.find(request.getSource(), request.getDestination());
    List<Found> destinations = ends.find(request.getDestination(), request.getSource());
    var verdicts = new Verdicts(asked.documents(), asked.draft() ? 0 : asked.revision());
    boolean nodes = asked.documents().stream().anyMatch(PolicyDocument::selectsNodes);
    var out =
        TracePolicyResponse.newBuilder()
            .setRevision(asked.revision())
            .setPairs((long) sources.size() * destinations.size());
    for (Found source : sources) {
      for (Found destination : destinations) {
        if (out.getTracesCount() < PAIRS) {
          out.addTraces(trace(source, destination, request, evaluator, verdicts, nodes));
        }
      }
    }
    return out.build();
  }

  private static PolicyTrace trace(
      Found source,
      Found destination,
      TracePolicyRequest request,
      Evaluator evaluator,
      Verdicts verdicts,
      boolean nodes) {
    PortRange port = port(request, destination);
    var out =
        PolicyTrace.newBuilder()
            .setSource(source.told())
            .setDestination(destination.told())
            .setProtocol(port.protocol())
            .setPort(port.first());
    int limit = request.getRuleLimit() == 0 ? RULES : request.getRuleLimit();
    boolean passes = true;
    if (request.getSides() != TraceSides.DESTINATION_SIDE && decides(source, nodes)) {
      Evaluation egress =
          evaluator.evaluate(
              question(source.subject(), destination.identity(), port, Direction.EGRESS)
                  .between(source.address(destination), destination.address(source)));
      out.setEgress(verdicts.side(egress, limit));
      passes = egress.allowed();
    }
    if (request.getSides() != TraceSides.SOURCE_SIDE && decides(destination, nodes)) {
      Evaluation ingress =
          evaluator.evaluate(
              question(source.identity(), destination.subject(), port, Direction.INGRESS)
                  .between(source.address(destination), destination.address(source)));
      out.setIngress(verdicts.side(ingress, limit));
      passes &= ingress.allowed();
    }
    return out.setPasses(passes).build();
  }

  /** Whether policies have a say at an end: a pod, or a node if documents speak of nodes. */
  private static boolean decides(Found end, boolean nodes) {
    return end.identity().isEndpoint() || (nodes && end.node().isPresent());
  }

  private static Question question(
      Identity source, Identity destination, PortRange port, Direction direction) {
    return new Question(source, destination, port.protocol(), port.first(), direction);
  }

  private static PortRange port(TracePolicyRequest request, Found destination) {
    if (!request.getPortName().isEmpty()) {
      return PortLabels.port(destination.identity().labels(), request.getPortName())
          .orElseThrow(
              () ->
                  new ExplainException(
                      Code.UNKNOWN_END,
                      destination.told().getName()
                          + " has no port with the name '"
                          + request.getPortName()
                          + "'"));
    }
    int protocol = request.getProtocol() == 0 ? PortRange.TCP : request.getProtocol();
    return new PortRange(protocol, request.getPort(), request.getPort());
  }

  /**
   * Who can reach somebody, or whom he can reach.
   *
   * @throws ExplainException if not exactly one identity is meant
   * @throws io.sekisho.agent.revision.RevisionException if the documents are not there or wrong
   */
  public ReachResponse reach(ReachRequest request) {
    Asked asked = documents(request.getDocuments());
    var census = new Census(inventory.get());
    Found who = new Ends(census, new Evaluator(asked.documents())).one(request.getWho());
    var identities = new ArrayList<Identity>(census.identities());
    identities.add(who.identity());
    var reachability =
        new Reachability(asked.documents(), census.cluster(identities), enforcement.get());
    var reached =
        request.getDirection() == ReachDirection.FROM
            ? reachability.whomReaches(who.identity(), who.addresses().stream().findFirst())
            : reachability.whoReaches(who.identity(), who.addresses().stream().findFirst());
    var groups = new ReachGroups(census);
    reached.stream().filter(r -> !isImagined(r.peer())).forEach(groups::add);
    return groups
        .answer(limit(request.getLimit()))
        .setWho(who.told())
        .setRevision(asked.revision())
        .build();
  }

  private static boolean isImagined(Identity identity) {
    return identity.equals(Ends.imagined(identity.labels()));
  }

  /**
   * What changes between two sets of documents.
   *
   * @throws io.sekisho.agent.revision.RevisionException if documents are not there or wrong
   */
  public PolicyChangesResponse changes(PolicyChangesRequest request) {
    Asked before = documents(request.getBefore());
    Asked after = documents(request.getAfter());
    var census = new Census(inventory.get());
    var groups = new ChangeGroups(census);
    io.sekisho.policy.reach.Changes.visit(
        before.documents(), after.documents(), census.cluster(), enforcement.get(), groups::add);
    return groups
        .answer(limit(request.getLimit()))
        .setBefore(before.revision())
        .setAfter(after.revision())
        .build();
  }

  private static int limit(int asked) {
    return asked == 0 ? GROUPS : asked;
  }
}
