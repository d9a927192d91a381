package io.sekisho.lab.matrix;

import java.util.List;

/**
 * Ports, as each kind of document writes an item of its list, and by hand.
 *
 * @param name what they are
 * @param network in a NetworkPolicy's {@code ports}
 * @param cilium in a Cilium {@code ports}
 * @param admin in an AdminNetworkPolicy's {@code ports}
 * @param cluster in a ClusterNetworkPolicy's {@code protocols}
 * @param links what is meant
 */
record Ports(
    String name, String network, String cilium, String admin, String cluster, Links links) {
  static final Ports TCP_80 =
      new Ports(
          "80/TCP",
          "{protocol: TCP, port: 80}",
          "{protocol: TCP, port: '80'}",
          "{portNumber: {protocol: TCP, port: 80}}",
          "{tcp: {destinationPort: {number: 80}}}",
          Links.tcp(80));
  static final Ports UDP_81 =
      new Ports(
          "81/UDP",
          "{protocol: UDP, port: 81}",
          "{protocol: UDP, port: '81'}",
          "{portNumber: {protocol: UDP, port: 81}}",
          "{udp: {destinationPort: {number: 81}}}",
          Links.udp(81));
  static final Ports TCP_81_TO_90 =
      new Ports(
          "81-90/TCP",
          "{port: 81, endPort: 90}",
          "{protocol: TCP, port: '81', endPort: 90}",
          "{portRange: {protocol: TCP, start: 81, end: 90}}",
          "{tcp: {destinationPort: {range: {start: 81, end: 90}}}}",
          Links.tcp(81));
  static final Ports UDP_1_TO_80 =
      new Ports(
          "1-80/UDP",
          "{protocol: UDP, port: 1, endPort: 80}",
          "{protocol: UDP, port: '1', endPort: 80}",
          "{portRange: {protocol: UDP, start: 1, end: 80}}",
          "{udp: {destinationPort: {range: {start: 1, end: 80}}}}",
          Links.udp(80));
  static final Ports SCTP_80 =
      new Ports(
          "80/SCTP",
          "{protocol: SCTP, port: 80}",
          "{protocol: SCTP, port: '80'}",
          "{portNumber: {protocol: SCTP, port: 80}}",
          "{sctp: {destinationPort: {number: 80}}}",
          Links.sctp(80));

  static final List<Ports> EACH = List.of(TCP_80, UDP_81, TCP_81_TO_90, UDP_1_TO_80, SCTP_80);

  @Override
  public String toString() {
    return name;
  }
}
