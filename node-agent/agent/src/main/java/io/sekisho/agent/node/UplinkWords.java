package io.sekisho.agent.node;

import com.google.common.net.InetAddresses;
import io.sekisho.agent.datapath.UplinkState;
import io.sekisho.api.v1.Uplink;

/** The devices by which pods' packets may leave, as the cluster is told of them. */
final class UplinkWords {
  private UplinkWords() {}

  static Uplink message(UplinkState state) {
    return Uplink.newBuilder()
        .setDevice(state.device())
        .setIpv4(state.ipv4().map(InetAddresses::toAddrString).orElse(""))
        .setIpv6(state.ipv6().map(InetAddresses::toAddrString).orElse(""))
        .setDefaultIpv4(state.defaultIpv4())
        .setDefaultIpv6(state.defaultIpv6())
        .setMtu(state.mtu())
        .setProblem(state.problem())
        .build();
  }
}
