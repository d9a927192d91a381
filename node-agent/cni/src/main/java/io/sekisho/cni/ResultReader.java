package io.sekisho.cni;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.sekisho.cni.wire.CniException;
import io.sekisho.cni.wire.CniException.Code;
import io.sekisho.cni.wire.CniResult;

/** Reads a prevResult; apart, because most calls have none and should not pay for its classes. */
final class ResultReader {
  private static final Gson RESULTS = new Gson();

  private ResultReader() {}

  /**
   * The result of an earlier ADD.
   *
   * @throws CniException with INVALID_CONFIGURATION
   */
  static CniResult read(JsonObject json) {
    try {
      return RESULTS.fromJson(json, CniResult.class);
    } catch (JsonParseException e) {
      throw new CniException(Code.INVALID_CONFIGURATION, "prevResult is not a result of CNI", e);
    }
  }
}
