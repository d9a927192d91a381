package io.sekisho.agent;

import static io.sekisho.agent.CoreFixture.add;
import static io.sekisho.agent.CoreFixture.collect;
import static io.sekisho.agent.CoreFixture.delete;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.cni.wire.CniCommand;
import io.sekisho.cni.wire.CniRequest;
import io.sekisho.cni.wire.CniResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
  @TempDir Path folder;
  private CoreFixture agent;

  @BeforeEach
  void begin() {
    agent = new CoreFixture(folder).start();
    agent.call(add("c1", "cart-1", "app=cart"));
    agent.call(add("c2", "payment-1", "app=payment"));
  }

  @AfterEach
  void close() {
    agent.close();
  }

  private Path file(int id) {
    return folder.resolve("state/endpoints/" + id + ".json");
  }

  @Test
  void restart_endpoints_areRestoredAsTheyWere() {
    var before = agent.datapath().realized();
    agent.restart().start();
    Eventually.holds(() -> agent.core().status().status().readyEndpoints() == 2);
    assertEquals(before, agent.datapath().realized());
    assertEquals("cart-1", agent.cluster.inventory().endpoints().get("n1/1").getPod());
  }

  @Test
  void restart_newPod_getsAnAddressNobodyHas() {
    agent.restart().start();
    var result = agent.call(add("c3", "cart-2", "app=cart")).result();
    assertEquals("10.244.1.4/32", result.ips().getFirst().address());
    assertEquals(3, agent.datapath().wired().size());
  }

  @Test
  void restart_samePodAgain_isTheSameEndpoint() {
    var before = agent.call(add("c1", "cart-1", "app=cart")).result();
    agent.restart().start();
    assertEquals(before, agent.call(add("c1", "cart-1", "app=cart")).result());
    assertEquals(Optional.empty(), agent.call(delete("c1")).failure());
    assertEquals(1, agent.datapath().wired().size());
  }

  @Test
  void restart_brokenFile_isSetAsideAndRebuiltFromTheStore() throws IOException {
    Files.writeString(file(1), "{ torn");
    var before = agent.datapath().realized();
    agent.restart().start();
    Eventually.holds(() -> agent.core().status().status().readyEndpoints() == 2);
    assertEquals(before, agent.datapath().realized());
    assertTrue(Files.exists(folder.resolve("state/endpoints/1.json.broken")));
    assertTrue(
        agent.core().health().problems().stream()
            .anyMatch(p -> p.component().equals("state file 1.json")));
    Eventually.holds(() -> Files.exists(file(1)));
    assertEquals(Optional.empty(), agent.call(delete("c1")).failure());
    assertEquals(1, agent.datapath().wired().size());
  }

  @Test
  void restart_fileOfASecondInterfaceLost_isFoundByItsNameAndNetwork() throws IOException {
    var second = withInterface("c1", "eth1");
    assertEquals(Optional.empty(), agent.call(second).failure());
    Files.delete(file(3));
    agent.restart().start();
    Eventually.holds(() -> Files.exists(file(3)));
    assertTrue(Files.readString(file(3)).contains("\"network\": \"sekisho\""));
    assertTrue(Files.readString(file(3)).contains("/run/netns/sk-none-c1"));
    assertEquals(Optional.empty(), agent.call(delete("c1")).failure());
    Eventually.holds(() -> agent.datapath().wired().keySet().equals(Set.of(2, 3)));
    var gc = collect("sekisho", new CniRequest.Attachment("c2", "eth0"));
    assertEquals(Optional.empty(), agent.call(gc).failure());
    assertEquals(Set.of(2), agent.datapath().wired().keySet());
  }

  private static CniRequest withInterface(String container, String name) {
    CniRequest add = add(container, "cart-1", "app=cart");
    return new CniRequest(
        CniCommand.ADD,
        add.cniVersion(),
        add.network(),
        container,
        add.networkNamespace(),
        name,
        add.args(),
        CniResult.NONE,
        List.of());
  }

  @Test
  void restart_fileGoneAndStoreDoesNotKnow_interfaceIsRemoved() throws IOException {
    Files.delete(file(2));
    agent.cluster.withdraw(2);
    agent.restart().start();
    Eventually.holds(() -> agent.datapath().wired().size() == 1);
    assertFalse(agent.datapath().wired().containsKey(2));
    Eventually.holds(() -> agent.core().health().problems().isEmpty());
  }

  @Test
  void restart_interfaceAndNamespaceGone_fileIsForgotten() {
    agent.datapath().unwire(1);
    agent.restart().start();
    Eventually.holds(() -> agent.core().status().status().readyEndpoints() == 1);
    assertFalse(Files.exists(file(1)));
    assertEquals(Optional.empty(), agent.call(delete("c1")).failure());
  }

  @Test
  void restart_twoFilesWithOneAddress_secondIsSetAside() throws IOException {
    String text = Files.readString(file(1)).replace("\"id\": 1", "\"id\": 2");
    Files.writeString(file(2), text);
    agent.restart().start();
    Eventually.holds(() -> agent.core().status().status().readyEndpoints() >= 1);
    assertEquals("cart-1", agent.cluster.inventory().endpoints().get("n1/1").getPod());
  }
}
