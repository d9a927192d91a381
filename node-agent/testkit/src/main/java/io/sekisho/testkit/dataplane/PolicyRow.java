package io.sekisho.testkit.dataplane;

/**
 * An entry of an endpoint's policy (struct policy_key and struct policy_entry).
 *
 * @param identity the peer's, 0 for any
 * @param egress whether the endpoint sends
 * @param protocol number, 0 for any
 * @param port first port, or ICMP type; 0 for any
 * @param portPrefix leading bits of the port that count, 0 to 16
 * @param ruleId what the verdict names
 * @param precedence the higher wins between the peer's entry and the one for any peer
 * @param deny whether it forbids
 * @param proxyPort 0 for none
 * @param audit whether it only reports what it forbids
 */
public record PolicyRow(
    int identity,
    boolean egress,
    int protocol,
    int port,
    int portPrefix,
    int ruleId,
    int precedence,
    boolean deny,
    int proxyPort,
    boolean audit) {

  /** Allows all that comes in from the peer. */
  public static PolicyRow ingress(int identity, int ruleId) {
    return new PolicyRow(identity, false, 0, 0, 0, ruleId, 10, false, 0, false);
  }

  /** Allows all that goes out to the peer. */
  public static PolicyRow egress(int identity, int ruleId) {
    return new PolicyRow(identity, true, 0, 0, 0, ruleId, 10, false, 0, false);
  }

  /** The same for one port of a protocol. */
  public PolicyRow port(int newProtocol, int newPort) {
    return ports(newProtocol, newPort, 16);
  }

  /** The same for the ports with a common prefix. */
  public PolicyRow ports(int newProtocol, int newPort, int prefix) {
    return new PolicyRow(
        identity, egress, newProtocol, newPort, prefix, ruleId, precedence, deny, proxyPort, audit);
  }

  /** The same with another precedence. */
  public PolicyRow precedence(int newPrecedence) {
    return new PolicyRow(
        identity,
        egress,
        protocol,
        port,
        portPrefix,
        ruleId,
        newPrecedence,
        deny,
        proxyPort,
        audit);
  }

  /** The same as a prohibition. */
  public PolicyRow denying() {
    return new PolicyRow(
        identity, egress, protocol, port, portPrefix, ruleId, precedence, true, proxyPort, audit);
  }

  /** The same as a prohibition that is only reported. */
  public PolicyRow auditing() {
    return new PolicyRow(
        identity, egress, protocol, port, portPrefix, ruleId, precedence, true, proxyPort, true);
  }

  /** The same through a proxy. */
  public PolicyRow proxy(int newProxyPort) {
    return new PolicyRow(
        identity,
        egress,
        protocol,
        port,
        portPrefix,
        ruleId,
        precedence,
        deny,
        newProxyPort,
        audit);
  }

  /** Bits of the key that count: identity and direction always, then protocol, then the port. */
  int prefixLength() {
    return protocol == 0 ? 40 : 48 + portPrefix;
  }
}
