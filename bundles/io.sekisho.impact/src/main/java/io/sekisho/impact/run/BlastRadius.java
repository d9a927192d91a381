package io.sekisho.impact.run;

import io.sekisho.impact.Progress;
import io.sekisho.policy.BlockLabels;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.CidrLabels;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.compile.PeerIndex;
import io.sekisho.policy.compile.PolicyCompiler;
import io.sekisho.policy.compile.PolicyTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which endpoints get another policy table from other documents, and by how many entries, found by
 * compiling both.
 *
 * @param touched only endpoints whose table differs
 */
public record BlastRadius(List<Touched> touched) {
  /** Entries that a policy map holds (bpf/maps/policies.h); more make the endpoint fail closed. */
  public static final int CAPACITY = 16_384;

  private static final int STEP = 4;

  private static final List<Identity> RESERVED =
      List.of(
          Identity.HOST,
          Identity.WORLD,
          Identity.UNMANAGED,
          Identity.HEALTH,
          Identity.INIT,
          Identity.REMOTE_NODE);

  /** Keeps an immutable copy. */
  public BlastRadius {
    touched = List.copyOf(touched);
  }

  /** An endpoint of the cluster: {@code namespace/workload}, its pod, where it lives. */
  public record Placed(String node, String workload, String pod, Labels labels) {}

  /**
   * How a policy table differs.
   *
   * @param added entries that are new
   * @param removed entries that go
   * @param changed entries that decide otherwise, or by another rule
   * @param entries how many there are then
   */
  public record Difference(int added, int removed, int changed, int entries) {
    private static Optional<Difference> of(PolicyTable before, PolicyTable after) {
      if (before.equals(after)) {
        return Optional.empty();
      }
      int added = 0;
      int changed = 0;
      for (var entry : after.entries().entrySet()) {
        var old = before.entries().get(entry.getKey());
        if (old == null) {
          added++;
        } else if (!old.equals(entry.getValue())) {
          changed++;
        }
      }
      int kept = after.entries().size() - added;
      int removed = before.entries().size() - kept;
      return Optional.of(new Difference(added, removed, changed, after.entries().size()));
    }

    /** Whether the map has no room for them. */
    public boolean overflows() {
      return entries > CAPACITY;
    }
  }

  /** An endpoint whose table differs. */
  public record Touched(Placed endpoint, Difference difference) {}

  /**
   * Compiles both for every endpoint, on all processors; endpoints with the same labels once.
   *
   * @param identities of the cluster; reserved ones, and those of the prefixes that each set of
   *     documents names, are added
   * @throws java.util.concurrent.CancellationException if the progress is cancelled
   */
  public static BlastRadius of(
      List<PolicyDocument> before,
      List<PolicyDocument> after,
      Collection<Placed> endpoints,
      Collection<Identity> identities,
      Progress progress) {
    return of(before, after, Enforcement.USUAL, endpoints, identities, progress);
  }

  /**
   * Compiles both for every endpoint, as {@link #of(List, List, Collection, Collection, Progress)}.
   *
   * @param enforcement how the cluster obeys both
   */
  public static BlastRadius of(
      List<PolicyDocument> before,
      List<PolicyDocument> after,
      Enforcement enforcement,
      Collection<Placed> endpoints,
      Collection<Identity> identities,
      Progress progress) {
    var old = new PolicyCompiler(before, enforcement.mode(), enforcement.failSafe());
    var next = new PolicyCompiler(after, enforcement.mode(), enforcement.failSafe());
    Map<Cidr, Integer> numbers = numbers(old, next);
    PeerIndex oldPeers = peers(old, identities, numbers);
    PeerIndex nextPeers = peers(next, identities, numbers);
    List<Labels> distinct = endpoints.stream().map(Placed::labels).distinct().toList();
    List<Optional<Difference>> found =
        Pieces.of(
            distinct,
            STEP,
            l -> Difference.of(old.compile(l, oldPeers), next.compile(l, nextPeers)),
            progress);
    var differences = new HashMap<Labels, Difference>();
    for (int i = 0; i < distinct.size(); i++) {
      Labels labels = distinct.get(i);
      found.get(i).ifPresent(d -> differences.put(labels, d));
    }
    List<Touched> touched =
        endpoints.stream()
            .filter(e -> differences.containsKey(e.labels()))
            .map(e -> new Touched(e, differences.get(e.labels())))
            .toList();
    return new BlastRadius(touched);
  }

  /** A prefix has the same number with both, as on a node. */
  private static Map<Cidr, Integer> numbers(PolicyCompiler old, PolicyCompiler next) {
    var out = new HashMap<Cidr, Integer>();
    var all = new TreeSet<>(old.cidrs());
    all.addAll(next.cidrs());
    all.forEach(c -> out.put(c, Identity.FIRST_LOCAL + out.size()));
    return out;
  }

  private static PeerIndex peers(
      PolicyCompiler compiler, Collection<Identity> identities, Map<Cidr, Integer> numbers) {
    var out = new HashMap<Integer, Identity>();
    identities.stream().filter(i -> !i.isLocal()).forEach(i -> out.put(i.number(), i));
    RESERVED.forEach(i -> out.put(i.number(), i));
    for (Cidr cidr : compiler.cidrs()) {
      int number = numbers.getOrDefault(cidr, 0);
      out.put(number, new Identity(number, CidrLabels.of(cidr)));
    }
    for (Cidr block : compiler.blocks()) {
      Identity standing = BlockLabels.identity(numbers.getOrDefault(block, 0), block);
      out.put(standing.number(), standing);
    }
    return PeerIndex.of(out.values());
  }

  /** Nodes with such endpoints. */
  public SortedSet<String> nodes() {
    return touched.stream()
        .map(t -> t.endpoint().node())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Workloads with such endpoints. */
  public SortedSet<String> workloads() {
    return touched.stream()
        .map(t -> t.endpoint().workload())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Entries of all endpoints that are new. */
  public long added() {
    return touched.stream().mapToLong(t -> t.difference().added()).sum();
  }

  /** Entries of all endpoints that go. */
  public long removed() {
    return touched.stream().mapToLong(t -> t.difference().removed()).sum();
  }

  /** Entries of all endpoints that decide otherwise, or by another rule. */
  public long changed() {
    return touched.stream().mapToLong(t -> t.difference().changed()).sum();
  }

  /** Endpoints whose map has no room for what it should hold: they would fail closed. */
  public List<Touched> overflowing() {
    return touched.stream().filter(t -> t.difference().overflows()).toList();
  }
}
