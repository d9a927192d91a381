package io.sekisho.agent;

import static io.sekisho.agent.CoreFixture.add;
import static io.sekisho.agent.CoreFixture.collect;
import static io.sekisho.agent.CoreFixture.delete;
import static io.sekisho.agent.CoreFixture.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.cni.wire.CniCommand;
import io.sekisho.cni.wire.CniLine;
import io.sekisho.cni.wire.CniRequest;
import io.sekisho.cni.wire.CniResponse;
import io.sekisho.cni.wire.CniResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CniTest {
  @TempDir Path folder;
  private CoreFixture agent;

  @BeforeEach
  void begin() {
    agent = new CoreFixture(folder).start();
  }

  @AfterEach
  void close() {
    agent.close();
  }

  private int code(CniRequest request) {
    return agent.call(request).error().code();
  }

  private static CniRequest with(CniRequest r, String container, String netns, String name) {
    return new CniRequest(
        r.command(), "1.0.0", "sekisho", container, netns, name, r.args(), r.previous(), List.of());
  }

  @Test
  void socket_served_isForItsOwnerOnly() throws Exception {
    assertEquals(
        PosixFilePermissions.fromString("rw-------"),
        Files.getPosixFilePermissions(agent.config.dirs().cniSocket()));
  }

  @Test
  void socket_leftByADeadAgent_isReplaced() throws Exception {
    agent.close();
    Files.createFile(agent.config.dirs().cniSocket());
    agent.restart().start();
    assertEquals(0, code(add("c1", "cart-1", "app=cart")));
  }

  @Test
  void add_result_hasInterfacesAddressesAndRoutes() {
    CniResult result = agent.call(add("c1", "cart-1", "app=cart")).result();
    assertEquals("1.1.0", result.cniVersion());
    assertEquals("lxc0001", result.interfaces().get(0).name());
    assertEquals("", result.interfaces().get(0).sandbox());
    assertEquals("eth0", result.interfaces().get(1).name());
    assertEquals("/run/netns/sk-none-c1", result.interfaces().get(1).sandbox());
    assertEquals(1450, result.interfaces().get(1).mtu());
    assertEquals(1, result.ips().get(0).interfaceIndex());
    assertEquals(
        List.of(
            new CniResult.Route("0.0.0.0/0", "169.254.1.1"),
            new CniResult.Route("::/0", "fe80::1")),
        result.routes());
  }

  @Test
  void add_sameTwice_isTheSameOtherwiseAnError() {
    CniResult first = agent.call(add("c1", "cart-1", "app=cart")).result();
    assertEquals(first, agent.call(add("c1", "cart-1", "app=cart")).result());
    assertEquals(102, code(add("c1", "other", "app=other")));
    assertEquals(1, agent.datapath().wired().size());
  }

  @Test
  void add_addressesExhausted_saysSoAndLeavesNothing() {
    for (int i = 1; i <= 5; i++) {
      assertEquals(0, code(add("c" + i, "cart-" + i, "app=cart")));
    }
    var error = agent.call(add("c6", "cart-6", "app=cart")).failure().orElseThrow();
    assertEquals(100, error.code());
    assertTrue(error.msg().contains("all 5 addresses of 10.244.1.0/29"), error::msg);
    agent.call(delete("c3"));
    assertEquals(0, code(add("c6", "cart-6", "app=cart")));
  }

  @Test
  void add_wiringFails_leavesNothing() {
    agent.datapath().refuseWiring(1);
    assertEquals(101, code(add("c1", "cart-1", "app=cart")));
    assertEquals(Map.of(), agent.datapath().wired());
    assertEquals(0, folder.resolve("state/endpoints").toFile().list().length);
    assertEquals(0, code(add("c1", "cart-1", "app=cart")));
  }

  @Test
  void add_policyRefused_leavesNothing() {
    agent.datapath().fail("endpoint 1", "policy map is full");
    var error = agent.call(add("c1", "cart-1", "app=cart")).failure().orElseThrow();
    assertEquals(11, error.code());
    assertTrue(error.msg().contains("policy map is full"), error::msg);
    assertEquals(Map.of(), agent.datapath().wired());
    assertTrue(agent.cluster.inventory().endpoints().isEmpty());
    assertEquals(0, folder.resolve("state/endpoints").toFile().list().length);
  }

  @Test
  void concurrentCalls_manyPods_neverShareAnything() throws Exception {
    var results = new ArrayList<CompletableFuture<CniResponse>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 40; i++) {
        String container = "c" + i % 5;
        boolean delete = i % 4 == 3;
        results.add(
            CompletableFuture.supplyAsync(
                () -> agent.call(delete ? delete(container) : add(container, "p", "app=p")),
                threads));
      }
      for (var result : results) {
        assertEquals(Optional.empty(), result.get().failure());
      }
    }
    var wired = agent.datapath().wired();
    assertTrue(wired.size() <= 5, wired::toString);
    var addresses = new HashSet<>();
    wired.values().forEach(w -> w.addresses().forEach(a -> assertTrue(addresses.add(a))));
    assertEquals(wired.size(), agent.cluster.inventory().endpoints().size());
    assertEquals(wired.size(), folder.resolve("state/endpoints").toFile().list().length);
  }

  @Test
  void check_asAddLeftIt_succeedsElseSaysWhatDiffers() {
    CniResult made = agent.call(add("c1", "cart-1", "app=cart")).result();
    assertEquals(0, code(request(CniCommand.CHECK, "c1", "cart-1", "", made)));
    var other =
        new CniResult(
            "1.1.0",
            made.interfaces(),
            List.of(new CniResult.Ip("10.9.9.9/32", "169.254.1.1", 1)),
            made.routes(),
            made.dns());
    assertEquals(103, code(request(CniCommand.CHECK, "c1", "cart-1", "", other)));
    assertEquals(7, code(request(CniCommand.CHECK, "c1", "cart-1", "", CniResult.NONE)));
    assertEquals(3, code(request(CniCommand.CHECK, "unknown", "cart-1", "", made)));
  }

  @Test
  void check_interfaceDeletedByHand_isAnError() {
    CniResult made = agent.call(add("c1", "cart-1", "app=cart")).result();
    agent.datapath().deleteInterface(1);
    assertEquals(103, code(request(CniCommand.CHECK, "c1", "cart-1", "", made)));
  }

  @Test
  void check_routeGone_isAnErrorUnlessALaterPluginTookItAway() {
    CniResult made = agent.call(add("c1", "cart-1", "app=cart")).result();
    agent.datapath().forgetRoutes(1);
    assertEquals(103, code(request(CniCommand.CHECK, "c1", "cart-1", "", made)));
    var without = new CniResult("1.1.0", made.interfaces(), made.ips(), List.of(), made.dns());
    assertEquals(0, code(request(CniCommand.CHECK, "c1", "cart-1", "", without)));
  }

  private static CniResult ptp(String... addresses) {
    return new CniResult(
        "1.1.0",
        List.of(
            new CniResult.Interface("veth77", "02:00:00:00:00:77", 0, ""),
            new CniResult.Interface("eth0", "", 0, "/run/netns/sk-none-c1")),
        java.util.stream.Stream.of(addresses).map(a -> new CniResult.Ip(a, "", 1)).toList(),
        List.of(new CniResult.Route("0.0.0.0/0", "10.9.0.1")),
        new CniResult.Dns(List.of()));
  }

  @Test
  void add_behindAnotherPlugin_adoptsItsInterface() {
    var add = request(CniCommand.ADD, "c1", "cart-1", "app=cart", ptp("10.9.0.7/24"));
    assertEquals(0, code(add));
    var wired = agent.datapath().wired().get(1);
    assertEquals("veth77", wired.hostInterface());
    assertEquals(List.of(java.net.InetAddress.ofLiteral("10.9.0.7")), wired.addresses());
    agent.restart().start();
    Eventually.holds(() -> agent.core().status().status().readyEndpoints() == 1);
    assertEquals(0, code(add));
    assertEquals(0, code(delete("c1")));
    assertEquals(Map.of(), agent.datapath().wired());
  }

  @Test
  void add_adoptedAddressTwice_isRefused() {
    assertEquals(0, code(request(CniCommand.ADD, "c1", "a", "app=a", ptp("10.9.0.7/24"))));
    assertEquals(102, code(request(CniCommand.ADD, "c2", "b", "app=a", ptp("10.9.0.7/24"))));
  }

  @Test
  void add_adoptedAddressOfOurRange_isNotGivenToAnother() {
    assertEquals(0, code(request(CniCommand.ADD, "c1", "a", "app=a", ptp("10.244.1.2/24"))));
    var result = agent.call(add("c2", "b", "app=a")).result();
    assertEquals("10.244.1.3/32", result.ips().getFirst().address());
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.9.0.7/24 10.9.0.8/24", "fd09::7/64 fd09::8/64", "nonsense"})
  void add_previousAddressesThatCannotBe_is7(String addresses) {
    var add = request(CniCommand.ADD, "c1", "a", "app=a", ptp(addresses.split(" ", -1)));
    assertEquals(7, code(add));
  }

  @Test
  void add_interfaceCannotBeAdopted_is7() {
    agent.datapath().refuseAdoption(true);
    var add = request(CniCommand.ADD, "c1", "a", "app=a", ptp("10.9.0.7/24"));
    assertEquals(7, code(add));
    assertEquals(Map.of(), agent.datapath().wired());
    assertEquals(0, folder.resolve("state/endpoints").toFile().list().length);
  }

  @Test
  void add_secondInterface_isAnEndpointOfItsOwn() {
    assertEquals(0, code(add("c1", "cart-1", "app=cart")));
    var second = with(add("c1", "cart-1", "app=cart"), "c1", "/run/netns/sk-none-c1", "eth1");
    CniResult made = agent.call(second).result();
    assertEquals("10.244.1.3/32", made.ips().getFirst().address());
    assertEquals(0, code(delete("c1")));
    assertEquals(java.util.Set.of(2), agent.datapath().wired().keySet());
  }

  @Test
  void del_interfaceStays_failsUntilItIsGone() {
    agent.call(add("c1", "cart-1", "app=cart"));
    agent.datapath().refuseUnwiring(1);
    assertEquals(101, code(delete("c1")));
    assertEquals(101, code(delete("c1")));
    assertTrue(Files.exists(folder.resolve("state/endpoints/1.json")));
    assertTrue(
        agent.core().health().problems().stream()
            .anyMatch(p -> p.component().equals("removal of endpoint 1")));
    assertEquals(101, code(add("c1", "cart-1", "app=cart")));
    agent.datapath().allowUnwiring();
    assertEquals(0, code(delete("c1")));
    assertTrue(agent.datapath().wired().isEmpty());
    assertFalse(Files.exists(folder.resolve("state/endpoints/1.json")));
    assertEquals(List.of(), agent.core().health().problems());
    for (int i = 2; i <= 6; i++) {
      assertEquals(0, code(add("c" + i, "cart-" + i, "app=cart")));
    }
  }

  @Test
  void del_interfaceStays_gcGoesOnWithIt() {
    agent.call(add("c1", "cart-1", "app=cart"));
    agent.datapath().refuseUnwiring(1);
    assertEquals(101, code(delete("c1")));
    var gc = collect("sekisho");
    assertEquals(101, code(gc));
    agent.datapath().allowUnwiring();
    assertEquals(0, code(gc));
    assertTrue(agent.datapath().wired().isEmpty());
  }

  @Test
  void gc_oneCannotBeRemoved_collectsTheOthersAndSaysSo() {
    for (int i = 1; i <= 3; i++) {
      agent.call(add("c" + i, "cart-" + i, "app=cart"));
    }
    agent.datapath().refuseUnwiring(2);
    var gc = collect("sekisho");
    assertEquals(101, code(gc));
    assertEquals(java.util.Set.of(2), agent.datapath().wired().keySet());
  }

  @Test
  void gc_attachmentsNotNamed_areRemoved() {
    agent.call(add("c1", "cart-1", "app=cart"));
    agent.call(add("c2", "cart-2", "app=cart"));
    var gc = collect("sekisho", new CniRequest.Attachment("c2", "eth0"));
    assertEquals(0, code(gc));
    assertEquals(1, agent.datapath().wired().size());
    var otherNetwork = collect("other");
    assertEquals(0, code(otherNetwork));
    assertEquals(1, agent.datapath().wired().size());
  }

  @Test
  void status_notSynced_is50() {
    assertEquals(0, code(request(CniCommand.STATUS, "", "", "", CniResult.NONE)));
    agent.close();
    agent = new CoreFixture(folder.resolve("other")).startWithoutStore();
    assertEquals(50, code(request(CniCommand.STATUS, "", "", "", CniResult.NONE)));
  }

  @Test
  void status_dataplaneFails_is51() {
    agent.datapath().fail("dataplane", "no memory");
    agent.intend(1);
    Eventually.holds(() -> code(request(CniCommand.STATUS, "", "", "", CniResult.NONE)) == 51);
    agent.datapath().heal("dataplane");
    Eventually.holds(() -> code(request(CniCommand.STATUS, "", "", "", CniResult.NONE)) == 0);
  }

  @ParameterizedTest
  @CsvSource({
    "'',/run/netns/x,eth0",
    "a/b,/run/netns/x,eth0",
    "c1,relative,eth0",
    "c1,'',eth0",
    "c1,/run/netns/x,''",
    "c1,/run/netns/x,averyverylongname",
    "c1,/run/netns/x,a/b",
    "c1,/run/netns/x,..",
  })
  void add_wrongEnvironment_is4(String container, String netns, String name) {
    assertEquals(4, code(with(add("c1", "p", "app=p"), container, netns, name)));
    assertEquals(Map.of(), agent.datapath().wired());
  }

  @ParameterizedTest
  @ValueSource(strings = {"reserved:host", "=x", "io.kubernetes.pod.namespace=other", "cidr:1=2"})
  void add_labelsThatAPodMustNotHave_is4(String labels) {
    assertEquals(4, code(add("c1", "p", labels)));
  }

  @Test
  void add_versionUnknown_is1() {
    var r = add("c1", "p", "app=p");
    assertEquals(
        1,
        code(
            new CniRequest(
                r.command(),
                "0.2.0",
                "n",
                "c1",
                "/x",
                "eth0",
                Map.of(),
                CniResult.NONE,
                List.of())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "{}", "{\"command\":\"FLY\"}", "[1,2]", "{\"args\":"})
  void socket_brokenLine_is6(String line) {
    assertEquals(6, CniLine.readResponse(agent.raw(line)).error().code());
  }

  @Test
  void socket_endlessLine_is6() {
    String line = "{\"command\":\"ADD\",\"network\":\"" + "x".repeat(CniLine.MAX_BYTES) + "\"}";
    assertEquals(6, CniLine.readResponse(agent.raw(line)).error().code());
  }
}
