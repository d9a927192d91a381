package io.sekisho.policy.compile;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Selector;
import io.sekisho.policy.ServiceCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random document sets as YAML, small enough that rules meet, overlap and contradict. */
public final class RandomPolicies {
  private static final List<String> PEERS =
      List.of(
          "",
          "SIDEEndpoints: []",
          "SIDEEndpoints: [{}]",
          "SIDEEndpoints: [{matchLabels: {app: x}}]",
          "SIDEEndpoints: [{matchLabels: {app: y}}, {matchLabels: {tier: t}}]",
          "SIDEEndpoints: [{matchLabels: {app: x, k8s:io.kubernetes.pod.namespace: b}}]",
          "SIDEEndpoints: [{matchExpressions: [{key: app, operator: NotIn, values: [x]}]}]",
          "SIDEEndpoints: [{matchExpressions: [{key: tier, operator: DoesNotExist}]}]",
          "SIDEEndpoints: [{matchLabels: {reserved:remote-node: \"\"}}]",
          "SIDEEndpoints: [{matchLabels: {\"cidr:10.1.0.0/16\": \"\"}}]",
          "SIDERequires: [{matchLabels: {app: x}}]",
          "SIDERequires: [{matchLabels: {tier: t}}], SIDEEndpoints: [{}]",
          "SIDEServices: [{k8sService: {serviceName: front, namespace: a}}]",
          "SIDEServices: [{k8sService: {serviceName: bank}}, {k8sService: {serviceName: nobody}}]",
          "SIDEServices: [{k8sServiceSelector: {selector: {matchLabels: {role: store}},"
              + " namespace: b}}]",
          "SIDENodes: [{}]",
          "SIDENodes: [{matchLabels: {zone: a}}]",
          "SIDENodes: [{matchExpressions: [{key: zone, operator: NotIn, values: [a]}]}]",
          "SIDEEntities: [all]",
          "SIDEEntities: [world]",
          "SIDEEntities: [world-ipv4]",
          "SIDEEntities: [world-ipv6, init]",
          "SIDEEntities: [cluster]",
          "SIDEEntities: [none]",
          "SIDEEntities: [host, remote-node]",
          "SIDECIDR: [10.0.0.0/8]",
          "SIDECIDR: [10.1.0.0/16, 10.1.2.3]",
          "SIDECIDR: [0.0.0.0/0]",
          "SIDECIDR: [\"::/0\"]",
          "SIDECIDR: [\"fd00::/16\"]",
          "SIDECIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}]",
          "SIDECIDRSet: [{cidr: 10.1.0.0/16, except: [10.1.2.0/24]}]",
          "SIDECIDRSet: [{cidr: \"::/0\", except: [\"fd00::/16\"]}]");

  private static final List<String> PORTS =
      List.of(
          "",
          "toPorts: [{ports: [{port: \"0\", protocol: TCP}]}]",
          "toPorts: [{ports: [{port: \"0\"}]}]",
          "toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]",
          "toPorts: [{ports: [{port: \"80\"}]}]",
          "toPorts: [{ports: [{port: \"53\", protocol: UDP}]}]",
          "toPorts: [{ports: [{port: \"64\", endPort: 127, protocol: TCP}]}]",
          "toPorts: [{ports: [{port: \"79\", endPort: 90, protocol: TCP}]}]",
          "toPorts: [{ports: [{port: \"1\", endPort: 65535, protocol: TCP}]}]",
          "toPorts: [{ports: [{port: \"80\", protocol: SCTP}, {port: \"90\", protocol: TCP}]}]",
          "toPorts: [{ports: [{port: web}]}]",
          "toPorts: [{ports: [{port: dns, protocol: TCP}, {port: \"91\", protocol: TCP}]}]",
          "icmps: [{fields: [{type: 8}]}]",
          "icmps: [{fields: [{family: IPv6, type: EchoRequest}, {type: EchoReply}]}]");

  private static final List<String> KUBERNETES_PEERS =
      List.of(
          "",
          "SIDE: []",
          "SIDE: [{podSelector: {}}]",
          "SIDE: [{podSelector: {matchLabels: {app: x}}}]",
          "SIDE: [{namespaceSelector: {}}]",
          "SIDE: [{namespaceSelector: {matchLabels: {team: red}}}]",
          "SIDE: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: b}},"
              + " podSelector: {matchLabels: {tier: t}}}]",
          "SIDE: [{namespaceSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}}]",
          "SIDE: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]",
          "SIDE: [{ipBlock: {cidr: 10.1.0.0/16, except: [10.1.2.3/32]}}]",
          "SIDE: [{ipBlock: {cidr: 10.0.0.0/8}}, {ipBlock: {cidr: \"::/0\"}}]",
          "SIDE: [{ipBlock: {cidr: \"fd00::/16\"}}, {podSelector: {}}]");

  private static final List<String> KUBERNETES_PORTS =
      List.of(
          "",
          "ports: []",
          "ports: [{port: 80}]",
          "ports: [{protocol: UDP}]",
          "ports: [{port: 64, endPort: 90}]",
          "ports: [{port: web}]",
          "ports: [{port: dns, protocol: UDP}, {port: 91}]");

  private static final List<String> TIER_PEERS =
      List.of(
          "SIDE: [{namespaces: {}}]",
          "SIDE: [{namespaces: {matchLabels: {team: red}}}]",
          "SIDE: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: x}}}}]",
          "SIDE: [{pods: {podSelector: {matchLabels: {tier: t}}}}]");

  private static final List<String> EGRESS_PEERS =
      List.of(
          "to: [{nodes: {}}]",
          "to: [{networks: [10.0.0.0/8]}]",
          "to: [{networks: [0.0.0.0/0, \"::/0\"]}]");

  private static final List<String> TIER_PORTS =
      List.of(
          "",
          "protocols: [{tcp: {destinationPort: {number: 80}}}]",
          "protocols: [{tcp: {destinationPort: {range: {start: 64, end: 90}}}}]",
          "protocols: [{udp: {destinationPort: {number: 53}}}]",
          "protocols: [{destinationNamedPort: web}]");

  private static final List<String> SUBJECTS =
      List.of(
          "{}",
          "{matchLabels: {app: x}}",
          "{matchLabels: {app: y}}",
          "{matchExpressions: [{key: tier, operator: Exists}]}");

  /** With NODE in front: nodes, in documents of the whole cluster. */
  private static final List<String> CILIUM_SUBJECTS =
      Stream.concat(
              SUBJECTS.stream(),
              Stream.of("NODE{}", "NODE{matchLabels: {zone: a}}", "NODE{matchLabels: {zone: b}}"))
          .toList();

  private static final List<String> SECTIONS =
      List.of("ingress", "egress", "ingressDeny", "egressDeny");

  private static final String NS = "k8s:" + Labels.NAMESPACE + "=";
  private static final String TEAM = "k8s:" + Labels.NAMESPACE_LABELS + "team=red";

  /** Pods of whom the documents speak. */
  public static final List<Labels> PODS =
      List.of(
          Labels.of(NS + "a", TEAM, "app=x", "port:web=80/TCP", "port:dns=53/UDP"),
          Labels.of(NS + "a", TEAM, "app=y", "tier=t", "port:web=90/TCP"),
          Labels.of(NS + "b", "app=x", "tier=t", "port:-"),
          Labels.of(NS + "b", "app=z"));

  /** What rules about services may mean. */
  static final List<ServiceCatalog.Service> SERVICES =
      List.of(
          service("a", "front", "role=web", "x"),
          service("b", "front", "role=store", "z", "10.1.2.4/32"),
          service("b", "bank", "role=store", "", "10.1.2.3/32", "fd00::1/128"));

  private RandomPolicies() {}

  /** A service of some addresses, and of pods with a label if it is not empty. */
  private static ServiceCatalog.Service service(
      String namespace, String name, String label, String app, String... addresses) {
    Optional<Selector> pods =
        Optional.of(app)
            .filter(a -> !a.isEmpty())
            .map(a -> Selector.of(List.of(Requirement.is("k8s:app", a))));
    List<Cidr> outside = Stream.of(addresses).map(Cidr::parse).toList();
    return new ServiceCatalog.Service(namespace, name, Labels.of(label), pods, outside);
  }

  /** Up to six documents of all kinds, whose services are known. */
  public static Arbitrary<List<PolicyDocument>> documents() {
    return written().map(new ServiceCatalog(SERVICES)::resolve);
  }

  /** The same as they were read. */
  static Arbitrary<List<PolicyDocument>> written() {
    Arbitrary<String> any =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(4, cilium()),
            net.jqwik.api.Tuple.of(2, kubernetes()),
            net.jqwik.api.Tuple.of(3, tier()));
    return any.list().ofMinSize(0).ofMaxSize(6).map(RandomPolicies::parse);
  }

  private static Arbitrary<String> audit() {
    return Arbitraries.of("", "", "", "", ", annotations: {sekisho.io/enforcement: audit}");
  }

  private static Arbitrary<String> cilium() {
    Arbitrary<String> head = Arbitraries.of("a", "b", "");
    Arbitrary<String> subject = Arbitraries.of(CILIUM_SUBJECTS);
    Arbitrary<List<Integer>> presence =
        Arbitraries.integers().between(0, 2).list().ofSize(SECTIONS.size());
    Arbitrary<List<String>> rules = rule(PEERS, PORTS).list().ofSize(2 * SECTIONS.size());
    Arbitrary<String> deny =
        Arbitraries.of("", "", "{ingress: false}", "{egress: false, ingress: true}");
    return Combinators.combine(head, subject, presence, rules, deny, audit())
        .as(RandomPolicies::cilium);
  }

  /** A rule with SIDE in place of from and to. */
  private static Arbitrary<String> rule(List<String> peers, List<String> ports) {
    return Combinators.combine(Arbitraries.of(peers), Arbitraries.of(ports))
        .as(
            (p, q) ->
                "{"
                    + List.of(p, q).stream()
                        .filter(t -> !t.isEmpty())
                        .collect(Collectors.joining(", "))
                    + "}");
  }

  private static String cilium(
      String namespace,
      String subject,
      List<Integer> presence,
      List<String> rules,
      String deny,
      String audit) {
    var out = new StringBuilder("apiVersion: cilium.io/v2\n");
    out.append("kind: Cilium").append(namespace.isEmpty() ? "Clusterwide" : "");
    out.append("NetworkPolicy\nmetadata: {name: NAME").append(audit);
    out.append(namespace.isEmpty() ? "" : ", namespace: " + namespace).append("}\n");
    boolean node = namespace.isEmpty() && subject.startsWith("NODE");
    out.append(node ? "spec:\n  nodeSelector: " : "spec:\n  endpointSelector: ");
    out.append(node ? subject.substring(4) : subject.replaceFirst("NODE.*", "{}")).append('\n');
    boolean any = false;
    for (int i = 0; i < SECTIONS.size(); i++) {
      String side = i % 2 == 0 ? "from" : "to";
      if (presence.get(i) > 0) {
        any = true;
        out.append("  ").append(SECTIONS.get(i)).append(": [");
        out.append(
            rules.subList(2 * i, 2 * i + presence.get(i)).stream()
                // services are of what goes out
                .map(r -> side.equals("from") && r.contains("SIDEServices") ? "{}" : r)
                .map(r -> r.replace("SIDE", side))
                .collect(Collectors.joining(", ")));
        out.append("]\n");
      }
    }
    out.append(deny.isEmpty() ? "" : "  enableDefaultDeny: " + deny + "\n");
    return out.append(any ? "" : "  ingress: []\n").toString();
  }

  private static Arbitrary<String> kubernetes() {
    Arbitrary<String> types = Arbitraries.of("", "[Ingress]", "[Egress]", "[Ingress, Egress]");
    Arbitrary<List<String>> rules = rule(KUBERNETES_PEERS, KUBERNETES_PORTS).list().ofMaxSize(2);
    return Combinators.combine(
            Arbitraries.of("a", "b"), Arbitraries.of(SUBJECTS), types, rules, rules, audit())
        .as(
            (namespace, subject, policyTypes, in, out, audit) ->
                "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: NAME"
                    + (", namespace: " + namespace + audit + "}\nspec:\n  podSelector: ")
                    + (subject + "\n")
                    + (policyTypes.isEmpty() ? "" : "  policyTypes: " + policyTypes + "\n")
                    + ("  ingress: " + in.toString().replace("SIDE", "from") + "\n")
                    + ("  egress: " + out.toString().replace("SIDE", "to") + "\n"));
  }

  private static Arbitrary<String> tier() {
    var out = new ArrayList<>(TIER_PEERS);
    out.addAll(EGRESS_PEERS);
    Arbitrary<List<String>> ingress = tierRule(TIER_PEERS).list().ofMaxSize(3);
    Arbitrary<List<String>> egress = tierRule(out).list().ofMaxSize(3);
    return Combinators.combine(
            Arbitraries.of("Admin", "Admin", "Baseline"),
            Arbitraries.of(0, 10, 10, 1000),
            Arbitraries.of("{namespaces: {}}", "{pods: {podSelector: {matchLabels: {app: x}}}}"),
            ingress,
            egress,
            audit())
        .as(
            (tier, priority, subject, in, to, audit) ->
                "apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\n"
                    + ("metadata: {name: NAME" + audit + "}\nspec:\n  tier: " + tier)
                    + ("\n  priority: " + priority + "\n  subject: " + subject)
                    + ("\n  ingress: " + in.toString().replace("SIDE", "from"))
                    + ("\n  egress: " + to.toString().replace("SIDE", "to") + "\n"));
  }

  private static Arbitrary<String> tierRule(List<String> peers) {
    return Combinators.combine(
            Arbitraries.of("Accept", "Deny", "Pass"),
            Arbitraries.of(peers),
            Arbitraries.of(TIER_PORTS))
        .as(
            (action, peer, ports) -> {
              boolean unnamed = peer.startsWith("to: [{n") && ports.contains("Named");
              return "{action: "
                  + action
                  + ", "
                  + peer
                  + (ports.isEmpty() || unnamed && !peer.contains("namespaces") ? "" : ", " + ports)
                  + "}";
            });
  }

  private static List<PolicyDocument> parse(List<String> texts) {
    List<String> named =
        IntStream.range(0, texts.size())
            .mapToObj(i -> texts.get(i).replace("NAME", "p" + i))
            .toList();
    Parsed parsed = Documents.parse(named);
    if (parsed.hasErrors()) {
      throw new IllegalStateException(named + "\n" + parsed.errors());
    }
    return parsed.documents();
  }
}
