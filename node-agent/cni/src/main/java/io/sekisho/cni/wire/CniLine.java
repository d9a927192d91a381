package io.sekisho.cni.wire;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import org.jspecify.annotations.Nullable;

/** Requests and responses as lines of JSON; stateless. */
public final class CniLine {
  /** Longest line that either side reads, bytes. */
  public static final int MAX_BYTES = 64 * 1024;

  private static final Gson GSON =
      new GsonBuilder().disableHtmlEscaping().setStrictness(Strictness.STRICT).create();

  private CniLine() {}

  /** The request as one line, without the line's end. */
  public static String write(CniRequest request) {
    return GSON.toJson(request);
  }

  /** The response as one line, without the line's end. */
  public static String write(CniResponse response) {
    return GSON.toJson(response);
  }

  /** The result as the runtime wants it printed. */
  public static String write(CniResult result) {
    return GSON.toJson(result);
  }

  /**
   * The request of a line.
   *
   * @throws CniException with DECODING_FAILURE
   */
  public static CniRequest readRequest(String line) {
    CniRequest request = read(line, CniRequest.class);
    if (request.command() == null) {
      throw new CniException(CniException.Code.DECODING_FAILURE, "the request has no command");
    }
    return request;
  }

  /**
   * The response of a line.
   *
   * @throws CniException with DECODING_FAILURE
   */
  public static CniResponse readResponse(String line) {
    return read(line, CniResponse.class);
  }

  private static <T> T read(String line, Class<T> type) {
    @Nullable T value;
    try {
      value = GSON.fromJson(line, type);
    } catch (JsonParseException e) {
      throw new CniException(CniException.Code.DECODING_FAILURE, "not a line of our JSON", e);
    }
    if (value == null) {
      throw new CniException(CniException.Code.DECODING_FAILURE, "an empty line is no message");
    }
    return value;
  }
}
