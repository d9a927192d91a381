package io.sekisho.flow.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowRecordBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters match what they say, and say what is wrong with them. */
class FlowFilterTest {
  private static final FlowRecord PAYMENT = new FlowRecordBuilder().build();
  private static final FlowRecord SCANNER =
      new FlowRecordBuilder()
          .from(FlowRecordBuilder.outside("198.18.0.66"))
          .dropped("default deny")
          .ingress()
          .build();

  private static boolean matches(String filter, FlowRecord flow) throws FilterException {
    return FlowFilter.parse(filter).test(flow);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "verdict=forwarded",
        "VERDICT = Forwarded",
        "to.namespace=shop and from.workload=cart",
        "to=payment",
        "to=shop/payment",
        "to=payment-0",
        "to=10.244.2.3",
        "from~244.1",
        "from.address~10.244.*",
        "address~\"10.244.?.3\"",
        "port=8443",
        "port>8000 port<=8443",
        "port in (80, 8443)",
        "port not in (80, 443)",
        "not port in (80, 443)",
        "protocol=tcp",
        "rule=shop/cart-out:1",
        "rule~cart",
        "reply=false",
        "opened=true",
        "node=n1",
        "from.identity=300",
        "from.port>=40000",
        "to.kind=workload",
        "reason=\"\"",
        "cart",
        "CART payment",
        "shop/pay",
        "p*y*ment-0",
        "\"shop/cart\"",
        "namespace=shop",
        "namespace!=ops",
        "workload=cart and workload=payment",
        "not verdict=dropped",
        "not (scanner or verdict=dropped)",
        "scanner or cart",
        "verdict=dropped and cart or payment",
        "(verdict=dropped or cart) and payment",
        "rule!~deny",
      })
  void test_trueOfTheFlow_matches(String filter) throws FilterException {
    assertTrue(matches(filter, PAYMENT), filter);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "verdict=dropped",
        "verdict in (dropped, audited)",
        "to.namespace=ops",
        "to=pay",
        "port<8443",
        "port!=8443",
        "not cart",
        "scanner",
        "namespace!=shop",
        "workload!=cart",
        "reply=true",
        "verdict=dropped and (cart or payment)",
        "cart scanner",
        "to~10.1*",
        "rule=\"default deny\"",
      })
  void test_falseOfTheFlow_doesNotMatch(String filter) throws FilterException {
    assertTrue(!matches(filter, PAYMENT), filter);
  }

  @Test
  void test_droppedFromOutside_matches() throws FilterException {
    assertTrue(matches("verdict=dropped and to.namespace=shop", SCANNER));
    assertTrue(matches("rule=\"default deny\" from.kind=outside reason=policy_denied", SCANNER));
    assertTrue(matches("198.18.0.66", SCANNER));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "verdict=droped|9|BAD_VALUE|dropped",
        "verdct=dropped|1|UNKNOWN_FIELD|verdict",
        "cart and frm.namespace=a|10|UNKNOWN_FIELD|from.namespace",
        "port=http|6|BAD_VALUE|",
        "port=99999999999|6|BAD_VALUE|",
        "verdict>dropped|8|BAD_VALUE|",
        "reply=maybe|7|BAD_VALUE|",
        "port=|6|SYNTAX|",
        "=5|1|SYNTAX|",
        "and|1|SYNTAX|",
        "cart and|9|SYNTAX|",
        "cart or or cart|9|SYNTAX|",
        "not|4|SYNTAX|",
        "(cart|6|SYNTAX|",
        "cart)|5|SYNTAX|",
        "()|2|SYNTAX|",
        "port in|8|SYNTAX|",
        "port in 80|9|SYNTAX|",
        "port in (|10|SYNTAX|",
        "port in (80|12|SYNTAX|",
        "port in (80,)|13|SYNTAX|",
        "port in ()|10|SYNTAX|",
        "to=\"open|4|SYNTAX|",
        "cart !port=80|6|SYNTAX|not",
        "a,b|2|SYNTAX|",
        "in|1|SYNTAX|",
      })
  void parse_broken_saysWhereAndWhat(String text, int column, String code, String suggestion) {
    var e = assertThrows(FilterException.class, () -> FlowFilter.parse(text));
    assertEquals(
        column + " " + code + " " + (suggestion == null ? "" : suggestion),
        e.column() + " " + e.code() + " " + e.suggestion(),
        e.getMessage());
  }

  @Test
  void parse_huge_isRefused() {
    for (String text :
        List.of(
            "(".repeat(5000),
            "not ".repeat(2000) + "x",
            "x ".repeat(20_000),
            "x".repeat(1_000_000))) {
      var e = assertThrows(FilterException.class, () -> FlowFilter.parse(text));
      assertEquals(FilterException.Code.TOO_LARGE, e.code());
    }
  }

  @Test
  void test_manyStars_staysFast() throws FilterException {
    FlowFilter filter = FlowFilter.parse("from.pod~" + "*a".repeat(200) + "b");
    FlowRecord flow =
        new FlowRecordBuilder()
            .from(FlowRecordBuilder.pod("x", "a".repeat(2000), "1.1.1.1"))
            .build();
    assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertTrue(!filter.test(flow)));
  }

  @Test
  void and_ofTwo_needsBoth() throws FilterException {
    FlowFilter a = FlowFilter.parse("cart or scanner");
    FlowFilter b = FlowFilter.parse("port=1");
    assertEquals("(cart or scanner) and port=1", a.and(b).toString());
    assertEquals(a, FlowFilter.EVERYTHING.and(a));
    assertEquals(a, a.and(FlowFilter.EVERYTHING));
  }

  private static List<String> proposals(String text) {
    return FlowFilter.complete(
            text,
            text.length(),
            f -> f.endsWith("namespace") ? List.of("shop", "my ns") : List.of())
        .stream()
        .map(p -> p.apply(text))
        .toList();
  }

  @Test
  void complete_nothingWritten_proposesFields() {
    assertTrue(proposals("").contains("verdict"));
    assertTrue(proposals("verdict=dropped and ").contains("verdict=dropped and to.namespace"));
    assertTrue(proposals("(").contains("(from"));
  }

  @Test
  void complete_partOfField_proposesThoseWithIt() {
    assertEquals(List.of("verdict"), proposals("verd"));
    assertTrue(proposals("to.n").contains("to.namespace"));
    assertTrue(proposals("names").contains("from.namespace"));
  }

  @Test
  void complete_wholeField_proposesOperators() {
    assertEquals(
        List.of("port=", "port!=", "port<", "port>", "port in ("), proposals("port").subList(0, 5));
    assertTrue(proposals("verdict ").contains("verdict ="));
  }

  @Test
  void complete_behindOperator_proposesValues() {
    assertEquals(
        List.of("verdict=forwarded", "verdict=dropped", "verdict=audited", "verdict=unknown"),
        proposals("verdict="));
    assertEquals(List.of("verdict=dropped"), proposals("verdict=dr"));
    assertEquals(
        List.of("to.namespace=shop", "to.namespace=\"my ns\""), proposals("to.namespace="));
    assertEquals(List.of("verdict in (dropped"), proposals("verdict in (dr"));
    assertEquals(List.of("verdict in (dropped, audited"), proposals("verdict in (dropped, au"));
    assertEquals(List.of("verdict not in (dropped"), proposals("verdict not in (drop"));
  }

  @Test
  void complete_behindTerm_proposesJoints() {
    assertEquals(List.of("port=80 and ", "port=80 or "), proposals("port=80 "));
  }

  @Test
  void complete_inTheMiddle_replacesTheWordOnly() {
    String text = "ver and port=80";
    Proposal first = FlowFilter.complete(text, 3).get(0);
    assertEquals("verdict and port=80", first.apply(text));
    assertEquals(7, first.caret());
  }

  @Test
  void complete_anyTextAndCaret_neverThrows() {
    String text = "port in (80, \"x y\") and !verdict=(dr) or not to~*a, = in <";
    for (int i = -1; i <= text.length() + 1; i++) {
      for (Proposal p : FlowFilter.complete(text, i)) {
        assertTrue(p.start() <= p.end() && p.end() <= text.length());
      }
    }
  }
}
