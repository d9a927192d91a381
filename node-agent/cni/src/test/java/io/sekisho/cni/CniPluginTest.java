package io.sekisho.cni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.sekisho.cni.wire.CniCommand;
import io.sekisho.cni.wire.CniError;
import io.sekisho.cni.wire.CniLine;
import io.sekisho.cni.wire.CniRequest;
import io.sekisho.cni.wire.CniResponse;
import io.sekisho.cni.wire.CniResult;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CniPluginTest {
  private static final CniResult RESULT =
      new CniResult(
          "1.1.0",
          List.of(
              new CniResult.Interface("lxc1", "02:00:00:00:00:01", 1450, ""),
              new CniResult.Interface("eth0", "02:00:00:00:00:02", 1450, "/run/netns/p")),
          List.of(new CniResult.Ip("10.244.1.7/32", "169.254.1.1", 1)),
          List.of(new CniResult.Route("0.0.0.0/0", "169.254.1.1")),
          new CniResult.Dns(List.of()));

  /** Patience where nobody answers. */
  private static final Duration SOON = Duration.ofMillis(300);

  @TempDir Path folder;
  private Path socket;
  private final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  @BeforeEach
  void attachment() {
    socket = folder.resolve("cni.sock");
    environment.put("CNI_COMMAND", "ADD");
    environment.put("CNI_CONTAINERID", "c1");
    environment.put("CNI_NETNS", "/run/netns/p");
    environment.put("CNI_IFNAME", "eth0");
    environment.put("CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAME=cart-1;SEKISHO_LABELS=a=b,c=d");
  }

  @Test
  void add_agentAnswers_printsResult() throws Exception {
    try (FakeAgent agent = answering(CniResponse.of(RESULT))) {
      assertEquals(0, run(configuration("")));
      JsonObject printed = printed();
      assertEquals("1.1.0", printed.get("cniVersion").getAsString());
      assertEquals(2, printed.getAsJsonArray("interfaces").size());
      CniRequest request = agent.requests.take();
      assertEquals(CniCommand.ADD, request.command());
      assertEquals("c1", request.containerId());
      assertEquals("/run/netns/p", request.networkNamespace());
      assertEquals("pods", request.network());
      assertEquals("cart-1", request.args().get("K8S_POD_NAME"));
      assertEquals("a=b,c=d", request.args().get("SEKISHO_LABELS"));
    }
  }

  @Test
  void add_agentRefuses_printsItsErrorInTheConfigurationsVersion() throws Exception {
    CniError error = new CniError(100, "no free address in 10.244.1.0/24", "254 of 254 used");
    try (FakeAgent agent = answering(CniResponse.failed(error))) {
      assertEquals(1, run(configuration("").replace("1.1.0", "1.0.0")));
      assertError(100, "no free address");
      assertEquals("1.0.0", printed().get("cniVersion").getAsString());
      assertEquals("254 of 254 used", printed().get("details").getAsString());
    }
  }

  @Test
  void add_emptyResult_isAnError() throws Exception {
    try (FakeAgent agent = answering(CniResponse.done())) {
      assertEquals(1, run(configuration("")));
      assertError(6, "without a result");
    }
  }

  @ParameterizedTest
  @CsvSource({"ADD,11", "DEL,11", "STATUS,50"})
  void anyCommand_agentDown_saysTryAgain(String command, int code) {
    environment.put("CNI_COMMAND", command);
    assertEquals(1, run(configuration(""), SOON));
    assertError(code, "is it running");
  }

  @Test
  void add_agentSilent_givesUpInTime() throws Exception {
    try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      silent.bind(UnixDomainSocketAddress.of(socket));
      assertEquals(1, run(configuration(""), SOON));
      assertError(11, "did not answer");
    }
  }

  @Test
  void add_agentHangsUp_saysTryAgain() throws Exception {
    try (FakeAgent agent = new FakeAgent(socket, request -> "")) {
      assertEquals(1, run(configuration("")));
      assertError(11, "without an answer");
    }
  }

  @Test
  void add_agentTalksNonsense_isAnError() throws Exception {
    try (FakeAgent agent = new FakeAgent(socket, request -> "HTTP/1.1 200 OK\n")) {
      assertEquals(1, run(configuration("")));
      assertError(6, "JSON");
    }
  }

  @Test
  void add_answerWithoutEnd_isAnError() throws Exception {
    try (FakeAgent agent = new FakeAgent(socket, request -> "x".repeat(CniLine.MAX_BYTES + 9))) {
      assertEquals(1, run(configuration("")));
      assertError(5, "no end");
    }
  }

  @Test
  void del_withoutNamespace_succeedsSilently() throws Exception {
    environment.put("CNI_COMMAND", "DEL");
    environment.remove("CNI_NETNS");
    try (FakeAgent agent = answering(CniResponse.done())) {
      assertEquals(0, run(configuration("")));
      assertEquals("", output.toString(StandardCharsets.UTF_8));
      assertEquals("", agent.requests.take().networkNamespace());
    }
  }

  @Test
  void check_interfaceIsThere_passesPreviousResultOn() throws Exception {
    environment.put("CNI_COMMAND", "CHECK");
    CniResult previous = made(new CniResult.Interface("lo", "", 65536, ""));
    try (FakeAgent agent = answering(CniResponse.done())) {
      assertEquals(0, run(configuration(",\"prevResult\":" + CniLine.write(previous))));
      assertEquals(previous, agent.requests.take().previous());
    }
  }

  @Test
  void check_interfaceGoneOrReplaced_isAnError() throws Exception {
    environment.put("CNI_COMMAND", "CHECK");
    try (FakeAgent agent = answering(CniResponse.done())) {
      CniResult gone = made(new CniResult.Interface("lxcgone", "", 1450, ""));
      assertEquals(1, run(configuration(",\"prevResult\":" + CniLine.write(gone))));
      assertError(103, "lxcgone is gone");
      output.reset();
      CniResult other = made(new CniResult.Interface("lo", "02:00:00:00:00:01", 1450, ""));
      assertEquals(1, run(configuration(",\"prevResult\":" + CniLine.write(other))));
      assertError(103, "MAC");
    }
  }

  private static CniResult made(CniResult.Interface host) {
    return new CniResult(
        RESULT.cniVersion(), List.of(host), RESULT.ips(), RESULT.routes(), RESULT.dns());
  }

  @Test
  void check_withoutPreviousResult_isAnError() {
    environment.put("CNI_COMMAND", "CHECK");
    assertEquals(1, run(configuration("")));
    assertError(7, "prevResult");
  }

  @Test
  void gc_validAttachments_reachTheAgent() throws Exception {
    environment.clear();
    environment.put("CNI_COMMAND", "GC");
    String list = ",\"cni.dev/valid-attachments\":[{\"containerID\":\"c1\",\"ifname\":\"eth0\"}]";
    try (FakeAgent agent = answering(CniResponse.done())) {
      assertEquals(0, run(configuration(list)));
      assertEquals(
          List.of(new CniRequest.Attachment("c1", "eth0")),
          agent.requests.take().validAttachments());
    }
  }

  @Test
  void gc_withoutList_isRefusedBeforeAnythingIsCollected() {
    environment.clear();
    environment.put("CNI_COMMAND", "GC");
    assertEquals(1, run(configuration("")));
    assertError(7, "valid-attachments");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.3.0", "0.3.1", "0.4.0"})
  void add_olderVersion_namesEachAddressesFamily(String version) throws Exception {
    try (FakeAgent agent = answering(CniResponse.of(RESULT))) {
      assertEquals(0, run(configuration("").replace("1.1.0", version)));
      JsonObject ip = printed().getAsJsonArray("ips").get(0).getAsJsonObject();
      assertEquals("4", ip.get("version").getAsString());
      assertEquals(version, agent.requests.take().cniVersion());
    }
  }

  @Test
  void check_versionWithoutIt_isRefused() {
    environment.put("CNI_COMMAND", "CHECK");
    assertEquals(1, run(configuration("").replace("1.1.0", "0.3.1")));
    assertError(1, "0.4.0");
  }

  @Test
  void add_behindAnotherPlugin_printsItsResultUnchanged() throws Exception {
    String previous =
        "{\"cniVersion\":\"1.1.0\",\"interfaces\":[{\"name\":\"veth1\",\"pciID\":\"x\"},"
            + "{\"name\":\"eth0\",\"sandbox\":\"/run/netns/p\"}],"
            + "\"ips\":[{\"address\":\"10.9.0.7/24\",\"interface\":1}],"
            + "\"routes\":[{\"dst\":\"0.0.0.0/0\",\"mtu\":1400}],\"dns\":{\"domain\":\"d\"}}";
    try (FakeAgent agent = answering(CniResponse.of(RESULT))) {
      assertEquals(0, run(configuration(",\"prevResult\":" + previous)));
      assertEquals(JsonParser.parseString(previous), printed());
      CniRequest request = agent.requests.take();
      assertEquals("10.9.0.7/24", request.previous().ips().getFirst().address());
    }
  }

  @Test
  void add_runtimeConfigAndArgs_areOfNoConcern() throws Exception {
    String more =
        ",\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":1}]},\"capabilities\":{\"portMappings\":true},"
            + "\"args\":{\"cni\":{\"labels\":[]}},\"ipMasq\":true,\"dns\":{\"nameservers\":[\"::1\"]}";
    try (FakeAgent agent = answering(CniResponse.of(RESULT))) {
      assertEquals(0, run(configuration(more)));
    }
  }

  @Test
  void add_labelsInArgs_joinThoseOfTheEnvironment() throws Exception {
    String more =
        ",\"args\":{\"cni\":{\"labels\":[{\"key\":\"e\",\"value\":\"f\"},{\"key\":\"g\"}]}}";
    try (FakeAgent agent = answering(CniResponse.of(RESULT))) {
      assertEquals(0, run(configuration(more)));
      assertEquals("a=b,c=d,e=f,g=", agent.requests.take().args().get("SEKISHO_LABELS"));
    }
    output.reset();
    assertEquals(1, run(configuration(more.replace("{\"key\":\"g\"}", "7"))));
    assertError(7, "args.cni.labels");
  }

  @Test
  void add_agentComesBackInTime_isServed() throws Exception {
    var starts =
        Thread.ofPlatform()
            .start(
                () -> {
                  awaitAttempt();
                  agents.add(answeringUnchecked());
                });
    assertEquals(0, run(configuration("")));
    starts.join();
    agents.remove().close();
  }

  private final java.util.Queue<FakeAgent> agents =
      new java.util.concurrent.LinkedBlockingQueue<>();

  /** Long enough that the plugin has met nobody at least once. */
  private static void awaitAttempt() {
    long until = System.nanoTime() + Duration.ofMillis(200).toNanos();
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }

  private FakeAgent answeringUnchecked() {
    try {
      return answering(CniResponse.of(RESULT));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void add_agentHangsWithAFullQueue_givesUpInTime() throws Exception {
    try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      silent.bind(UnixDomainSocketAddress.of(socket), 1);
      var waiting = new java.util.ArrayList<java.nio.channels.SocketChannel>();
      for (int i = 0; i < 2; i++) {
        waiting.add(java.nio.channels.SocketChannel.open(UnixDomainSocketAddress.of(socket)));
      }
      long begun = System.nanoTime();
      assertEquals(1, run(configuration(""), SOON));
      assertError(11, "is it running");
      assertTrue(System.nanoTime() - begun < Duration.ofSeconds(5).toNanos());
      for (var channel : waiting) {
        channel.close();
      }
    }
  }

  @Test
  void version_anyInput_namesVersions() {
    environment.clear();
    environment.put("CNI_COMMAND", "VERSION");
    assertEquals(0, run("{\"cniVersion\":\"0.4.0\"}"));
    assertEquals("0.4.0", printed().get("cniVersion").getAsString());
    assertTrue(printed().get("supportedVersions").toString().contains("1.1.0"));
    output.reset();
    assertEquals(0, run(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CNI_COMMAND", "CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"})
  void add_variableMissing_isNamed(String variable) {
    environment.remove(variable);
    assertEquals(1, run(configuration("")));
    assertError(4, variable);
  }

  @ParameterizedTest
  @CsvSource({
    "CNI_COMMAND,add",
    "CNI_CONTAINERID,-x",
    "CNI_CONTAINERID,a/b",
    "CNI_CONTAINERID,é",
    "CNI_IFNAME,..",
    "CNI_IFNAME,a/b",
    "CNI_IFNAME,abcdefghijklmnop",
    "CNI_IFNAME,a b",
    "CNI_ARGS,=x",
    "CNI_ARGS,novalue"
  })
  void add_variableWrong_isNamed(String variable, String value) {
    environment.put(variable, value);
    assertEquals(1, run(configuration("")));
    assertError(4, variable);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "6|''",
        "6|{",
        "6|[]",
        "6|null",
        "6|not json",
        "1|{}",
        "1|{\"cniVersion\":\"9.0.0\"}",
        "7|{\"cniVersion\":1}",
        "7|{\"cniVersion\":\"1.1.0\"}",
        "7|{\"cniVersion\":\"1.1.0\",\"name\":\"x\",\"type\":\"bridge\"}",
        "7|{\"cniVersion\":\"1.1.0\",\"name\":\"x\",\"agentSocket\":\"relative\"}",
        "7|{\"cniVersion\":\"1.1.0\",\"name\":\"x\",\"agentSocket\":7}",
        "7|{\"cniVersion\":\"1.1.0\",\"name\":\"x\",\"prevResult\":7}",
        "7|{\"cniVersion\":\"1.1.0\",\"name\":\"x\",\"prevResult\":{\"ips\":7}}",
        "7|{\"cniVersion\":\"1.1.0\",\"name\":\"x\",\"prevResult\":{\"dns\":{}}}",
        "7|{\"cniVersion\":\"1.1.0\",\"name\":\"x\",\"cni.dev/valid-attachments\":[{}]}",
        "7|{\"cniVersion\":\"1.1.0\",\"name\":\"x\",\"cni.dev/valid-attachments\":{}}",
        "7|{\"cniVersion\":\"1.1.0\",\"name\":\"x\",\"cni.dev/valid-attachments\":[1]}",
      })
  void add_brokenConfiguration_isRefused(int code, String configuration) {
    assertEquals(1, run(configuration));
    assertError(code, "");
  }

  @Test
  void add_endlessConfiguration_isRefused() {
    assertEquals(1, run(" ".repeat((1 << 20) + 1)));
    assertError(6, "1 MiB");
  }

  private FakeAgent answering(CniResponse response) throws IOException {
    return new FakeAgent(socket, request -> CniLine.write(response) + "\n");
  }

  private String configuration(String more) {
    return "{\"cniVersion\":\"1.1.0\",\"name\":\"pods\",\"type\":\"sekisho\",\"agentSocket\":\""
        + socket
        + "\""
        + more
        + "}";
  }

  private int run(String configuration) {
    return run(configuration, Duration.ofSeconds(20));
  }

  private int run(String configuration, Duration patience) {
    return new CniPlugin(
            new ByteArrayInputStream(configuration.getBytes(StandardCharsets.UTF_8)),
            environment,
            new PrintStream(output, true, StandardCharsets.UTF_8),
            patience)
        .run();
  }

  private JsonObject printed() {
    return JsonParser.parseString(output.toString(StandardCharsets.UTF_8)).getAsJsonObject();
  }

  private void assertError(int code, String part) {
    JsonObject printed = printed();
    assertEquals(code, printed.get("code").getAsInt(), printed.toString());
    assertTrue(printed.get("msg").getAsString().contains(part), printed.toString());
    assertFalse(printed.get("cniVersion").getAsString().isEmpty());
  }
}
