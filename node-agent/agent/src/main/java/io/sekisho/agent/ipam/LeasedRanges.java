package io.sekisho.agent.ipam;

import io.sekisho.agent.cluster.ClusterStoreException;
import io.sekisho.agent.cluster.RangeLeases;
import io.sekisho.agent.state.StateFile;
import io.sekisho.policy.Cidr;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Ranges that the node leases from the cluster's pools, one of each. Which ones stands in a state
 * file too, so that a node that starts without its cluster store has the same ones again.
 */
public final class LeasedRanges implements PodRanges {
  private static final String FILE = "pod-ranges";

  private final RangeLeases leases;
  private final List<RangeLeases.Pool> pools;
  private final Path file;
  private List<Cidr> ranges;

  /** Whether addresses of the ranges may be in use: they are not exchanged any more then. */
  private boolean told;

  /** Leases from these pools; the file lies in the state folder. */
  public LeasedRanges(RangeLeases leases, List<RangeLeases.Pool> pools, Path state) {
    this.leases = leases;
    this.pools = List.copyOf(pools);
    this.file = state.resolve(FILE);
    this.ranges = read(file);
  }

  /** The ranges of the file; what is broken in it counts for nothing, the store has the truth. */
  private static List<Cidr> read(Path file) {
    try {
      return StateFile.read(file).orElse("").lines().map(String::strip).map(Cidr::parse).toList();
    } catch (IllegalArgumentException e) {
      Path aside = StateFile.setAside(file);
      assert !aside.equals(file);
      return List.of();
    }
  }

  @Override
  public Held take() {
    var held = new ArrayList<Cidr>();
    var troubles = new ArrayList<Trouble>();
    for (RangeLeases.Pool pool : pools) {
      Optional<Cidr> before = ranges.stream().filter(pool::isPart).findFirst();
      try {
        Optional<Cidr> leased = lease(pool, before);
        held.addAll(leased.or(() -> told ? before : Optional.empty()).stream().toList());
        if (leased.isEmpty()) {
          troubles.add(new Trouble(refused(pool, before), true));
        }
      } catch (ClusterStoreException e) {
        held.addAll(before.stream().toList());
        troubles.add(away(pool, before, e));
      }
    }
    keep(held).ifPresent(troubles::add);
    told = true;
    return new Held(held, joined(troubles));
  }

  /** The node's range of a pool; another one than before only while nobody uses that. */
  private Optional<Cidr> lease(RangeLeases.Pool pool, Optional<Cidr> before) {
    if (before.isPresent() && leases.claim(before.get())) {
      return before;
    }
    return before.isPresent() && told ? Optional.empty() : leases.lease(pool);
  }

  private String refused(RangeLeases.Pool pool, Optional<Cidr> before) {
    return before.isPresent() && told
        ? "the range " + before.get() + " was given to another node"
        : "all " + pool.parts() + " ranges of the pool " + pool + " are leased to nodes";
  }

  private static Trouble away(
      RangeLeases.Pool pool, Optional<Cidr> before, ClusterStoreException why) {
    return before.isPresent()
        ? new Trouble("the lease of " + before.get() + " is not confirmed: " + why, false)
        : new Trouble("no range of the pool " + pool + " yet: " + why.getMessage(), true);
  }

  private Optional<Trouble> keep(List<Cidr> held) {
    if (held.equals(ranges)) {
      return Optional.empty();
    }
    ranges = List.copyOf(held);
    String text = held.stream().map(Cidr::toString).collect(Collectors.joining("\n"));
    try {
      StateFile.write(file, text + "\n");
      return Optional.empty();
    } catch (UncheckedIOException e) {
      return Optional.of(new Trouble(String.valueOf(e.getMessage()), false));
    }
  }

  private static Optional<Trouble> joined(List<Trouble> troubles) {
    return troubles.stream()
        .reduce(
            (a, b) -> new Trouble(a.message() + "; " + b.message(), a.missing() || b.missing()));
  }
}
