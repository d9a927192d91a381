package io.sekisho.agent.datapath;

import io.sekisho.libbpf.Codec;
import io.sekisho.netlink.MacAddress;
import io.sekisho.policy.Cidr;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * What the programs know of a local endpoint: {@code struct endpoint} of bpf/types.h, the value of
 * the maps {@code endpoints} and {@code endpoint_config}.
 *
 * @param interfaceIndex host side of its interface pair
 * @param id unique on the node
 * @param identity number of its labels
 * @param policyRevision another number makes open connections be decided again
 * @param flags see {@link #ENFORCE_INGRESS} and the others
 * @param podMac address of the pod's end
 * @param hostMac address of the host's end
 * @param ipv4 its IPv4 address, or {@link #NONE}
 * @param ipv6 its IPv6 address, or {@link #NONE}
 */
record EndpointEntry(
    int interfaceIndex,
    int id,
    int identity,
    int policyRevision,
    int flags,
    MacAddress podMac,
    MacAddress hostMac,
    Cidr ipv4,
    Cidr ipv6) {
  static final int ENFORCE_INGRESS = 1;
  static final int ENFORCE_EGRESS = 2;
  static final int AUDIT = 4;
  static final int ENFORCE = ENFORCE_INGRESS | ENFORCE_EGRESS;

  /** No address. */
  static final Cidr NONE = Cidr.of(new byte[16], 128);

  static final Codec<EndpointEntry> CODEC = new EntryCodec();

  /** The entry that an endpoint shall have. */
  static EndpointEntry of(DesiredState.Endpoint endpoint, int policyRevision) {
    WiredEndpoint wired = endpoint.wired();
    int flags =
        (endpoint.policy().ingressEnforced() ? ENFORCE_INGRESS : 0)
            | (endpoint.policy().egressEnforced() ? ENFORCE_EGRESS : 0)
            | (endpoint.audit() ? AUDIT : 0);
    return new EndpointEntry(
        wired.hostIndex(),
        wired.endpointId(),
        endpoint.identity(),
        policyRevision,
        flags,
        MacAddress.parse(wired.podMac()),
        MacAddress.parse(wired.hostMac()),
        address(wired, true),
        address(wired, false));
  }

  private static Cidr address(WiredEndpoint wired, boolean v4) {
    for (InetAddress address : wired.addresses()) {
      if (address instanceof Inet4Address == v4) {
        return Cidr.of(address);
      }
    }
    return NONE;
  }

  EndpointEntry withRevision(int revision) {
    return new EndpointEntry(
        interfaceIndex, id, identity, revision, flags, podMac, hostMac, ipv4, ipv6);
  }

  EndpointEntry withFlags(int newFlags) {
    return new EndpointEntry(
        interfaceIndex, id, identity, policyRevision, newFlags, podMac, hostMac, ipv4, ipv6);
  }

  private static final class EntryCodec implements Codec<EndpointEntry> {
    @Override
    public int size() {
      return 64;
    }

    @Override
    public void write(EndpointEntry value, ByteBuffer to) {
      to.putInt(value.interfaceIndex)
          .putInt(value.id)
          .putInt(value.identity)
          .putInt(value.policyRevision)
          .putInt(value.flags)
          .put(value.podMac.bytes())
          .put(value.hostMac.bytes())
          .put(value.ipv4.bytes())
          .put(value.ipv6.bytes());
    }

    @Override
    public EndpointEntry read(ByteBuffer from) {
      return new EndpointEntry(
          from.getInt(),
          from.getInt(),
          from.getInt(),
          from.getInt(),
          from.getInt(),
          mac(from),
          mac(from),
          MapCodecs.ADDRESS.read(from),
          MapCodecs.ADDRESS.read(from));
    }

    private static MacAddress mac(ByteBuffer from) {
      byte[] bytes = new byte[6];
      from.get(bytes);
      return MacAddress.of(bytes);
    }
  }
}
