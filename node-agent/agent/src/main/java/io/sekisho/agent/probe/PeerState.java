package io.sekisho.agent.probe;

import io.sekisho.api.v1.PeerProbe;
import java.util.Optional;
import java.util.OptionalLong;

/** What the pings to a node said so far. Belongs to the event loop. */
final class PeerState {
  /** Pings in a row without an answer that make a problem. */
  static final int SILENT = 3;

  private final ProbePeer peer;
  private final PingWindow underlay = new PingWindow();
  private final PingWindow endpoint = new PingWindow();
  private final PingWindow underlayIpv6 = new PingWindow();
  private final PingWindow endpointIpv6 = new PingWindow();
  private Optional<String> unresolved = Optional.empty();

  PeerState(ProbePeer peer) {
    this.peer = peer;
  }

  ProbePeer peer() {
    return peer;
  }

  PingWindow underlay() {
    return underlay;
  }

  PingWindow endpoint() {
    return endpoint;
  }

  PingWindow underlayIpv6() {
    return underlayIpv6;
  }

  PingWindow endpointIpv6() {
    return endpointIpv6;
  }

  /** On which interface the node's underlay address is asked for in vain; empty for none. */
  void unresolved(Optional<String> device) {
    unresolved = device;
  }

  /** Whether the node was silent so long that it is worth a look why. */
  boolean underlayIsSilent() {
    return underlay.silence() >= SILENT;
  }

  /**
   * What is wrong with the way to the node; empty while it cannot be said.
   *
   * @param seconds how long {@link #SILENT} pings take
   * @param overlay what carries pods' packets, for the question where to look
   */
  Optional<String> problem(int seconds, String overlay) {
    boolean two = peer.endpointIpv6().isPresent();
    boolean silent = endpoint.silence() >= SILENT;
    boolean silentIpv6 = two && endpointIpv6.silence() >= SILENT;
    if (two && silent != silentIpv6) {
      return oneFamily(silent, seconds);
    }
    return silent ? wholeWay(seconds, overlay) : Optional.empty();
  }

  /** One family does not come through; the other one may only be not silent yet. */
  private Optional<String> oneFamily(boolean ipv4, int seconds) {
    PingWindow other = ipv4 ? endpointIpv6 : endpoint;
    return other.answers()
        ? Optional.of(
            "%s's endpoints do not answer by %s for %d s while they do by %s"
                .formatted(peer.name(), ipv4 ? "IPv4" : "IPv6", seconds, ipv4 ? "IPv6" : "IPv4"))
        : Optional.empty();
  }

  private Optional<String> wholeWay(int seconds, String overlay) {
    String name = peer.name();
    if (underlay.answers() || underlayIpv6.answers()) {
      return Optional.of(
          name
              + "'s endpoints do not answer for "
              + seconds
              + " s while the node does: "
              + overlay
              + " blocked?");
    }
    return underlayIsSilent()
        ? Optional.of(
            name + " and its endpoints do not answer for " + seconds + " s: " + underlayTrouble())
        : Optional.empty();
  }

  private String underlayTrouble() {
    if (unresolved.isEmpty() || peer.underlay().isEmpty()) {
      return "underlay broken?";
    }
    return peer.underlay().get().getHostAddress()
        + " does not resolve on "
        + unresolved.get()
        + ", so the kernel drops what goes there and no flow tells of it";
  }

  OptionalLong underlayRtt() {
    return underlay.median();
  }

  OptionalLong endpointRtt() {
    return endpoint.median();
  }

  PeerProbe toApi() {
    var probe =
        PeerProbe.newBuilder()
            .setNode(peer.name())
            .setUnderlay(underlay.toApi())
            .setEndpoint(endpoint.toApi());
    if (peer.underlayIpv6().isPresent()) {
      probe.setUnderlayIpv6(underlayIpv6.toApi());
    }
    if (peer.endpointIpv6().isPresent()) {
      probe.setEndpointIpv6(endpointIpv6.toApi());
    }
    return probe.build();
  }
}
