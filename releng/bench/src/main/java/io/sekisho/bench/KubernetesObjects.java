package io.sekisho.bench;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.sekisho.agent.apiserver.ResourceKind;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The objects of a made cluster of 100 nodes: 5,000 pods in 100 namespaces, ten pods to an app,
 * four services to an app, two policies to an app. Pod p is on node p % 100 + 1. A pod that is
 * replaced keeps its number and has another generation, name and address.
 */
final class KubernetesObjects {
  static final int NODES = 100;
  static final int PODS = 5_000;
  static final int NAMESPACES = 100;
  static final int APPS = 500;
  static final int SERVICES = 2_000;
  static final int POLICIES = 1_000;

  /** At which services listen. */
  static final int PORT = 80;

  static final ResourceKind POLICY =
      new ResourceKind("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", true);

  /** The nodes' addresses begin so. */
  static final String UNDERLAY = "198.19.78.";

  private static final int PODS_OF_APP = PODS / APPS;
  private static final int SERVICES_OF_APP = SERVICES / APPS;
  private static final int POLICIES_OF_APP = POLICIES / APPS;
  private static final int APPS_OF_NAMESPACE = APPS / NAMESPACES;

  /** Addresses of a node that pods of one generation do not share with those of the next. */
  private static final int GENERATIONS = 4;

  private KubernetesObjects() {}

  static String node(int number) {
    return "n" + number;
  }

  static int nodeOf(int pod) {
    return pod % NODES + 1;
  }

  static int appOf(int pod) {
    return pod / PODS_OF_APP;
  }

  static int serviceOf(int pod) {
    return appOf(pod) * SERVICES_OF_APP + pod % PODS_OF_APP % SERVICES_OF_APP;
  }

  /** The pods that a service selects. */
  static List<Integer> podsOf(int service) {
    int first = service / SERVICES_OF_APP * PODS_OF_APP;
    return java.util.stream.IntStream.range(first, first + PODS_OF_APP)
        .filter(p -> serviceOf(p) == service)
        .boxed()
        .toList();
  }

  static String namespaceOf(int app) {
    return "ns" + app / APPS_OF_NAMESPACE;
  }

  static String podName(int pod, int generation) {
    return "app" + appOf(pod) + "-" + pod + "-" + generation;
  }

  static String address(int pod, int generation) {
    int slots = PODS / NODES;
    return "10.128.%d.%d"
        .formatted(nodeOf(pod), 2 + pod / NODES + slots * (generation % GENERATIONS));
  }

  /** Whose address that was, is or will be: {@code 10.128.node.host}. */
  static int podAt(int node, int host) {
    return (host - 2) % (PODS / NODES) * NODES + node - 1;
  }

  /** Where a node is on the underlay. */
  static String nodeAddress(int node) {
    return UNDERLAY + node;
  }

  /**
   * The pod of the first node that may send to a pod of another, since both are of one namespace;
   * empty for half of all, whose namespaces have no pod there.
   */
  static OptionalInt friendOf(int pod) {
    int inNamespaces = 2 * PODS / NAMESPACES;
    return nodeOf(pod) > 1 && pod % inNamespaces < PODS / NAMESPACES
        ? OptionalInt.of(pod / inNamespaces * inNamespaces)
        : OptionalInt.empty();
  }

  /** As the agent makes them of the pod and its namespace. */
  static Labels labels(int app) {
    String namespace = namespaceOf(app);
    return Labels.of(
        "k8s:" + Labels.NAMESPACE + "=" + namespace,
        "k8s:" + Labels.NAMESPACE_LABELS + "kubernetes.io/metadata.name=" + namespace,
        "k8s:app=app" + app,
        "port:-"); // it has no named ports
  }

  /** An object by its text. */
  static GenericKubernetesResource object(String yaml) {
    var all = new LinkedHashMap<String, Object>();
    if (new Load(LoadSettings.builder().build()).loadFromString(yaml) instanceof Map<?, ?> map) {
      map.forEach((key, value) -> all.put(String.valueOf(key), value));
    }
    var out = new GenericKubernetesResource();
    out.setApiVersion(String.valueOf(all.remove("apiVersion")));
    out.setKind(String.valueOf(all.remove("kind")));
    var meta = new ObjectMeta();
    if (all.remove("metadata") instanceof Map<?, ?> metadata) {
      meta.setName(String.valueOf(metadata.get("name")));
      if (metadata.get("namespace") instanceof String namespace) {
        meta.setNamespace(namespace);
      }
      if (metadata.get("labels") instanceof Map<?, ?> labels) {
        var texts = new HashMap<String, String>();
        labels.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
        meta.setLabels(texts);
      }
    }
    out.setMetadata(meta);
    out.setAdditionalProperties(all);
    return out;
  }

  static GenericKubernetesResource namespace(int number) {
    return object("{apiVersion: v1, kind: Namespace, metadata: {name: ns%d}}".formatted(number));
  }

  static GenericKubernetesResource nodeObject(int number) {
    return object(
        """
        apiVersion: v1
        kind: Node
        metadata: {name: %1$s, labels: {zone: z%2$d}}
        spec: {podCIDR: 10.128.%3$d.0/24, podCIDRs: [10.128.%3$d.0/24]}
        """
            .formatted(node(number), number % 3, number));
  }

  /** A pod on its node, JSON. */
  static String pod(int pod, int generation) {
    return """
    {"apiVersion": "v1", "kind": "Pod",
     "metadata": {"name": "%s", "namespace": "%s", "labels": {"app": "app%d"}},
     "spec": {"nodeName": "%s", "terminationGracePeriodSeconds": 0,
      "containers": [{"name": "c", "image": "x", "env": [{"name": "A", "value": "b"}],
       "resources": {"requests": {"cpu": "10m"}}}]}}
    """
        .formatted(
            podName(pod, generation), namespaceOf(appOf(pod)), appOf(pod), node(nodeOf(pod)));
  }

  static GenericKubernetesResource service(int number) {
    int app = number / SERVICES_OF_APP;
    return object(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: s%d, namespace: %s, labels: {app: app%d}}
        spec:
          selector: {app: app%d}
          ports: [{name: http, port: %d, targetPort: 8080}]
        """
            .formatted(number, namespaceOf(app), app, app, PORT));
  }

  /** In which namespace a service is. */
  static String namespaceOfService(int service) {
    return namespaceOf(service / SERVICES_OF_APP);
  }

  static String sliceName(int service) {
    return "s" + service + "-a";
  }

  /** What a service's pods are, JSON. */
  static String slice(int service, Map<Integer, Integer> generations) {
    String endpoints =
        podsOf(service).stream()
            .map(
                p ->
                    "{\"addresses\": [\"%s\"], \"nodeName\": \"%s\", \"conditions\": {\"ready\": true}}"
                        .formatted(address(p, generations.getOrDefault(p, 0)), node(nodeOf(p))))
            .collect(Collectors.joining(","));
    return """
    {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
     "metadata": {"name": "%s", "namespace": "%s",
      "labels": {"kubernetes.io/service-name": "s%d",
       "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io"}},
     "addressType": "IPv4", "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
     "endpoints": [%s]}
    """
        .formatted(sliceName(service), namespaceOfService(service), service, endpoints);
  }

  static GenericKubernetesResource policy(int number) {
    int app = number / POLICIES_OF_APP;
    int first = app / APPS_OF_NAMESPACE * APPS_OF_NAMESPACE;
    int friend = first + (app + 1) % APPS_OF_NAMESPACE;
    String rules =
        number % POLICIES_OF_APP == 0
            ? """
            policyTypes: [Ingress]
              ingress:
              - from: [{podSelector: {matchLabels: {app: app%d}}}]
                ports: [{port: 8080}, {port: 8443}]
              - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ns%d}}}]
                ports: [{port: 9090}]
            """
                .formatted(friend, (app + 7) % NAMESPACES)
            : """
            policyTypes: [Egress]
              egress:
              - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ns0}}}]
                ports: [{port: 53, protocol: UDP}]
              - to: [{podSelector: {}}, {ipBlock: {cidr: 10.%d.0.0/16}}]
            """
                .formatted(app % 100);
    return object(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: p%d, namespace: %s}
        spec:
          podSelector: {matchLabels: {app: app%d}}
          %s
        """
            .formatted(number, namespaceOf(app), app, rules));
  }

  /** What the kubelet patches into a pod's status once all of it runs. */
  static String ready(String address) {
    return """
    {"status": {"phase": "Running", "podIP": "%1$s", "podIPs": [{"ip": "%1$s"}],
     "conditions": [{"type": "Ready", "status": "True"}]}}
    """
        .formatted(address);
  }

  /**
   * What a node's agent tells of itself.
   *
   * @param report a number that is another one in each report, as an agent's memory is
   */
  static Node told(int node, int report) {
    return Node.newBuilder()
        .setName(node(node))
        .addAddresses(nodeAddress(node))
        .addPodCidrs("10.128.%d.0/24".formatted(node))
        .setEndpoints(PODS / NODES)
        .setAgentRssBytes(150_000_000L + report)
        .build();
  }

  /** A pod that comes has another number on its node than the one that goes. */
  private static int id(int pod, int generation) {
    return pod / NODES * 2 + generation % 2 + 1;
  }

  /** What a node's agent tells of a pod. */
  static Endpoint endpoint(int pod, int generation, Identity identity) {
    return Endpoint.newBuilder()
        .setId(id(pod, generation))
        .setNode(node(nodeOf(pod)))
        .setNamespace(namespaceOf(appOf(pod)))
        .setPod(podName(pod, generation))
        .setWorkload("app" + appOf(pod))
        .setIdentity(identity.number())
        .addAllLabels(identity.labels().texts())
        .addAddresses(address(pod, generation))
        .build();
  }

  /** Under which key of the store that stands. */
  static String key(int pod, int generation) {
    return "endpoints/" + node(nodeOf(pod)) + "/" + id(pod, generation);
  }
}
