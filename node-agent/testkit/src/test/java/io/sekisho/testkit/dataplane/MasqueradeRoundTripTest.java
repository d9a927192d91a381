package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Tcp;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a pod sends out: sent back with both ends exchanged, it is what the pod sent. */
class MasqueradeRoundTripTest extends NetdevTestBase {
  private static final int RUNS = 400;

  /** A random packet of a pod; the seed decides all but its hop limit. */
  private static byte[] packet(Pod pod, int seed, int hopLimit) {
    Random random = new Random(seed);
    boolean ipv6 = random.nextBoolean();
    int host = 1 + random.nextInt(200);
    byte[] payload = new byte[random.nextInt(1300)];
    random.nextBytes(payload);
    PacketBuilder builder =
        pod.sends(ipv6 ? "2001:db8::" + host : "203.0.113." + host).hopLimit(hopLimit);
    builder.payload(payload);
    int sourcePort = 1 + random.nextInt(65_535);
    int destinationPort = 1 + random.nextInt(65_535);
    if (!ipv6 && random.nextInt(4) == 0) {
      builder.options(new byte[] {1, 1, 1, 0});
    }
    if (random.nextBoolean()) {
      return builder.udp(sourcePort, destinationPort == 8472 ? 1 : destinationPort).build();
    }
    return builder.tcp(sourcePort, destinationPort, Tcp.ACK).build();
  }

  /** Source and destination exchanged in layers 3 and 4: no sum changes by that. */
  private static byte[] answer(byte[] frame) {
    byte[] turned = frame.clone();
    Frame view = Frame.of(frame);
    boolean ipv6 = view.source().contains(":");
    exchange(turned, Frame.ETHERNET + (ipv6 ? 8 : 12), ipv6 ? 16 : 4);
    exchange(turned, view.transport(), 2);
    return turned;
  }

  private static void exchange(byte[] bytes, int at, int length) {
    byte[] first = Arrays.copyOfRange(bytes, at, at + length);
    System.arraycopy(bytes, at + length, bytes, at, length);
    System.arraycopy(first, 0, bytes, at + length, length);
  }

  private static byte[] layer3(byte[] frame) {
    return Arrays.copyOfRange(frame, Frame.ETHERNET, frame.length);
  }

  private static byte[] onTheUnderlay(byte[] frame) {
    byte[] changed = frame.clone();
    System.arraycopy(Dataplane.UNDERLAY_MAC, 0, changed, 0, 6);
    return changed;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void translation_thereAndBack_isTheSamePacket(int round) {
    for (int run = 0; run < RUNS; run++) {
      int seed = round * RUNS + run;
      Pod pod = run % 2 == 0 ? CLIENT : SERVER;
      Outcome left = masquerades(pod, packet(pod, seed, 64));
      masqueraded(left);
      Outcome back = arrives(onTheUnderlay(answer(left.packet())));
      delivered(back, pod);
      assertArrayEquals(
          layer3(answer(packet(pod, seed, 62))), layer3(back.packet()), "seed " + seed);
    }
    assertEquals(node.mappings().size(), 2 * halves(true).size());
  }
}
