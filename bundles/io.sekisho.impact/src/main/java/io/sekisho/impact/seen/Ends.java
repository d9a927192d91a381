package io.sekisho.impact.seen;

import io.sekisho.api.flow.Endpoint;
import io.sekisho.flow.Party;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** Tells who the ends of flows are; each identity's labels are read once. For one thread. */
public final class Ends {
  private static final List<Identity> RESERVED =
      List.of(
          Identity.HOST,
          Identity.WORLD,
          Identity.UNMANAGED,
          Identity.HEALTH,
          Identity.INIT,
          Identity.REMOTE_NODE);

  private final IntFunction<Optional<Labels>> inventory;
  private final Map<Key, Numbered> known = new HashMap<>();
  private final Map<End, Numbered> numbers = new HashMap<>();

  /** What an end is remembered by; the address counts outside only. */
  private record Key(int identity, String namespace, String workload, String address) {}

  /** An end, and a number that only it has: quicker to compare than all of its labels. */
  record Numbered(int number, End end) {}

  /**
   * @param inventory labels of an identity's number, for flows that do not tell them
   */
  public Ends(IntFunction<Optional<Labels>> inventory) {
    this.inventory = inventory;
  }

  /** Who an end is by what the inventory says of its identity. */
  public End of(Party party) {
    return of(Endpoint.getDefaultInstance(), party).end();
  }

  Numbered of(Endpoint told, Party party) {
    boolean byAddress = party.kind() == Party.Kind.OUTSIDE || party.kind() == Party.Kind.UNKNOWN;
    Key key =
        new Key(
            party.identity(),
            party.namespace(),
            party.workload(),
            byAddress ? party.address() : "");
    Numbered end = known.get(key);
    if (end == null) {
      end = numbers.computeIfAbsent(find(told, party), e -> new Numbered(numbers.size(), e));
      known.put(key, end);
    }
    return end;
  }

  private End find(Endpoint told, Party party) {
    if (party.kind() == Party.Kind.OUTSIDE) {
      return address(party.address())
          .<End>map(a -> new End.Outside(party.key(), a))
          .orElseGet(
              () -> new End.Unknown(party.key(), "the flow does not tell the address outside"));
    }
    Optional<Labels> labels =
        told.getLabelsCount() > 0 ? read(told.getLabelsList()) : inventory(party.identity());
    return labels
        .<End>map(l -> new End.Known(party.key(), new Identity(party.identity(), l)))
        .orElseGet(() -> new End.Unknown(party.key(), unknown(party)));
  }

  private Optional<Labels> inventory(int number) {
    return RESERVED.stream()
        .filter(i -> i.number() == number)
        .findFirst()
        .map(Identity::labels)
        .or(() -> number == 0 ? Optional.empty() : inventory.apply(number));
  }

  private static String unknown(Party party) {
    return party.identity() == 0
        ? "nobody knew who " + (party.address().isEmpty() ? "the peer" : party.address()) + " was"
        : "the labels of identity " + Integer.toUnsignedString(party.identity()) + " are unknown";
  }

  private static Optional<Labels> read(List<String> texts) {
    try {
      return Optional.of(Labels.of(texts));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Literals only: a name would be looked up. */
  private static Optional<InetAddress> address(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
