package io.sekisho.lab;

import java.util.List;

/**
 * A node by its number, and what follows from it: names and addresses of the lab's plan.
 *
 * @param number from 1
 * @param host its number in the underlay's ranges, 100 more after a move
 */
public record LabNode(int number, int host) {
  /** How far a node's underlay addresses move, see {@link Faults#move}. */
  static final int MOVE = 100;

  /** Most nodes that a lab can have. */
  public static final int MOST = 9;

  /** Underlay range of IPv4: a part of 198.18.0.0/15, set apart for benchmarks by RFC 2544. */
  static final String UNDERLAY_4 = "198.18.0.";

  /** Underlay range of IPv6, unique local addresses. */
  static final String UNDERLAY_6 = "fd18::";

  /** Port of the agents' gRPC servers. */
  public static final int GRPC_PORT = 4244;

  /** A node where the plan has it. */
  public LabNode(int number) {
    this(number, number);
  }

  /** The same node with other underlay addresses, or back where it was. */
  LabNode moved() {
    return new LabNode(number, host == number ? number + MOVE : number);
  }

  /** The name, {@code n1}. */
  public String name() {
    return "n" + number;
  }

  /** Underlay addresses, IPv4 first. */
  public List<String> addresses() {
    return List.of(UNDERLAY_4 + host, UNDERLAY_6 + Integer.toHexString(host));
  }

  /** Ranges of the node's pods, IPv4 first. */
  public List<String> podCidrs() {
    return List.of("10.244." + number + ".0/24", "fd00:10:244:" + number + "::/64");
  }

  /** Where its agent serves gRPC. */
  public String grpcAddress() {
    return UNDERLAY_4 + host + ":" + GRPC_PORT;
  }
}
