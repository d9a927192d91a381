package io.sekisho.cni.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CniLineTest {
  private static final CniRequest ADD =
      new CniRequest(
          CniCommand.ADD,
          "1.1.0",
          "sekisho",
          "c1",
          "/run/netns/x",
          "eth0",
          Map.of("K8S_POD_NAME", "cart-1"),
          CniResult.NONE,
          List.of(new CniRequest.Attachment("c0", "eth0")));

  @Test
  void request_writtenAndRead_isTheSame() {
    String line = CniLine.write(ADD);
    assertFalse(line.contains("\n"));
    assertEquals(ADD, CniLine.readRequest(line));
  }

  @Test
  void request_onlyCommand_hasEmptyFields() {
    CniRequest request = CniLine.readRequest("{\"command\":\"DEL\"}");
    assertEquals("", request.containerId());
    assertEquals(Map.of(), request.args());
    assertTrue(request.previous().isEmpty());
  }

  @Test
  void request_nullValueInArgs_isLeftOut() {
    assertEquals(
        Map.of(), CniLine.readRequest("{\"command\":\"ADD\",\"args\":{\"A\":null}}").args());
  }

  @Test
  void result_written_usesTheNamesOfTheSpecification() {
    var result =
        new CniResult(
            "1.0.0",
            List.of(new CniResult.Interface("eth0", "02:00:00:00:00:01", 1450, "/run/netns/x")),
            List.of(new CniResult.Ip("10.244.1.2/32", "169.254.1.1", 0)),
            List.of(new CniResult.Route("0.0.0.0/0", "169.254.1.1")),
            new CniResult.Dns(List.of()));
    String json = CniLine.write(result);
    assertTrue(json.contains("\"interface\":0"), json);
    assertTrue(json.contains("\"dst\":\"0.0.0.0/0\""), json);
    assertTrue(json.contains("\"sandbox\":\"/run/netns/x\""), json);
  }

  @Test
  void response_error_carriesNumberAndDetails() {
    var cause = new IllegalStateException("why");
    var error = new CniException(CniException.Code.TRY_AGAIN_LATER, "later", cause).error();
    CniResponse read = CniLine.readResponse(CniLine.write(CniResponse.failed(error)));
    assertEquals(new CniError(11, "later", "why"), read.failure().orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{\"command\":\"JUMP\"}",
        "{\"args\":3}",
        "x",
        "{'command':'ADD'}"
      })
  void request_broken_isADecodingFailure(String line) {
    CniException e = assertThrows(CniException.class, () -> CniLine.readRequest(line));
    assertEquals(CniException.Code.DECODING_FAILURE, e.code());
  }
}
