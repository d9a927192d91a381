package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterInventory;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Background;
import io.sekisho.console.ui.Format;
import io.sekisho.policy.Diffs;
import io.sekisho.policy.Diffs.DocumentChange;
import io.sekisho.policy.Diffs.RuleChange;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.reach.Changes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * What changes from one revision to another: documents and rules, who can talk to whom, and the
 * YAML.
 *
 * @param structure one line for each document, with its rules
 * @param closed who can no longer talk to whom, on which ports
 * @param opened who can from then on
 * @param yaml unified diffs
 */
record RevisionStory(
    List<String> structure, List<String> closed, List<String> opened, List<String> yaml) {
  /** More lines than people read of each kind. */
  private static final int MAX_LINES = 40;

  /** Both revisions. */
  private record Both(List<PolicyDocument> before, List<PolicyDocument> after) {}

  /** Asks for both revisions, and compares them on another thread as the cluster obeys now. */
  static CompletableFuture<RevisionStory> of(ClusterSession session, long from, long to) {
    ClusterInventory inventory = session.inventory();
    return documents(session, from)
        .thenCombine(documents(session, to), Both::new)
        .thenCombineAsync(
            session.revisions().enforcement(),
            (both, obeyed) -> compare(both.before(), both.after(), inventory, obeyed),
            Background.workers());
  }

  private static CompletableFuture<List<PolicyDocument>> documents(
      ClusterSession session, long number) {
    return number == 0
        ? CompletableFuture.completedFuture(List.of())
        : session
            .revisions()
            .get(number)
            .thenApplyAsync(r -> Reading.stored(r.getDocumentsList()), Background.workers());
  }

  private static RevisionStory compare(
      List<PolicyDocument> before,
      List<PolicyDocument> after,
      ClusterInventory inventory,
      Enforcement enforcement) {
    List<DocumentChange> changes = Diffs.documents(before, after);
    var closed = new Pairs();
    var opened = new Pairs();
    if (!changes.isEmpty()) {
      PeerNames names = new PeerNames(inventory);
      Changes.visit(
          before,
          after,
          inventory.cluster(),
          enforcement,
          change -> {
            closed.add(names, change, change.closed());
            opened.add(names, change, change.opened());
          });
    }
    return new RevisionStory(
        changes.stream().map(RevisionStory::line).toList(),
        closed.lines(),
        opened.lines(),
        changes.stream().map(DocumentChange::unified).toList());
  }

  /** Who can talk to whom: the first lines, and how many pairs there are besides. */
  private static final class Pairs {
    private final Set<String> lines = new LinkedHashSet<>();
    private long more;

    void add(PeerNames names, Changes.Change change, List<PortRange> ports) {
      if (ports.isEmpty()) {
        return;
      }
      String words = ports.stream().map(PortRange::toString).collect(Collectors.joining(", "));
      String line =
          names.of(change.source()) + " → " + names.of(change.destination()) + "  " + words;
      if (!lines.contains(line)) {
        if (lines.size() < MAX_LINES) {
          lines.add(line);
        } else {
          more++;
        }
      }
    }

    List<String> lines() {
      List<String> out = new ArrayList<>(lines);
      if (more > 0) {
        out.add(Texts.bind(Texts.impact_more, Format.count(more)));
      }
      return out;
    }
  }

  private static String line(DocumentChange change) {
    String rules =
        change.rules().stream().map(RevisionStory::rule).collect(Collectors.joining(", "));
    String word =
        switch (change.change()) {
          case ADDED -> Texts.change_added;
          case CHANGED -> Texts.change_changed;
          case REMOVED -> Texts.change_removed;
        };
    boolean told = change.change() == Diffs.Change.CHANGED;
    String detail = !told ? "" : ": " + (rules.isEmpty() ? Texts.story_words_only : rules);
    return change.name().kind() + " " + change.name().path() + "  " + word + detail;
  }

  private static String rule(RuleChange change) {
    String word =
        switch (change.change()) {
          case ADDED -> Texts.change_added;
          case CHANGED -> Texts.change_changed;
          case REMOVED -> Texts.change_removed;
        };
    return Texts.bind(
        Texts.story_rule, new Object[] {change.section().text(), change.index(), word});
  }
}
