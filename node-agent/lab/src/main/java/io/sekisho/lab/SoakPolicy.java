package io.sekisho.lab;

import io.sekisho.lab.traffic.Echo;
import io.sekisho.lab.traffic.Exchange;
import io.sekisho.lab.traffic.Place;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The soak's policy: what its streams send is allowed and nothing else, which echoes at another
 * port show. Each push allows yet another port besides, so that tables change under traffic.
 */
final class SoakPolicy implements AutoCloseable {
  static final String NAMESPACE = "soak";
  static final String APP = "soak";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int SILENCE_MILLIS = 250;
  private static final int FIRST_OTHER_PORT = 20_000;

  private static final String PINGS =
      "icmps: [{fields: [{type: 8, family: IPv4}, {type: 128, family: IPv6}]}]";

  private static final String DOCUMENT =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: soak, namespace: %1$s}
      spec:
        endpointSelector: {matchLabels: {app: %2$s}}
        ingress:
          - fromEndpoints: [{matchLabels: {app: %2$s}}]
            %3$s
          - fromEndpoints: [{matchLabels: {app: %2$s}}]
            %4$s
        egress:
          - toEndpoints: [{matchLabels: {app: %2$s}}]
            %3$s
          - toEndpoints: [{matchLabels: {app: %2$s}}]
            %4$s
          - toCIDR: [%5$s]
            %3$s
          - toCIDR: [%5$s]
            %4$s
      """;

  private final Lab lab;
  private final Place client;
  private final int closedPort;
  private final int openPort;
  private final Map<String, InetAddress> others = new LinkedHashMap<>();
  private final List<Echo> echoes = new ArrayList<>();

  /**
   * Nothing is pushed yet.
   *
   * @param client who sends
   * @param port that stays open; the next one is closed
   */
  SoakPolicy(Lab lab, Place client, int port) {
    this.lab = lab;
    this.client = client;
    openPort = port;
    closedPort = port + 1;
  }

  /** Listens at the closed port of a place, too, which is open before the first push. */
  void listen(String name, Place place, List<String> addresses) {
    echoes.add(new Echo(place, closedPort));
    for (String text : addresses) {
      InetAddress address = InetAddress.ofLiteral(text);
      others.put(name + " at " + text, address);
      Await.until(
          PATIENCE,
          () -> name + " is not reached before there is a policy",
          () -> Exchange.udp(client, address, closedPort, 8, 2 * SILENCE_MILLIS));
    }
  }

  /**
   * Puts the policy in force, with another port for each number.
   *
   * @throws LabException with AGENT if the agent does not take it, or a node does not realize it
   */
  void push(AgentClient agent, int number) {
    int other = FIRST_OTHER_PORT + number;
    String ports =
        "toPorts: [{ports: [{port: '%1$d', protocol: TCP}, {port: '%1$d', protocol: UDP},"
            + " {port: '%2$d', protocol: TCP}]}]";
    String outside =
        Outside.SERVER.addresses().get(0) + "/32, " + Outside.SERVER.addresses().get(1) + "/128";
    String document =
        DOCUMENT.formatted(NAMESPACE, APP, ports.formatted(openPort, other), PINGS, outside);
    agent.push("soak " + number, List.of(document), List.of());
  }

  /** Puts the policy in force for the first time; returns when it closes what shall be closed. */
  void begin() {
    try (AgentClient agent = lab.client("n1")) {
      push(agent, 0);
    }
    for (Map.Entry<String, InetAddress> other : others.entrySet()) {
      Await.until(
          PATIENCE, () -> "the policy lets through to " + other.getKey(), () -> !passes(other));
    }
  }

  private boolean passes(Map.Entry<String, InetAddress> other) {
    return Exchange.udp(client, other.getValue(), closedPort, 8, SILENCE_MILLIS);
  }

  /**
   * Tries one of the places that are closed.
   *
   * @param which any number from 0
   * @return the place, if something came through; empty as it should be
   */
  Optional<String> leak(int which) {
    return others.entrySet().stream()
        .skip(which % others.size())
        .limit(1)
        .filter(this::passes)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  @Override
  public void close() throws IOException {
    for (Echo echo : echoes) {
      echo.close();
    }
  }
}
