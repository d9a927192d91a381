package io.sekisho.testkit.dataplane;

import io.sekisho.testkit.packet.PacketBuilder;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A pod as the maps endpoints and endpoint_config hold it (struct endpoint).
 *
 * @param id endpoint id, key of its policy
 * @param identity number of its labels
 * @param ipv4 address in text form, empty for none
 * @param ipv6 address in text form, empty for none
 * @param flags of enum endpoint_flag
 * @param policyRevision another number makes open connections be decided again
 */
public record Pod(int id, int identity, String ipv4, String ipv6, int flags, int policyRevision) {
  /** Denies what comes in unless an entry allows it. */
  public static final int ENFORCE_INGRESS = 1;

  /** Denies what goes out unless an entry allows it. */
  public static final int ENFORCE_EGRESS = 2;

  /** Denied traffic passes and is reported. */
  public static final int AUDIT = 4;

  /** An open pod of the first node: addresses 10.244.1.x and fd00:10:244:1::x. */
  public static Pod of(int id, int identity) {
    return new Pod(id, identity, "10.244.1." + id, "fd00:10:244:1::" + id, 0, 1);
  }

  /** The node itself, to its own policy: no addresses, no interface. */
  public static Pod host() {
    return new Pod(0x10000, 1, "", "", 0, 1);
  }

  /** The same with other flags. */
  public Pod flags(int newFlags) {
    return new Pod(id, identity, ipv4, ipv6, newFlags, policyRevision);
  }

  /** The same with other labels. */
  public Pod identity(int newIdentity) {
    return new Pod(id, newIdentity, ipv4, ipv6, flags, policyRevision);
  }

  /** The same with a changed policy. */
  public Pod policyRevision(int revision) {
    return new Pod(id, identity, ipv4, ipv6, flags, revision);
  }

  /** A pod with another id that was given the same addresses. */
  public Pod successor(int newId) {
    return new Pod(newId, identity, ipv4, ipv6, flags, policyRevision);
  }

  /** MAC of the pod's own end. */
  public byte[] podMac() {
    return HexFormat.of().parseHex("02bb0000%04x".formatted(id & 0xffff));
  }

  /** MAC of the host's end: the pod's gateway. */
  public byte[] hostMac() {
    return HexFormat.of().parseHex("02aa0000%04x".formatted(id & 0xffff));
  }

  /** The addresses that it has. */
  List<String> addresses() {
    return Stream.of(ipv4, ipv6).filter(a -> !a.isEmpty()).toList();
  }

  /** The address of the family that the other address is of. */
  public String address(boolean wantIpv6) {
    return wantIpv6 ? ipv6 : ipv4;
  }

  /** A packet that the pod sends. */
  public PacketBuilder sends(String destination) {
    return PacketBuilder.packet(address(destination.contains(":")), destination)
        .macs(podMac(), hostMac());
  }

  /** A packet that the node hands to the pod. */
  public PacketBuilder gets(String source) {
    return PacketBuilder.packet(source, address(source.contains(":"))).macs(hostMac(), podMac());
  }
}
