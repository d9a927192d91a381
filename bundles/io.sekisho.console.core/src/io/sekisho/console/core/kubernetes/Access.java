package io.sekisho.console.core.kubernetes;

import io.sekisho.policy.Kind;
import java.util.List;
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

  /** Why objects of a kind of documents may not be changed; empty when some may, or unknown. */
  public Optional<String> refusal(Kind kind) {
    return Deed.applying(kind).flatMap(this::refusal);
  }

  /** Why objects may not be changed, of no kind of documents; empty when some may, or unknown. */
  public Optional<String> refusalOfAll() {
    List<Optional<String>> all = Deed.applying().stream().map(this::refusal).toList();
    return all.stream().allMatch(Optional::isPresent) ? all.getFirst() : Optional.empty();
  }

  /** Why a deed is refused; empty when it is allowed, or when nothing is known. */
  public Optional<String> refusal(Deed deed) {
    return Optional.ofNullable(refused.get(deed));
  }
}
