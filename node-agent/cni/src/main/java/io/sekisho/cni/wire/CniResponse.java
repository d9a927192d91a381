package io.sekisho.cni.wire;

import java.util.Optional;

/**
 * What the agent answers: a result (empty for all but ADD) or an error.
 *
 * @param error {@link CniError#NONE} if all went well
 * @param result what ADD made
 */
public record CniResponse(CniError error, CniResult result) {
  /** Fills in what the JSON left out. */
  public CniResponse {
    error = Fields.orElse(error, CniError.NONE);
    result = Fields.orElse(result, CniResult.NONE);
  }

  /** Success with a result. */
  public static CniResponse of(CniResult result) {
    return new CniResponse(CniError.NONE, result);
  }

  /** Success without a result. */
  public static CniResponse done() {
    return of(CniResult.NONE);
  }

  /** Failure. */
  public static CniResponse failed(CniError error) {
    return new CniResponse(error, CniResult.NONE);
  }

  /** What went wrong, if something did. */
  public Optional<CniError> failure() {
    return error.code() == 0 ? Optional.empty() : Optional.of(error);
  }
}
