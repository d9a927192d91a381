package io.sekisho.lab.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read out of the report of Kubernetes' tests. */
final class JunitReportTest {
  @TempDir Path folder;

  private List<Spec> read(String text, String... specs) throws IOException {
    Path file = folder.resolve("junit_01.xml");
    Files.writeString(file, text);
    return JunitReport.of(file, List.of(specs));
  }

  @Test
  void of_eachResult_isTold() throws IOException {
    List<Spec> specs =
        read(
            """
            <testsuites><testsuite name="Kubernetes e2e suite">
            <testcase name="[ReportBeforeSuite]" time="1"/>
            <testcase name="[It] [sig-network] a passes [sig-network]" status="passed" time="12.5"/>
            <testcase name="[It] [sig-network] b fails" status="failed" time="3">
              <failure message="no answer" type="failed">more</failure></testcase>
            <testcase name="[It] [sig-network] c says no" status="skipped" time="0">
              <skipped message="skipped - needs 5 nodes"></skipped></testcase>
            <testcase name="[It] [sig-network] d was not chosen" status="skipped" time="0">
              <skipped message="skipped"></skipped></testcase>
            </testsuite></testsuites>
            """,
            "[sig-network] a passes",
            "[sig-network] b fails",
            "[sig-network] c says no",
            "[sig-network] d was not chosen",
            "[sig-network] e is not there");
    assertEquals(new Spec("[sig-network] a passes", Spec.Result.PASSED, 12.5, ""), specs.get(0));
    assertEquals(
        new Spec("[sig-network] b fails", Spec.Result.FAILED, 3, "no answer"), specs.get(1));
    assertEquals(Spec.Result.SKIPPED, specs.get(2).result());
    assertEquals(Spec.Result.FAILED, specs.get(3).result());
    assertEquals(Spec.Result.FAILED, specs.get(4).result());
    var table = new SpecTable("all", specs);
    assertTrue(table.text().endsWith("1 passed, 3 failed, 1 skipped in 16 s\n"), table::text);
    assertTrue(
        table.text().contains("failed     3.0  [sig-network] b fails: no answer\n"), table::text);
  }

  @Test
  void name_ofALine_isWithoutLabels() {
    String policy =
        "[sig-network] Netpol NetworkPolicy between server and client should x [Feature:P]";
    assertEquals(Optional.of(policy), EndToEnd.name(policy + " [sig-network, Feature:P]"));
    String api = "[sig-network] Netpol API should support y";
    assertEquals(Optional.of(api), EndToEnd.name(api + " [sig-network]"));
    assertEquals(Optional.of(api), EndToEnd.name(api));
    assertEquals(Optional.empty(), EndToEnd.name("  STEP: Creating [sig-network]"));
  }

  @Test
  void of_failureWithoutMessage_isToldByItsText() throws IOException {
    String report =
        """
        <testsuites><testsuite><testcase name="[It] [sig-network] a" status="failed" time="3">
        <failure type="failed">
        [FAILED] 2 wrong results
        In [It] at: probe.go:1
        </failure><system-err>much</system-err></testcase>
        <testcase name="[It] [sig-network] b" status="timedout" time="4">
        <error type="timedout"></error></testcase></testsuite></testsuites>
        """;
    List<Spec> specs = read(report, "[sig-network] a", "[sig-network] b");
    assertEquals(Optional.of("[FAILED] 2 wrong results"), specs.get(0).reason());
    assertEquals(Spec.Result.FAILED, specs.get(1).result());
  }

  @Test
  void fileOf_longNames_areShortAndDiffer() {
    assertEquals("sig-network-a-b-UDP", EndToEnd.fileOf("[sig-network] a 'b' [UDP]"));
    String one = EndToEnd.fileOf("x".repeat(300) + "1");
    assertTrue(one.length() <= 200, one);
    assertNotEquals(one, EndToEnd.fileOf("x".repeat(300) + "2"));
  }

  @Test
  void of_noReport_orABrokenOne_isNoSuccess() throws IOException {
    assertEquals(
        Spec.Result.FAILED,
        JunitReport.of(folder.resolve("none"), List.of("a")).getFirst().result());
    assertThrows(IOException.class, () -> read("<testsuites><testcase", "a"));
  }
}
