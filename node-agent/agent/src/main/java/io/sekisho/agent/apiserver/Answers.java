package io.sekisho.agent.apiserver;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** Hears what every answer says beside its content: how long to wait, and what time it is there. */
final class Answers implements Interceptor {
  private final RequestBudget budget;
  private final Clock clock;
  private volatile Optional<Duration> skew = Optional.empty();

  Answers(RequestBudget budget, Clock clock) {
    this.budget = budget;
    this.clock = clock;
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    int status = response.code();
    if (status == 429 || status == 503) {
      retryAfter(response.header("Retry-After")).ifPresent(budget::holdFor);
    }
    time(response.header("Date"))
        .ifPresent(there -> skew = Optional.of(Duration.between(there, clock.instant())));
  }

  /** Whole seconds, as the API server writes them. */
  private static Optional<Duration> retryAfter(String text) {
    return text != null && text.matches("[0-9]{1,6}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
        : Optional.empty();
  }

  private static Optional<Instant> time(String text) {
    try {
      return text == null
          ? Optional.empty()
          : Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** How far this node's clock is ahead of the server's, by the newest answer. */
  Optional<Duration> skew() {
    return skew;
  }
}
