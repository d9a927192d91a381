package io.sekisho.agent.identity;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.CidrLabels;
import io.sekisho.policy.Identity;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Identities of the address prefixes that policies name; local to the node, from {@link
 * Identity#FIRST_LOCAL} on. Belongs to the event loop.
 */
public final class CidrIdentities {
  private final LocalNumbers<Cidr> numbers;
  private Set<Cidr> lastNamed = Set.of();
  private Map<Cidr, Identity> last = Map.of();

  /** Begins with the numbers of an earlier agent. */
  public CidrIdentities(Map<Cidr, Integer> restored) {
    numbers = new LocalNumbers<>(Identity.FIRST_LOCAL, restored);
  }

  /** The identities of the prefixes that are named now; the same map for the same ones. */
  public Map<Cidr, Identity> assign(Collection<Cidr> named) {
    Set<Cidr> wanted = Set.copyOf(named);
    if (!wanted.equals(lastNamed)) {
      var out = new HashMap<Cidr, Identity>();
      numbers
          .assign(wanted)
          .forEach((cidr, number) -> out.put(cidr, new Identity(number, CidrLabels.of(cidr))));
      lastNamed = wanted;
      last = Map.copyOf(out);
    }
    return last;
  }

  /** Another number whenever {@link #numbers} gives something else. */
  long version() {
    return numbers.version();
  }

  /** All remembered numbers: what an agent that follows shall begin with. */
  public Map<Cidr, Integer> numbers() {
    return numbers.all();
  }
}
