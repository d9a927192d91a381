package io.sekisho.policy;

import java.util.List;

/**
 * A port that the serving pod gives a name; which number that is, each pod says by itself.
 *
 * @param protocol IP protocol number that the named port must have, 0 for any
 * @param name the port's name, small letters
 */
public record NamedPort(int protocol, String name) implements Comparable<NamedPort> {

  /**
   * The ports that the name means at the endpoint which serves; at most one. A pod that has not
   * told its port names has none to allow, but every one of its ports may be the one to deny.
   *
   * @param server labels of the endpoint which serves
   * @param action what the rule does with the port
   */
  public List<PortRange> at(Labels server, Action action) {
    if (server.namespace().isEmpty()) {
      return List.of(); // neither nodes nor the outside have named ports
    }
    if (action == Action.DENY && !PortLabels.told(server)) {
      return List.of(protocol == 0 ? PortRange.ALL : new PortRange(protocol, 0, 65535));
    }
    return PortLabels.port(server, name)
        .filter(p -> protocol == 0 || protocol == p.protocol())
        .stream()
        .toList();
  }

  @Override
  public int compareTo(NamedPort other) {
    int byName = name.compareTo(other.name);
    return byName != 0 ? byName : Integer.compare(protocol, other.protocol);
  }

  /** {@code http/TCP}, or {@code http} for any protocol. */
  @Override
  public String toString() {
    return protocol == 0 ? name : name + "/" + PortRange.protocolName(protocol);
  }
}
