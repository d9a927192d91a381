package io.sekisho.agent.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.agent.health.Health;
import java.time.Clock;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class NodeReporterTest {
  private final Health health = new Health(Clock.systemUTC());

  @Test
  void message_severalProblems_tellsAllOfThem() {
    assertEquals("", NodeReporter.message(List.of()));
    health.report("kubernetes", "the API server does not answer");
    health.report("cni configuration", "00-other.conf comes first");
    assertEquals(
        "cni configuration: 00-other.conf comes first; kubernetes: the API server does not answer",
        NodeReporter.message(health.problems()));
  }

  @Test
  void message_veryMany_saysHowManyMore() {
    IntStream.range(1, 8).forEach(n -> health.report("endpoint " + n, "gone"));
    assertEquals(
        "endpoint 1: gone; endpoint 2: gone; endpoint 3: gone; endpoint 4: gone; and 3 more",
        NodeReporter.message(health.problems()));
  }
}
