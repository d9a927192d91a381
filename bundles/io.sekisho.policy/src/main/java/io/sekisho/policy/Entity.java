package io.sekisho.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Groups of peers that documents call by name. */
public enum Entity {
  /** Everything, inside and outside. */
  ALL,
  /** Everything outside of the cluster. */
  WORLD,
  /** Everything inside of the cluster: pods, nodes and what is not labelled yet. */
  CLUSTER,
  /** The endpoint's own node. */
  HOST,
  /** Other nodes. */
  REMOTE_NODE,
  /** Endpoints whose labels are not known yet. */
  INIT,
  /** Health endpoints. */
  HEALTH,
  /** Pods that Sekisho has not wired. */
  UNMANAGED,
  /** The servers of Kubernetes' API. */
  KUBE_APISERVER,
  /** IPv4 addresses outside of the cluster. */
  WORLD_IPV4,
  /** IPv6 addresses outside of the cluster. */
  WORLD_IPV6,
  /** Nobody. */
  NONE;

  private static final Cidr ALL_V4 = Cidr.parse("0.0.0.0/0");
  private static final Cidr ALL_V6 = Cidr.parse("::/0");

  /** The word in documents, for example {@code remote-node}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether labels belong to the group. */
  public boolean matches(Labels labels) {
    return switch (this) {
      case ALL -> true;
      case NONE -> false;
      case CLUSTER -> labels.get("reserved:world").isEmpty();
      case WORLD_IPV4 -> CidrLabels.cidr(labels).filter(c -> c.inside(ALL_V4)).isPresent();
      case WORLD_IPV6 -> CidrLabels.cidr(labels).filter(c -> c.inside(ALL_V6)).isPresent();
      default -> labels.get("reserved:" + text()).isPresent();
    };
  }

  /** The prefix that must have an identity of its own for the group to be told from others. */
  Optional<Cidr> cidr() {
    return switch (this) {
      case WORLD_IPV4 -> Optional.of(ALL_V4);
      case WORLD_IPV6 -> Optional.of(ALL_V6);
      default -> Optional.empty();
    };
  }

  /** The entity of a word, empty if there is none. */
  public static Optional<Entity> of(String text) {
    return Arrays.stream(values()).filter(e -> e.text().equals(text)).findFirst();
  }

  /** Every word, in the order of declaration. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Entity::text).toList();
  }
}
