package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * Two open pods of the node, one of another node, and the counters checked after every test: each
 * packet has had exactly one fate, and each drop was told.
 */
abstract class DataplaneTestBase {
  static final Pod CLIENT = Pod.of(11, 1001);
  static final Pod SERVER = Pod.of(12, 1002);
  static final String REMOTE_IPV4 = "10.244.2.13";
  static final String REMOTE_IPV6 = "fd00:10:244:2::13";
  static final int REMOTE_IDENTITY = 1003;
  static final String REMOTE_NODE_IPV4 = "198.18.0.2";
  static final String REMOTE_NODE_IPV6 = "fd18::2";
  static final int REMOTE_NODE = 6;
  static final String WORLD_IPV4 = "203.0.113.9";
  static final String WORLD_IPV6 = "2001:db8::9";

  static Dataplane node;

  private Fates before;
  private long packets;
  private long drops;

  @BeforeAll
  static void load() {
    node = Dataplane.load();
    locateAll();
  }

  /** Where everybody is that tests speak of. */
  static void locateAll() {
    node.locate(new Location(CLIENT.ipv4(), 32, CLIENT.identity(), ""));
    node.locate(new Location(SERVER.ipv4(), 32, SERVER.identity(), ""));
    node.locate(new Location(REMOTE_NODE_IPV4, 32, REMOTE_NODE, REMOTE_NODE_IPV4));
    node.locate(new Location(REMOTE_NODE_IPV6, 128, REMOTE_NODE, REMOTE_NODE_IPV4));
    node.locate(new Location(REMOTE_IPV4, 32, REMOTE_IDENTITY, "198.18.0.2"));
    node.locate(new Location(REMOTE_IPV6, 128, REMOTE_IDENTITY, "198.18.0.2"));
  }

  @AfterAll
  static void unload() {
    node.close();
  }

  @BeforeEach
  void begin() {
    node.wire(CLIENT);
    node.wire(SERVER);
    node.forgetConnections();
    node.forgetFragments();
    before = node.fates();
    packets = 0;
    drops = 0;
  }

  @AfterEach
  void everyPacketHadOneFate() {
    Fates fates = node.fates().since(before);
    assertEquals(packets, fates.packets(), fates::toString);
    assertEquals(drops, fates.dropped(), fates::toString);
  }

  /** The pod sends. */
  Outcome sends(Pod pod, byte[] frame) {
    return counted(node.fromEndpoint(pod, frame));
  }

  /** The stack hands the pod what came from outside. */
  Outcome gets(Pod pod, byte[] frame) {
    return counted(node.toEndpoint(pod, frame));
  }

  /** The node itself speaks to the pod. */
  Outcome getsFromHost(Pod pod, byte[] frame) {
    return counted(node.hostToEndpoint(pod, frame));
  }

  /** It comes through the tunnel. */
  Outcome tunnelled(int identity, byte[] frame) {
    return counted(node.fromOverlay(identity, frame));
  }

  /** Keeps the books; a packet gives one drop event if and only if it is dropped. */
  Outcome counted(Outcome outcome) {
    packets++;
    int told = outcome.events(DatapathEvent.DROP).size();
    drops += told;
    if (outcome.action() == Outcome.SHOT) {
      assertEquals(1, told, outcome::toString);
    }
    return outcome;
  }

  /** So many more packets were run, and all of them passed. */
  void passed(int more) {
    packets += more;
  }

  static void assertPasses(Outcome outcome) {
    assertEquals(0, outcome.dropReason(), outcome::toString);
  }

  static void assertDropped(int reason, Outcome outcome) {
    assertEquals(Outcome.SHOT, outcome.action(), outcome::toString);
    assertEquals(reason, outcome.dropReason(), outcome::toString);
  }

  /** Makes a pod known with flags and a policy, for the rest of the test. */
  static Pod enforced(Pod pod, int flags, PolicyRow... rows) {
    Pod changed = pod.flags(flags);
    node.update(changed);
    node.policy(changed, List.of(rows));
    return changed;
  }
}
