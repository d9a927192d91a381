package io.sekisho.netlink;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A question whose answer is a list of objects.
 *
 * @param <T> what it asks for
 */
public final class Query<T> {
  private final Request request;
  private final int answerType;
  private final Parser<T> parser;

  /** Reads the body of one answer message. */
  interface Parser<T> {
    /** The object; empty if it is not of the wanted kind. */
    Optional<T> parse(ByteBuffer body);
  }

  Query(Request request, int answerType, Parser<T> parser) {
    this.request = request;
    this.answerType = answerType;
    this.parser = parser;
  }

  Request request() {
    return request;
  }

  int answerType() {
    return answerType;
  }

  Parser<T> parser() {
    return parser;
  }
}
