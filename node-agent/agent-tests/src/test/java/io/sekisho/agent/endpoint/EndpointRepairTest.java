package io.sekisho.agent.endpoint;

import static io.sekisho.agent.CoreFixture.add;
import static io.sekisho.agent.CoreFixture.delete;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.CoreFixture;
import io.sekisho.agent.Eventually;
import io.sekisho.agent.datapath.NodeChange;
import io.sekisho.cni.wire.CniCommand;
import io.sekisho.cni.wire.CniRequest;
import io.sekisho.cni.wire.CniResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interfaces that go without a DEL, on a fake kernel. */
class EndpointRepairTest {
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

  private CniRequest inNamespace(String container, Path namespace) {
    CniRequest add = add(container, "cart-1", "app=cart");
    return new CniRequest(
        CniCommand.ADD,
        "1.1.0",
        "sekisho",
        container,
        namespace.toString(),
        "eth0",
        add.args(),
        CniResult.NONE,
        List.of());
  }

  @Test
  void interfaceGone_namespaceToo_isCollectedAndItsAddressFree() {
    agent.call(add("c1", "cart-1", "app=cart"));
    agent.datapath().deleteInterface(1);
    agent.datapath().change(new NodeChange.InterfaceGone(1));
    Eventually.holds(() -> agent.datapath().wired().isEmpty());
    Eventually.holds(() -> agent.cluster.inventory().endpoints().isEmpty());
    Eventually.holds(() -> !Files.exists(folder.resolve("state/endpoints/1.json")));
    for (int i = 2; i <= 6; i++) {
      assertEquals(Optional.empty(), agent.call(add("c" + i, "cart-" + i, "app=cart")).failure());
    }
    assertEquals(Optional.empty(), agent.call(delete("c1")).failure());
    Eventually.holds(() -> agent.core().health().problems().isEmpty());
  }

  @Test
  void interfaceGone_namespaceThere_isWiredAgainWithItsAddresses() throws Exception {
    Path namespace = Files.createFile(folder.resolve("netns"));
    var made = agent.call(inNamespace("c1", namespace)).result();
    var before = agent.datapath().wired().get(1);
    agent.datapath().deleteInterface(1);
    agent.datapath().change(new NodeChange.InterfaceGone(1));
    Eventually.holds(
        () ->
            agent.datapath().realized().endpoints().get(1).wired().hostIndex()
                != before.hostIndex());
    var after = agent.datapath().wired().get(1);
    assertEquals(before.addresses(), after.addresses());
    assertNotEquals(before.hostIndex(), after.hostIndex());
    Eventually.holds(() -> agent.core().health().problems().isEmpty());
    assertEquals(made.ips(), agent.call(inNamespace("c1", namespace)).result().ips());
  }

  @Test
  void interfaceGone_cannotBeMadeAgain_isReportedUntilItIsRemoved() throws Exception {
    Path namespace = Files.createFile(folder.resolve("netns"));
    agent.call(inNamespace("c1", namespace));
    agent.datapath().deleteInterface(1);
    agent.datapath().refuseWiring(1);
    agent.datapath().change(new NodeChange.InterfaceGone(1));
    Eventually.holds(
        () ->
            agent.core().health().problems().stream()
                .anyMatch(p -> p.message().contains("cannot be mended")));
    assertEquals(Optional.empty(), agent.call(delete("c1")).failure());
    Eventually.holds(() -> agent.core().health().problems().isEmpty());
  }

  @Test
  void removalFailed_nobodyAsksAgain_isGoneOnWith() {
    agent.call(add("c1", "cart-1", "app=cart"));
    agent.datapath().refuseUnwiring(1);
    assertNotEquals(Optional.empty(), agent.call(delete("c1")).failure());
    agent.datapath().allowUnwiring();
    agent.datapath().change(new NodeChange.InterfaceGone(1)); // looks now
    Eventually.holds(() -> agent.datapath().wired().isEmpty());
    Eventually.holds(() -> !Files.exists(folder.resolve("state/endpoints/1.json")));
    Eventually.holds(() -> agent.core().health().problems().isEmpty());
  }

  @Test
  void nothingGone_look_changesNothing() {
    agent.call(add("c1", "cart-1", "app=cart"));
    var before = agent.datapath().realized();
    agent.datapath().change(new NodeChange.InterfaceGone(1));
    assertEquals(Optional.empty(), agent.call(add("c2", "cart-2", "app=cart")).failure());
    assertEquals(before.endpoints().get(1), agent.datapath().realized().endpoints().get(1));
    assertTrue(agent.core().health().problems().isEmpty());
  }
}
