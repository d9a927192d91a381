package io.sekisho.console.core.kubernetes;

import java.util.Map;
import java.util.Optional;

/**
 * What the API server says that we may do; immutable.
 *
 * @param refused for each deed that is refused one sentence with the permission that is missing
 * @param known whether the API server was asked
 */
public record Access(Map<Deed, String> refused, boolean known) {
  /** Nothing was asked yet. */
  public static final Access UNKNOWN = new Access(Map.of(), false);

  public Access {
    refused = Map.copyOf(refused);
  }

  /** Why a deed is refused; empty when it is allowed, or when nothing is known. */
  public Optional<String> refusal(Deed deed) {
    return Optional.ofNullable(refused.get(deed));
  }
}
