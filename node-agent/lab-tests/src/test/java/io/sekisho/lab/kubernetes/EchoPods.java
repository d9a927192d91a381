package io.sekisho.lab.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.testkit.kubernetes.ControlPlane;

/** A pod on each of two nodes that says where it is, also at a port of its node. */
final class EchoPods {
  private static final String SET =
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: echo}
      spec:
        selector: {matchLabels: {app: echo}}
        template:
          metadata: {labels: {app: echo}}
          spec:
            terminationGracePeriodSeconds: 1
            dnsPolicy: Default
            containers:
            - name: echo
              image: sekisho.test/busybox:1
              imagePullPolicy: Never
              command: [sh, -c, 'echo "I am $NODE" >/www/index.html; exec httpd -f -p 8080 -h /www']
              env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]
              ports: [{containerPort: 8080, hostPort: 18080}]
      """;

  private final PlainCluster cluster;
  private final ControlPlane plane;

  /** None yet. */
  EchoPods(PlainCluster cluster) {
    this.cluster = cluster;
    plane = cluster.plane();
  }

  /** Makes them and waits until they run. */
  void apply() {
    plane.kubectlWith(SET, "apply", "-f", "-");
    plane.kubectl("rollout", "status", "daemonset/echo", "--timeout", "120s");
  }

  /** Removes them and waits until they are gone. */
  void delete() {
    plane.kubectl("delete", "daemonset", "echo", "--timeout", "60s");
    plane.kubectl("wait", "--for", "delete", "--timeout", "60s", "pod", "-l", "app=echo");
  }

  /** A field of the pod of a node, such as {@code status.podIP}. */
  String field(int node, String field) {
    return plane.kubectl(
        "get",
        "pod",
        "-l",
        "app=echo",
        "--field-selector",
        "spec.nodeName=node-" + node,
        "-o",
        "jsonpath={.items[0]." + field + "}");
  }

  /** Whether the first reaches the other; the kubelet may not know yet of a container. */
  boolean ping() {
    try {
      String far = field(2, "status.podIP");
      plane.kubectl("exec", field(1, "metadata.name"), "--", "ping", "-c", "3", "-W", "2", far);
      return true;
    } catch (AssertionError e) {
      return false;
    }
  }

  /** A node's port leads to its pod, from outside of the cluster and from a pod of the other. */
  void assertPortAnswers(int node, String host) {
    String url = "http://" + host + ":18080/";
    String says = "I am node-" + node + "\n";
    assertEquals(says, cluster.fetch(url), "from outside of the cluster");
    String other = field(3 - node, "metadata.name");
    assertEquals(
        says, plane.kubectl("exec", other, "--", "timeout", "5", "wget", "-q", "-O", "-", url));
  }
}
