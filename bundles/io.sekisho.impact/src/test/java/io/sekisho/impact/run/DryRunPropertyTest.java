package io.sekisho.impact.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.api.flow.Endpoint;
import io.sekisho.api.flow.Flow;
import io.sekisho.impact.Progress;
import io.sekisho.impact.SeenFlow;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.evaluate.Evaluator;
import io.sekisho.policy.evaluate.Question;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Each flow asked alone, at both ends, by the evaluator, must give the dry run's sums. */
final class DryRunPropertyTest {
  private static final List<String> PEERS =
      List.of(
          "SIDEEndpoints: [{matchLabels: {app: a}}]",
          "SIDEEndpoints: [{}]",
          "SIDEEndpoints: [{matchLabels: {app: b, k8s:io.kubernetes.pod.namespace: y}}]",
          "SIDECIDR: [10.0.0.0/8]",
          "SIDECIDR: [10.1.0.0/16]",
          "SIDECIDRSet: [{cidr: 0.0.0.0/0, except: [10.1.0.0/16]}]",
          "SIDEEntities: [world]",
          "SIDEEntities: [remote-node]",
          "SIDEEntities: [all]");

  private static final List<String> PORTS =
      List.of(
          "",
          ", toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]",
          ", toPorts: [{ports: [{port: \"80\", endPort: 90}]}]",
          ", toPorts: [{ports: [{port: web}]}]",
          ", icmps: [{fields: [{type: 8}]}]");

  private static final List<String> SECTIONS =
      List.of("ingress", "egress", "ingressDeny", "egressDeny");

  @Property(tries = 150)
  void of_randomDocumentsAndFlows_agreesWithTheEvaluator(@ForAll Random random) {
    List<PolicyDocument> before = documents(random);
    List<PolicyDocument> after = documents(random);
    var old = new Evaluator(before);
    var next = new Evaluator(after);
    List<Flow> flows = new ArrayList<>();
    var expected = new EnumMap<Outcome, Long>(Outcome.class);
    for (Outcome outcome : Outcome.values()) {
      expected.put(outcome, 0L);
    }
    for (int i = 0; i < 60; i++) {
      Place client = Place.any(random);
      Place server = Place.any(random);
      int[] port = port(random);
      flows.add(
          new SeenFlow()
              .from(client.endpoint(), client.address())
              .to(server.endpoint(), server.address())
              .port(port[0], port[1])
              .build());
      boolean was = passes(old, client, server, port);
      boolean is = passes(next, client, server, port);
      Outcome outcome =
          was == is ? Outcome.UNCHANGED : is ? Outcome.NEWLY_ALLOWED : Outcome.NEWLY_DENIED;
      expected.merge(outcome, 1L, Long::sum);
    }
    DryRun dry = DryRun.of(before, after, SeenFlow.gather(flows), Progress.NONE);
    assertEquals(Map.copyOf(expected), dry.flows());
  }

  private static boolean passes(Evaluator evaluator, Place client, Place server, int[] port) {
    Identity from = client.identity(evaluator);
    Identity to = server.identity(evaluator);
    boolean out =
        !client.isPod()
            || evaluator
                .evaluate(new Question(from, to, port[0], port[1], Direction.EGRESS))
                .allowed();
    boolean in =
        !server.isPod()
            || evaluator
                .evaluate(new Question(from, to, port[0], port[1], Direction.INGRESS))
                .allowed();
    return out && in;
  }

  /** Somebody who can be at an end. */
  private record Place(Endpoint endpoint, String address) {
    static Place any(Random random) {
      return switch (random.nextInt(8)) {
        case 0 -> new Place(SeenFlow.reserved(2, "world"), "10.1.2." + random.nextInt(3));
        case 1 -> new Place(SeenFlow.reserved(2, "world"), "10.2.0.1");
        case 2 -> new Place(SeenFlow.reserved(2, "world"), "192.0.2.1");
        case 3 -> new Place(SeenFlow.reserved(6, "remote-node"), "198.18.0.2");
        case 4 -> new Place(SeenFlow.reserved(1, "host"), "198.18.0.1");
        default -> pod(random);
      };
    }

    private static Place pod(Random random) {
      int number = random.nextInt(6);
      String namespace = number < 3 ? "x" : "y";
      String app = List.of("a", "b", "c").get(number % 3);
      String[] ports = number % 2 == 0 ? new String[] {"port:web=80/TCP"} : new String[0];
      return new Place(SeenFlow.pod(namespace, app, 300 + number, ports), "10.244.0." + number);
    }

    boolean isPod() {
      return !endpoint.getPodName().isEmpty();
    }

    Identity identity(Evaluator evaluator) {
      return endpoint.getLabels(0).equals("reserved:world")
          ? evaluator.outside(InetAddress.ofLiteral(address))
          : new Identity(endpoint.getIdentity(), Labels.of(endpoint.getLabelsList()));
    }
  }

  private static int[] port(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> new int[] {6, 80};
      case 1 -> new int[] {6, 85};
      case 2 -> new int[] {17, 80};
      case 3 -> new int[] {1, 8};
      default -> new int[] {6, 443};
    };
  }

  private static List<PolicyDocument> documents(Random random) {
    String[] texts = new String[random.nextInt(4)];
    for (int i = 0; i < texts.length; i++) {
      String section = SECTIONS.get(random.nextInt(4));
      String side = section.startsWith("in") ? "from" : "to";
      texts[i] =
          """
          apiVersion: cilium.io/v2
          kind: CiliumNetworkPolicy
          metadata: {name: p%d, namespace: %s%s}
          spec:
            endpointSelector: %s
            %s: [{%s%s}]
          """
              .formatted(
                  i,
                  random.nextBoolean() ? "x" : "y",
                  random.nextInt(5) == 0 ? ", annotations: {sekisho.io/enforcement: audit}" : "",
                  random.nextBoolean() ? "{}" : "{matchLabels: {app: a}}",
                  section,
                  PEERS.get(random.nextInt(PEERS.size())).replace("SIDE", side),
                  PORTS.get(random.nextInt(PORTS.size())));
    }
    return DryRunTest.documents(texts);
  }
}
