package io.sekisho.policy;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.patch.ChangeDelta;
import com.github.difflib.patch.Chunk;
import com.github.difflib.patch.DeleteDelta;
import com.github.difflib.patch.InsertDelta;
import com.github.difflib.patch.Patch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What differs between two texts, and between two sets of documents. */
public final class Diffs {
  private static final int CONTEXT_LINES = 3;

  /** Lines of both texts for which the smallest difference is looked for. */
  private static final int MOST_LINES = 4000;

  private Diffs() {}

  /** What became of a document. */
  public enum Change {
    ADDED,
    CHANGED,
    REMOVED
  }

  /**
   * A document that differs between two sets.
   *
   * @param change what became of it
   * @param name which document
   * @param before as it was, empty if added
   * @param after as it is, empty if removed
   * @param rules rules that were added, removed or changed; empty if only words around them were
   */
  public record DocumentChange(
      Change change,
      DocumentName name,
      Optional<PolicyDocument> before,
      Optional<PolicyDocument> after,
      List<RuleChange> rules) {
    /** Unified diff of the YAML. */
    public String unified() {
      return Diffs.unified(
          before.map(PolicyDocument::yaml).orElse(""), after.map(PolicyDocument::yaml).orElse(""));
    }
  }

  /** A rule that differs, by its place in the document. */
  public record RuleChange(Change change, Section section, int index) {}

  /**
   * Unified diff of two texts by lines, with three lines of context; empty if they are equal.
   *
   * @param before old text
   * @param after new text
   */
  public static String unified(String before, String after) {
    if (before.equals(after)) {
      return "";
    }
    List<String> old = before.isEmpty() ? List.of() : before.lines().toList();
    List<String> now = after.isEmpty() ? List.of() : after.lines().toList();
    return UnifiedDiffUtils.generateUnifiedDiff(
            "before", "after", old, patch(old, now), CONTEXT_LINES)
        .stream()
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  /**
   * The time to find the smallest difference grows with its square: of long lists it is told as one
   * block, from the first line that differs to the last.
   */
  private static Patch<String> patch(List<String> old, List<String> now) {
    int least = Math.min(old.size(), now.size());
    int begin = 0;
    while (begin < least && old.get(begin).equals(now.get(begin))) {
      begin++;
    }
    int end = 0;
    while (end < least - begin
        && old.get(old.size() - 1 - end).equals(now.get(now.size() - 1 - end))) {
      end++;
    }
    List<String> gone = old.subList(begin, old.size() - end);
    List<String> come = now.subList(begin, now.size() - end);
    if (gone.size() + come.size() <= MOST_LINES) {
      return DiffUtils.diff(old, now);
    }
    var before = new Chunk<String>(begin, gone);
    var after = new Chunk<String>(begin, come);
    var patch = new Patch<String>();
    patch.addDelta(
        gone.isEmpty()
            ? new InsertDelta<>(before, after)
            : come.isEmpty() ? new DeleteDelta<>(before, after) : new ChangeDelta<>(before, after));
    return patch;
  }

  /** Documents that differ, by name. */
  public static List<DocumentChange> documents(
      Collection<PolicyDocument> before, Collection<PolicyDocument> after) {
    Map<DocumentName, PolicyDocument> old = byName(before);
    Map<DocumentName, PolicyDocument> now = byName(after);
    var names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    var out = new ArrayList<DocumentChange>();
    for (DocumentName name : names) {
      compare(name, Optional.ofNullable(old.get(name)), Optional.ofNullable(now.get(name)))
          .ifPresent(out::add);
    }
    return out;
  }

  private static Map<DocumentName, PolicyDocument> byName(Collection<PolicyDocument> documents) {
    return documents.stream()
        .collect(Collectors.toMap(PolicyDocument::documentName, Function.identity(), (a, b) -> b));
  }

  private static Optional<DocumentChange> compare(
      DocumentName name, Optional<PolicyDocument> before, Optional<PolicyDocument> after) {
    if (before.map(PolicyDocument::yaml).equals(after.map(PolicyDocument::yaml))) {
      return Optional.empty();
    }
    Change change = change(before.isPresent(), after.isPresent());
    return Optional.of(new DocumentChange(change, name, before, after, rules(before, after)));
  }

  private static Change change(boolean before, boolean after) {
    return before && after ? Change.CHANGED : after ? Change.ADDED : Change.REMOVED;
  }

  private record Place(Section section, int index) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int bySection = section.compareTo(other.section);
      return bySection != 0 ? bySection : Integer.compare(index, other.index);
    }
  }

  private static List<RuleChange> rules(
      Optional<PolicyDocument> before, Optional<PolicyDocument> after) {
    Map<Place, String> old = places(before);
    Map<Place, String> now = places(after);
    var all = new TreeSet<>(old.keySet());
    all.addAll(now.keySet());
    return all.stream()
        .filter(p -> !Optional.ofNullable(old.get(p)).equals(Optional.ofNullable(now.get(p))))
        .map(
            p ->
                new RuleChange(
                    change(old.containsKey(p), now.containsKey(p)), p.section(), p.index()))
        .toList();
  }

  private static Map<Place, String> places(Optional<PolicyDocument> document) {
    var out = new TreeMap<Place, String>();
    document.stream()
        .flatMap(PolicyDocument::rules)
        .forEach(
            r ->
                out.put(
                    new Place(r.reference().section(), r.reference().index()), r.canonicalText()));
    return out;
  }
}
