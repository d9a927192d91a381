package io.sekisho.agent.pki;

import java.util.Locale;
import java.util.Optional;

/**
 * What the holder of a certificate may do; written in its O as {@code sekisho:<role>}. An operator
 * may all that a viewer may, an admin all; a node may what other nodes need of it.
 */
public enum Role {
  /** Sees everything, changes nothing. */
  VIEWER,
  /** Pushes, confirms and rolls back revisions. */
  OPERATOR,
  /** Everything. */
  ADMIN,
  /** Another node's agent. */
  NODE;

  private static final String PREFIX = "sekisho:";

  /** The O of a certificate with this role. */
  public String organization() {
    return PREFIX + name().toLowerCase(Locale.ROOT);
  }

  /** The role that an O names, if it names one. */
  public static Optional<Role> ofOrganization(String organization) {
    for (Role role : values()) {
      if (role.organization().equals(organization)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }
}
