package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What becomes of a connection that is brought where one of its key is already; in a real kernel.
 */
final class ConnectionAccessTest {
  private static final long NOW = System.nanoTime();
  private static final long SOON = NOW + 60_000_000_000L;
  private static final long LATER = NOW + 3_600_000_000_000L;
  private static final int ENDPOINT = ConnectionTable.KEY + 8;
  private static final int FLAGS = ENDPOINT + 16;
  private static final short ESTABLISHED = 1;
  private static final short AUDITED = 2;

  private final ConnectionMaps maps = new ConnectionMaps();

  @AfterEach
  void close() {
    maps.close();
  }

  private void put(int endpoint, long expires, short flags) {
    var slot = ByteBuffer.allocate(ConnectionTable.SLOT).order(ByteOrder.nativeOrder());
    slot.put(36, (byte) 6).putLong(ConnectionTable.KEY, expires);
    maps.access().put(List.of(slot.putInt(ENDPOINT, endpoint).putShort(FLAGS, flags).array()));
  }

  /** The endpoint of the one that is there. */
  private int there() {
    var found = new ArrayList<Integer>();
    ConnectionTable.scan(
        maps.get("conntrack_tcp"),
        NOW,
        slot -> found.add(ByteBuffer.wrap(slot).order(ByteOrder.nativeOrder()).getInt(ENDPOINT)));
    assertEquals(1, found.size());
    return found.getFirst();
  }

  @Test
  void put_whereOneHasEnded_takesItsPlace() {
    put(1, NOW, ESTABLISHED);
    put(2, SOON, ESTABLISHED);

    assertEquals(2, there());
  }

  /** It was brought before its handshake ended. */
  @Test
  void put_whereOneIsNotEstablishedAndEndsSooner_takesItsPlace() {
    put(1, SOON, AUDITED);
    put(2, LATER, ESTABLISHED);

    assertEquals(2, there());
  }

  @Test
  void put_whereOneIsEstablished_changesNothing() {
    put(1, SOON, ESTABLISHED);
    put(2, LATER, ESTABLISHED);

    assertEquals(1, there());
  }

  @Test
  void put_whereOneEndsNoSooner_changesNothing() {
    put(1, SOON, AUDITED);
    put(2, SOON, ESTABLISHED);

    assertEquals(1, there());
  }
}
