package io.sekisho.lab.matrix;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Tries many connections at once, from new sockets each time, and tells which were answered. */
final class Salvo {
  /** Rounds, and how long each waits for what should be answered, milliseconds. */
  private static final List<Integer> ROUNDS = List.of(1_000, 4_000, 15_000, 40_000);

  /** In how many rounds also those are tried that should stay silent. */
  private static final int SILENT_ROUNDS = 2;

  /** How often nothing may come before what is silent counts as such. */
  private static final int IDLE_LOOKS = 4;

  private static final long LOOK_MILLIS = 10;

  private final Grid grid;
  private final SctpTries sctp;

  Salvo(Grid grid) {
    this.grid = grid;
    this.sctp = new SctpTries(grid);
  }

  /**
   * Those of the links that were answered, in whatever round.
   *
   * @param expected for these it waits, and tries again what is not answered; an answer counts also
   *     where none is expected
   */
  Set<Link> answered(List<Link> links, Links expected) throws IOException {
    Set<Link> answered = new HashSet<>();
    for (int round = 0; round < ROUNDS.size(); round++) {
      boolean all = round < SILENT_ROUNDS;
      List<Link> open =
          links.stream()
              .filter(link -> !answered.contains(link) && (all || expected.has(link)))
              .toList();
      if (open.isEmpty()) {
        return answered;
      }
      fire(open, expected, ROUNDS.get(round), answered);
    }
    return answered;
  }

  private void fire(List<Link> links, Links expected, int millis, Set<Link> answered)
      throws IOException {
    List<Tries> tries = open(links, answered);
    try (Selector selector = Selector.open()) {
      for (Tries each : tries) {
        attempt(() -> each.start(selector));
      }
      sctp.start(links);
      Set<Link> missing = links.stream().filter(expected::has).collect(Collectors.toSet());
      long end = System.nanoTime() + millis * 1_000_000L;
      int idle = 0;
      while (idle < IDLE_LOOKS || (!missing.isEmpty() && System.nanoTime() - end < 0)) {
        int came = selector.select(this::ready, LOOK_MILLIS) + sctp.look(answered);
        idle = came == 0 ? idle + 1 : 0;
        if (came > 0) {
          missing.removeIf(answered::contains);
        }
      }
    } finally {
      for (Tries each : tries) {
        each.close();
      }
    }
  }

  private void ready(SelectionKey key) {
    Tries tries = (Tries) key.attachment();
    if (!attempt(() -> tries.ready(key))) {
      key.cancel();
    }
  }

  /** Something on a socket. */
  private interface Step {
    void run() throws IOException;
  }

  /** Whether it went well; a refusal or a reset is no answer, and tried again in the next round. */
  private static boolean attempt(Step step) {
    try {
      step.run();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The sockets of all links, opened by the threads of their places side by side. */
  private List<Tries> open(List<Link> links, Set<Link> answered) throws IOException {
    Map<String, List<Link>> byPlace =
        links.stream()
            .collect(Collectors.groupingBy(Link::from, LinkedHashMap::new, Collectors.toList()));
    List<Future<List<Tries>>> futures = new ArrayList<>();
    byPlace.forEach(
        (place, its) -> {
          Callable<List<Tries>> inside = () -> sockets(its, answered);
          futures.add(grid.thread(place).submit(inside));
        });
    List<Tries> tries = new ArrayList<>();
    for (Future<List<Tries>> future : futures) {
      try {
        tries.addAll(future.get());
      } catch (ExecutionException e) {
        throw new IOException("no sockets", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
    return tries;
  }

  private List<Tries> sockets(List<Link> links, Set<Link> answered) throws IOException {
    List<Tries> tries = new ArrayList<>();
    for (Link link : links) {
      if (link.protocol() == Protocol.TCP) {
        tries.add(new TcpTry(server(link), () -> answered.add(link)));
      }
    }
    for (boolean v6 : new boolean[] {false, true}) {
      List<Link> datagrams =
          links.stream().filter(l -> l.protocol() == Protocol.UDP && l.v6() == v6).toList();
      if (!datagrams.isEmpty()) {
        ProtocolFamily family = v6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
        List<InetSocketAddress> servers = datagrams.stream().map(this::server).toList();
        tries.add(new UdpTries(family, servers, i -> answered.add(datagrams.get(i))));
      }
    }
    return tries;
  }

  private InetSocketAddress server(Link link) {
    return new InetSocketAddress(grid.address(link.to(), link.v6()), link.port());
  }
}
