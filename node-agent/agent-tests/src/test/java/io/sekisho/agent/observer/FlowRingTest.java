package io.sekisho.agent.observer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.datapath.FakeEvent;
import java.net.InetAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FlowRingTest {
  private static FakeEvent event(int number) {
    return FakeEvent.trace(1, true, "10.0.0.1", "10.0.0.2", number & 0xffff, 0)
        .counted(number, number * 7L);
  }

  @Property(tries = 200)
  void pack_anyEvent_everyFieldComesBack(
      @ForAll int identities,
      @ForAll @IntRange(max = 65535) int port,
      @ForAll @IntRange(max = 255) int octet,
      @ForAll boolean flag,
      @ForAll long count)
      throws Exception {
    var event =
        new FakeEvent(
            1,
            octet,
            255 - octet,
            flag,
            !flag,
            InetAddress.getByAddress(new byte[] {1, 2, 3, 4}),
            InetAddress.ofLiteral("fd00::" + Integer.toHexString(port)),
            port,
            65535 - port,
            octet,
            octet,
            255 - octet,
            255 - octet,
            identities,
            ~identities,
            port,
            identities,
            flag,
            !flag,
            flag,
            ~identities,
            count,
            ~count);
    var packed = new PackedEvent();
    PackedEvent.pack(event, 42, packed.words, 0);
    assertEquals(42, packed.wallNanos());
    assertEquals(event.type(), packed.type());
    assertEquals(event.subtype(), packed.subtype());
    assertEquals(event.audited(), packed.audited());
    assertEquals(event.denied(), packed.denied());
    assertEquals("1.2.3.4", packed.source().text());
    assertEquals(Address.of(event.destination()), packed.destination());
    assertEquals(event.sourcePort(), packed.sourcePort());
    assertEquals(event.destinationPort(), packed.destinationPort());
    assertEquals(event.protocol(), packed.protocol());
    assertEquals(event.icmpType(), packed.icmpType());
    assertEquals(event.icmpCode(), packed.icmpCode());
    assertEquals(event.tcpFlags(), packed.tcpFlags());
    assertEquals(event.sourceIdentity(), packed.sourceIdentity());
    assertEquals(event.destinationIdentity(), packed.destinationIdentity());
    assertEquals(event.endpointId(), packed.endpointId());
    assertEquals(event.interfaceIndex(), packed.interfaceIndex());
    assertEquals(event.egress(), packed.egress());
    assertEquals(event.reply(), packed.reply());
    assertEquals(event.opened(), packed.opened());
    assertEquals(event.ruleId(), packed.ruleId());
    assertEquals(event.otherRuleId(), packed.otherRuleId());
    assertEquals(event.packets(), packed.packets());
    assertEquals(event.bytes(), packed.bytes());
  }

  @Test
  void read_notThereYetOrOverwritten_isFalse() {
    var ring = new FlowRing(4);
    long[] into = new long[PackedEvent.LONGS];
    assertFalse(ring.read(0, into, 0));
    for (int i = 0; i < 6; i++) {
      ring.append(event(i), i);
    }
    assertFalse(ring.read(1, into, 0));
    assertTrue(ring.read(2, into, 0));
    assertEquals(2, into[0]);
    assertFalse(ring.read(6, into, 0));
    assertEquals(2, ring.tail());
  }

  @Test
  void capacity_notAPowerOfTwo_isRejected() {
    assertThrows(IllegalArgumentException.class, () -> new FlowRing(1000));
  }

  @Test
  void read_whileTheWriterOverwrites_isNeverTorn() throws Exception {
    var ring = new FlowRing(8);
    int events = 200_000;
    var writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < events; i++) {
                    ring.append(event(i), i);
                  }
                });
    var packed = new PackedEvent();
    long read = 0;
    while (writer.isAlive() || read == 0) {
      long number = Math.max(0, ring.head() - 4);
      if (ring.read(number, packed.words, 0)) {
        read++;
        assertEquals(number, packed.wallNanos());
        assertEquals(number, packed.packets());
        assertEquals(number * 7, packed.bytes());
        assertEquals(number & 0xffff, packed.destinationPort());
      }
    }
    writer.join();
    assertTrue(read > 0);
  }
}
