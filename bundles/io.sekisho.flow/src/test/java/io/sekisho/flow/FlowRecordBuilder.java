package io.sekisho.flow;

import io.sekisho.flow.Party.Kind;

/** Makes records for tests: from cart to payment, opened, forwarded, seen by the client's side. */
public final class FlowRecordBuilder {
  private long timeNanos = 1_000_000_000_000L;
  private FlowVerdict verdict = FlowVerdict.FORWARDED;
  private String reason = "";
  private Party client = pod("shop", "cart", "10.244.1.2");
  private Party server = pod("shop", "payment", "10.244.2.3");
  private String protocol = "TCP";
  private int clientPort = 40_000;
  private int serverPort = 8443;
  private boolean reply;
  private boolean opened = true;
  private boolean egress = true;
  private String rule = "shop/cart-out:1";
  private long bytes = -1;
  private String node = "n1";

  /** A pod that goes by its workload's name. */
  public static Party pod(String namespace, String workload, String address) {
    return new Party(Kind.WORKLOAD, namespace, workload, workload + "-0", address, 300);
  }

  /** An address outside of the cluster. */
  public static Party outside(String address) {
    return new Party(Kind.OUTSIDE, "", address, "", address, 2);
  }

  public FlowRecordBuilder at(double seconds) {
    timeNanos = Math.round(seconds * 1e9);
    return this;
  }

  public FlowRecordBuilder from(Party party) {
    client = party;
    return this;
  }

  public FlowRecordBuilder to(Party party) {
    server = party;
    return this;
  }

  public FlowRecordBuilder ports(int clientPort, int serverPort) {
    this.clientPort = clientPort;
    this.serverPort = serverPort;
    return this;
  }

  public FlowRecordBuilder protocol(String protocol) {
    this.protocol = protocol;
    return this;
  }

  public FlowRecordBuilder dropped(String rule) {
    verdict = FlowVerdict.DROPPED;
    reason = "POLICY_DENIED";
    this.rule = rule;
    return this;
  }

  public FlowRecordBuilder verdict(FlowVerdict verdict) {
    this.verdict = verdict;
    return this;
  }

  /** Seen by the server's side. */
  public FlowRecordBuilder ingress() {
    egress = false;
    node = "n2";
    return this;
  }

  public FlowRecordBuilder reply() {
    reply = true;
    opened = false;
    return this;
  }

  /** A later packet of a connection. */
  public FlowRecordBuilder trace(long bytes) {
    opened = false;
    this.bytes = bytes;
    return this;
  }

  public FlowRecord build() {
    return new FlowRecord(
        timeNanos,
        verdict,
        reason,
        client,
        server,
        protocol,
        clientPort,
        serverPort,
        reply,
        opened,
        egress,
        rule,
        rule.isEmpty() ? 0 : 7,
        rule.isEmpty() ? "" : "CiliumNetworkPolicy",
        1,
        bytes,
        node,
        2,
        -1);
  }
}
