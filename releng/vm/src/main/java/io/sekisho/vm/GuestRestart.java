package io.sekisho.vm;

import io.sekisho.lab.Await;
import io.sekisho.lab.Outside;
import io.sekisho.lab.traffic.ByteStream;
import io.sekisho.lab.traffic.DatagramStream;
import io.sekisho.lab.traffic.Echo;
import io.sekisho.lab.traffic.Place;
import io.sekisho.lab.traffic.Stream;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** New programs take the place of those that run, and traffic does not notice. */
final class GuestRestart {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Datagrams in a second: the emulated processors have programs to verify besides. */
  private static final int PACE = 50;

  /** Datagrams or blocks before and after. */
  private static final int MORE = 25;

  private final Checks checks;
  private final int port;

  /** With the port where echoes listen. */
  GuestRestart(Checks checks, int port) {
    this.checks = checks;
    this.port = port;
  }

  /** Node one's programs are exchanged; its client speaks to a pod of each node and to outside. */
  void underTraffic(GuestNode one, GuestNode two, int client, int near, int far) {
    Place from = new Place(one.podNamespace(client));
    List<Stream> streams = new ArrayList<>();
    try (Echo here = new Echo(new Place(one.podNamespace(near)), port);
        Echo there = new Echo(new Place(two.podNamespace(far)), port);
        Echo outside = new Echo(new Place(Outside.SERVER.name()), port)) {
      InetAddress server = InetAddress.ofLiteral(Outside.SERVER.addresses().get(1));
      List<InetAddress> pod = two.addresses(far);
      streams.add(new DatagramStream("same node", from, one.addresses(near).get(0), port, PACE));
      streams.add(new DatagramStream("cross node", from, pod.get(0), port, PACE));
      streams.add(new ByteStream("cross node TCP", from, pod.get(1), port));
      streams.add(new DatagramStream("masqueraded", from, server, port, PACE));
      one.forgetDrops();
      two.forgetDrops();
      checks.check("programs are exchanged under traffic", () -> exchange(one, two, streams));
      for (Stream stream : streams) {
        Stream.Count count = stream.finish();
        checks.check(
            "nothing was lost: " + count, () -> count.lost() == 0 && count.trouble().isEmpty());
      }
      checks.check(
          "nothing was dropped: " + one.drops() + two.drops(),
          () -> one.drops().isEmpty() && two.drops().isEmpty());
    } catch (IOException e) {
      checks.check("streams begin and end: " + e, () -> false);
    } finally {
      streams.forEach(Stream::close);
    }
  }

  private static boolean exchange(GuestNode one, GuestNode two, List<Stream> streams) {
    awaitMore(streams);
    one.restart();
    boolean realized = one.apply(two).isEmpty();
    awaitMore(streams);
    return realized;
  }

  private static void awaitMore(List<Stream> streams) {
    for (Stream stream : streams) {
      long before = stream.sent();
      Await.until(
          PATIENCE, () -> stream.name() + " stands still", () -> stream.sent() > before + MORE);
    }
  }
}
