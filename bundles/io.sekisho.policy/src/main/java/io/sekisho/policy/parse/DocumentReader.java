package io.sekisho.policy.parse;

import io.sekisho.policy.Parsed;
import java.util.List;

public final class DocumentReader {
  private DocumentReader() {}

  public static Parsed read(List<String> texts) {
    throw new UnsupportedOperationException("being written");
  }
}
