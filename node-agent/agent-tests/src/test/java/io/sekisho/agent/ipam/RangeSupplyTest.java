package io.sekisho.agent.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.CoreFixture;
import io.sekisho.agent.Eventually;
import io.sekisho.agent.FakeCluster;
import io.sekisho.agent.cluster.FileStore;
import io.sekisho.agent.cluster.FlakyStore;
import io.sekisho.agent.cluster.RangeLeases;
import io.sekisho.agent.datapath.FakeDatapath;
import io.sekisho.cni.wire.CniCommand;
import io.sekisho.cni.wire.CniResult;
import io.sekisho.policy.Cidr;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ranges from the cluster's pools, from the lease to the pod's address. */
class RangeSupplyTest {
  private static final RangeLeases.Pool POOL =
      new RangeLeases.Pool(Cidr.parse("10.200.0.0/23"), 24);

  @TempDir Path folder;
  private FlakyStore store;
  private CoreFixture agent;

  @BeforeEach
  void open() throws Exception {
    store = new FlakyStore(new FileStore(folder.resolve("store")));
    Files.createDirectories(folder.resolve("state"));
  }

  @AfterEach
  void close() {
    if (agent != null) {
      agent.close();
    }
    store.close();
  }

  private LeasedRanges ranges(String node) {
    return new LeasedRanges(new RangeLeases(store, node), List.of(POOL), folder.resolve("state"));
  }

  private CoreFixture agent() {
    agent = new CoreFixture(folder, new FakeCluster("n1"), new FakeDatapath.Kernel());
    return agent.ranges(ranges("n1"));
  }

  @Test
  void add_leasedRange_givesItsAddressesAndTellsTheNode() {
    new RangeLeases(store, "other").lease(POOL);
    agent().start();
    var made = agent.call(CoreFixture.add("c1", "a", "app=a")).result();
    assertEquals("10.200.1.2/32", made.ips().getFirst().address());
    assertEquals(
        List.of(Cidr.parse("10.200.1.0/24")), agent.datapath().config().orElseThrow().podCidrs());
    Eventually.holds(
        () -> agent.cluster.publishedNodes().getLast().getPodCidrsList().contains("10.200.1.0/24"));
  }

  @Test
  void restart_storeAway_hasTheSameRangeAndAddresses() {
    agent().start();
    agent.call(CoreFixture.add("c1", "a", "app=a"));
    store.away(true);
    agent.ranges(ranges("n1")).start();
    Eventually.holds(() -> agent.core().status().status().readyEndpoints() == 1);
    var made = agent.call(CoreFixture.add("c2", "b", "app=a")).result();
    assertEquals("10.200.0.3/32", made.ips().getFirst().address());
    assertTrue(trouble().contains("not confirmed"), trouble());
    store.away(false);
    Eventually.holds(() -> agent.core().health().problems().isEmpty());
  }

  @Test
  void add_poolExhausted_saysSoUntilARangeIsFreed() {
    new RangeLeases(store, "a").lease(POOL);
    new RangeLeases(store, "b").lease(POOL);
    agent().start();
    var refused = agent.call(CoreFixture.add("c1", "a", "app=a")).failure().orElseThrow();
    assertEquals(11, refused.code());
    assertTrue(refused.msg().contains("all 2 ranges of the pool 10.200.0.0/23:24"), refused::msg);
    assertEquals(50, agent.call(status()).error().code());
    assertTrue(trouble().contains("all 2 ranges"), trouble());
    assertEquals(List.of(Cidr.parse("10.200.1.0/24")), new RangeLeases(store, "b").free(List.of()));
    Eventually.holds(() -> agent.call(status()).error().code() == 0);
    var made = agent.call(CoreFixture.add("c1", "a", "app=a")).result();
    assertEquals("10.200.1.2/32", made.ips().getFirst().address());
    Eventually.holds(
        () ->
            agent
                .datapath()
                .config()
                .orElseThrow()
                .podCidrs()
                .equals(List.of(Cidr.parse("10.200.1.0/24"))));
  }

  @Test
  void start_storeAwayAndNothingKnown_restoredEndpointsStay() throws Exception {
    agent().start();
    agent.call(CoreFixture.add("c1", "a", "app=a"));
    store.away(true);
    Files.delete(folder.resolve("state/pod-ranges"));
    agent.ranges(ranges("n1")).start();
    Eventually.holds(() -> agent.core().status().status().readyEndpoints() == 1);
    assertEquals(11, agent.call(CoreFixture.add("c2", "b", "app=a")).error().code());
    store.away(false);
    Eventually.holds(() -> agent.call(status()).error().code() == 0);
    var made = agent.call(CoreFixture.add("c2", "b", "app=a")).result();
    assertEquals("10.200.0.3/32", made.ips().getFirst().address());
  }

  @Test
  void take_rangeGivenToAnotherMeanwhile_isKeptButNothingMoreIsGiven() {
    LeasedRanges ranges = ranges("n1");
    Cidr range = ranges.take().ranges().getFirst();
    new RangeLeases(store, "n1").free(List.of());
    assertTrue(new RangeLeases(store, "n2").claim(range));
    PodRanges.Held held = ranges.take();
    assertEquals(List.of(range), held.ranges());
    assertTrue(held.trouble().orElseThrow().missing());
    // The next agent uses none of it.
    assertEquals(List.of(Cidr.parse("10.200.1.0/24")), ranges("n1").take().ranges());
  }

  @Test
  void take_brokenFile_isSetAside() throws Exception {
    Files.writeString(folder.resolve("state/pod-ranges"), "torn");
    assertEquals(Optional.empty(), ranges("n1").take().trouble());
    assertTrue(Files.exists(folder.resolve("state/pod-ranges.broken")));
  }

  private static io.sekisho.cni.wire.CniRequest status() {
    return CoreFixture.request(CniCommand.STATUS, "", "", "", CniResult.NONE);
  }

  private String trouble() {
    return agent.core().health().problems().toString();
  }
}
