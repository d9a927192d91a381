package io.sekisho.policy;

import io.sekisho.policy.parse.DocumentReader;
import java.util.List;

/** Reads documents of every {@link Kind} from YAML. */
public final class Documents {
  private Documents() {}

  /**
   * Reads YAML streams of one or more documents each. Never throws on what is written there: every
   * problem of every text is told at once, and a document with an error is left out of the result.
   *
   * @param texts YAML streams; problems name them by place
   */
  public static Parsed parse(List<String> texts) {
    return DocumentReader.read(texts);
  }
}
