package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterInventory;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Background;
import io.sekisho.policy.Diffs;
import io.sekisho.policy.Diffs.DocumentChange;
import io.sekisho.policy.Diffs.RuleChange;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.reach.Changes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** Asks for both revisions, and compares them on another thread. */
  static CompletableFuture<RevisionStory> of(ClusterSession session, long from, long to) {
    CompletableFuture<List<PolicyDocument>> before = documents(session, from);
    CompletableFuture<List<PolicyDocument>> after = documents(session, to);
    ClusterInventory inventory = session.inventory();
    return before.thenCombineAsync(after, (b, a) -> compare(b, a, inventory), Background.workers());
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
      List<PolicyDocument> before, List<PolicyDocument> after, ClusterInventory inventory) {
    List<DocumentChange> changes = Diffs.documents(before, after);
    var closed = new LinkedHashMap<String, Integer>();
    var opened = new LinkedHashMap<String, Integer>();
    if (!changes.isEmpty()) {
      PeerNames names = new PeerNames(inventory);
      for (Changes.Change change : Changes.between(before, after, inventory.named().all())) {
        String ends = names.of(change.source()) + " → " + names.of(change.destination());
        add(ends, change.closed(), closed);
        add(ends, change.opened(), opened);
      }
    }
    return new RevisionStory(
        changes.stream().map(RevisionStory::line).toList(),
        cut(closed),
        cut(opened),
        changes.stream().map(DocumentChange::unified).toList());
  }

  private static void add(String ends, List<PortRange> ports, Map<String, Integer> lines) {
    if (!ports.isEmpty()) {
      String words = ports.stream().map(PortRange::toString).collect(Collectors.joining(", "));
      lines.merge(ends + "  " + words, 1, Integer::sum);
    }
  }

  private static List<String> cut(Map<String, Integer> lines) {
    List<String> out = new ArrayList<>(lines.keySet());
    if (out.size() <= MAX_LINES) {
      return out;
    }
    List<String> some = new ArrayList<>(out.subList(0, MAX_LINES));
    some.add(Texts.bind(Texts.impact_more, out.size() - MAX_LINES));
    return some;
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
