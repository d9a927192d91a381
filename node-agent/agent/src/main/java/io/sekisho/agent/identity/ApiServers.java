package io.sekisho.agent.identity;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The addresses of Kubernetes' API servers, as the configuration tells them. They have the reserved
 * identity; where a document names a prefix around or inside of them they have that of the prefix,
 * with the label of the API servers on top, so that the document's rules mean them too.
 *
 * @param addresses where they are
 */
public record ApiServers(List<Cidr> addresses) {
  private static final String LABEL = "reserved:kube-apiserver";

  /** Keeps an immutable copy. */
  public ApiServers {
    addresses = List.copyOf(addresses);
  }

  /** The prefixes that need an identity of their own: those that documents name, and more. */
  public Set<Cidr> named(Set<Cidr> documents) {
    if (addresses.isEmpty()) {
      return documents;
    }
    var out = new HashSet<>(documents);
    addresses.stream().filter(a -> documents.stream().anyMatch(a::inside)).forEach(out::add);
    return out;
  }

  /** Every prefix with its identity: those that are named, and the servers. */
  public Map<Cidr, Identity> mark(Map<Cidr, Identity> named) {
    var out = new HashMap<Cidr, Identity>();
    addresses.forEach(a -> out.put(a, Identity.KUBE_APISERVER));
    named.forEach(
        (cidr, identity) ->
            out.put(
                cidr,
                holds(cidr)
                    ? new Identity(identity.number(), marked(identity.labels()))
                    : identity));
    return Map.copyOf(out);
  }

  /** The same labels, and that of the API servers. */
  public static Labels marked(Labels labels) {
    return Labels.of(Stream.concat(labels.texts().stream(), Stream.of(LABEL)).toList());
  }

  /** Whether all of the prefix belongs to them. */
  public boolean holds(Cidr prefix) {
    return addresses.stream().anyMatch(prefix::inside);
  }
}
