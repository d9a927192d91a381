package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.testkit.packet.Protocol;
import io.sekisho.testkit.packet.Tcp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the agent does in tables of connections by key: the programs of bpf/conntrack.bpf.c. */
class ConnectionProgramsTest extends DataplaneTestBase {
  private static final int FIRST = 40_000;
  private static final int SLOT = 128;
  private static final int MOST_KEYS = 32;
  private static final int MOST_SLOTS = 24;
  private static final long SECOND = 1_000_000_000L;

  private static Tuple tuple(int port) {
    int protocol = port % 2 == 0 ? Protocol.TCP : Protocol.UDP;
    return new Tuple(CLIENT.ipv4(), REMOTE_IPV4, port, 80, protocol, true);
  }

  private static Connection connection(long seconds, int rule) {
    var opener = new Connection.Side(7, 700, 5, 500, System.nanoTime() >> 20 << 20);
    var replier = new Connection.Side(3, 300, 0, 0, 0);
    long expires = System.nanoTime() + seconds * SECOND;
    return new Connection(
        expires, opener, replier, CLIENT.id(), 1, REMOTE_IDENTITY, rule, Connection.AUDITED, 2, 18);
  }

  private static byte[] key(int port) {
    return Layouts.TUPLE.encode(tuple(port));
  }

  private static byte[] record(int port, Connection connection) {
    return ConnectionTables.record(key(port), Layouts.CONNECTION.encode(connection));
  }

  private static int ask(byte[]... keys) {
    return node.connectionTables().ask(ConnectionTables.asked(List.of(keys)));
  }

  private static int carry(List<byte[]> records) {
    return node.connectionTables().carry(ConnectionTables.asked(records));
  }

  @Test
  void ask_livingEndedAndUnknown_tellsTheLiving() {
    node.rewrite(tuple(FIRST), connection(100, 1));
    node.rewrite(tuple(FIRST + 1), connection(-1, 1));
    node.rewrite(tuple(FIRST + 3), connection(100, 1));
    assertEquals(0b1001, ask(key(FIRST), key(FIRST + 1), key(FIRST + 2), key(FIRST + 3)));
  }

  @Test
  void ask_moreKeysThanAnAnswerHasBits_tellsOfTheFirst() {
    var keys = new ArrayList<byte[]>();
    int bits = 0;
    for (int i = 0; i < MOST_KEYS + 8; i++) {
      keys.add(key(FIRST + i));
      if (i % 3 == 1) {
        node.rewrite(tuple(FIRST + i), connection(100, 1));
        bits |= i < MOST_KEYS ? 1 << i : 0;
      }
    }
    assertEquals(bits, ask(keys.toArray(byte[][]::new)));
  }

  @Test
  void carry_unknownOnes_areThereAsTheyWere() {
    var records = new ArrayList<byte[]>();
    Map<Tuple, Connection> all = new HashMap<>();
    for (int port = FIRST; port < FIRST + MOST_SLOTS; port++) {
      all.put(tuple(port), connection(100 + port, port));
      records.add(record(port, all.get(tuple(port))));
    }
    assertEquals(MOST_SLOTS, carry(records));
    assertEquals(all, node.connections());
  }

  @Test
  void carry_moreThanItTakes_putsTheFirst() {
    var records = new ArrayList<byte[]>();
    for (int port = FIRST; port < FIRST + MOST_SLOTS + 2; port++) {
      records.add(record(port, connection(100, 1)));
    }
    assertEquals(MOST_SLOTS, carry(records));
    assertEquals(MOST_SLOTS, node.connections().size());
  }

  @Test
  void carry_overALivingOne_leavesItAlone() {
    Connection living = connection(200, 1);
    node.rewrite(tuple(FIRST), living);
    assertEquals(0, carry(List.of(record(FIRST, connection(100, 2)))));
    assertEquals(Map.of(tuple(FIRST), living), node.connections());
  }

  private static Connection tcp(long seconds, int rule, int flags, int opener, int replier) {
    return tcp(CLIENT, seconds, rule, flags, opener, replier);
  }

  private static Connection tcp(
      Pod pod, long seconds, int rule, int flags, int opener, int replier) {
    Connection all = connection(seconds, rule);
    return new Connection(
        all.expires(),
        all.opener(),
        all.replier(),
        pod.id(),
        all.policyRevision(),
        all.peerIdentity(),
        rule,
        flags,
        opener,
        replier);
  }

  /** Programs of before go on with it, and it may say nothing more for an hour. */
  @Test
  void carry_overALivingOneThatWasAnsweredSince_letsItLiveAsLong() {
    int open = Connection.ESTABLISHED | Connection.BY_STACK;
    node.rewrite(tuple(FIRST), tcp(60, 1, Connection.AUDITED, Tcp.SYN, 0));
    Connection seen = tcp(21600, 2, open, Tcp.SYN | Tcp.ACK, Tcp.SYN | Tcp.ACK);
    assertEquals(0, carry(List.of(record(FIRST, seen))));
    Connection now = node.connections().get(tuple(FIRST));
    assertEquals(seen.expires(), now.expires());
    assertEquals(1, now.ruleId());
    assertEquals(open | Connection.AUDITED, now.flags());
    assertEquals(Tcp.SYN | Tcp.ACK, now.openerFlags());
    assertEquals(Tcp.SYN | Tcp.ACK, now.replierFlags());
  }

  @ParameterizedTest
  @CsvSource({"4, 0", "0, 4", "1, 1"})
  void carry_oneThatCloses_changesNoLivingOne(int opener, int replier) {
    Connection open = tcp(60, 1, 0, Tcp.SYN, 0);
    Connection closes = tcp(21600, 2, Connection.ESTABLISHED, opener, replier);
    node.rewrite(tuple(FIRST), open);
    node.rewrite(tuple(FIRST + 2), tcp(10, 1, 0, opener, replier));
    var before = node.connections();
    Connection established = tcp(21600, 2, Connection.ESTABLISHED, Tcp.SYN, Tcp.SYN);
    assertEquals(0, carry(List.of(record(FIRST, closes), record(FIRST + 2, established))));
    assertEquals(before, node.connections());
  }

  @Test
  void carry_oneOfAPodThatHadTheAddressBefore_changesNoLivingOne() {
    node.rewrite(tuple(FIRST), tcp(SERVER, 60, 1, 0, Tcp.SYN, 0));
    var before = node.connections();
    Connection established = tcp(21600, 2, Connection.ESTABLISHED, Tcp.SYN, Tcp.SYN);
    assertEquals(0, carry(List.of(record(FIRST, established))));
    assertEquals(before, node.connections());
  }

  @Test
  void carry_overOneThatHasEnded_takesItsSlot() {
    node.rewrite(tuple(FIRST), connection(-1, 1));
    Connection carried = connection(200, 2);
    assertEquals(1, carry(List.of(record(FIRST, carried))));
    assertEquals(1, node.connectionSlots().size());
    assertEquals(Map.of(tuple(FIRST), carried), node.connections());
  }

  /** Bytes of a frame that ends before or inside of the first record. */
  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 16 + 39})
  void input_withoutAWholeRecord_isNothing(int length) {
    node.rewrite(tuple(FIRST), connection(100, 1));
    var before = node.connections();
    byte[] whole = ConnectionTables.asked(List.of(record(FIRST, connection(200, 2))));
    assertEquals(0, node.connectionTables().ask(Arrays.copyOf(whole, length)));
    assertEquals(0, node.connectionTables().carry(Arrays.copyOf(whole, length)));
    assertEquals(before, node.connections());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, SLOT / 2, SLOT - 1})
  void input_withAPartOfARecordAtItsEnd_isTakenWithoutIt(int left) {
    Connection carried = connection(100, 1);
    byte[] both =
        ConnectionTables.asked(
            List.of(record(FIRST, carried), record(FIRST + 1, connection(100, 2))));
    int length = ConnectionTables.ASKED_FROM + SLOT + left;
    assertEquals(1, node.connectionTables().carry(Arrays.copyOf(both, length)));
    assertEquals(Map.of(tuple(FIRST), carried), node.connections());

    byte[] keys = ConnectionTables.asked(List.of(key(FIRST), key(FIRST)));
    assertEquals(1, node.connectionTables().ask(Arrays.copyOf(keys, keys.length - 1)));
  }
}
