package io.sekisho.console.graph.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.flow.ServiceGraph.Port;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphEdgeTest {
  private static GraphEdge edge(double forwarded, double dropped, double audited, boolean stale) {
    List<Port> ports = List.of(new Port("TCP", 8443, forwarded, dropped));
    return new GraphEdge(
        "a > b", "a", "b", ports, forwarded, dropped, audited, 1, stale, false, List.of("a > b"));
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 1",
    "1, 1",
    "6, 2",
    "36, 3",
    "216, 4",
    "1296, 5",
    "7776, 6",
    "1000000, 6",
  })
  void width_forwarded_growsByOnePixelPerFactorOfSix(double rate, int width) {
    assertEquals(width, edge(rate, 0, 0, false).width());
  }

  @Test
  void width_dropped_isNeverAHairline() {
    assertEquals(2, edge(0, 0.01, 0, false).width());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 0, false, FORWARDED",
    "0, 1, 0, false, DROPPED",
    "1, 1, 0, false, MIXED",
    "0, 0, 1, false, AUDITED",
    "1, 1, 1, true, STALE",
  })
  void look_rates_sayTheLine(double f, double d, double a, boolean stale, Look look) {
    assertEquals(look, edge(f, d, a, stale).look());
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 1, '8443 · < 1 % dropped', '< 1 %'",
    "11, 4.2, '8443 · 28 % dropped', '28 %'",
    "1, 10000, '8443 · > 99 % dropped', '> 99 %'",
    "0, 1.6, '8443 · 1.6/s', 1.6/s",
    "44, 0, '8443 · 44/s', 44/s",
  })
  void label_rates_saysPortAndRateOrShare(double f, double d, String label, String brief) {
    assertEquals(label, Wording.label(edge(f, d, 0, false)));
    assertEquals(brief, Wording.briefLabel(edge(f, d, 0, false)));
  }
}
