package io.sekisho.lab.kubernetes;

import io.sekisho.lab.Await;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A shop in a namespace of its own: Deployments behind Services, whose frontend calls a cart five
 * times a second, says what comes of it, and is ready once a cart has answered.
 */
final class Shop {
  /** How a drop by that policy is told on the command line. */
  static final Pattern DENIED =
      Pattern.compile(
          "shop/frontend-\\S+ -> shop/cart-\\S+:8080  TCP DROPPED \\(policy deny\\)"
              + "  ingress shop/no-frontend:\\d");

  /** A policy against the frontend's calls. */
  static final String DENIAL = denial("frontend");

  /** Where kubelets tell pods that the service is. */
  static final String BY_SERVICE = "$CART_SERVICE_HOST:$CART_SERVICE_PORT";

  private static final String ANSWERS = "cart answers";
  private static final String SILENT = "no cart";

  /** A Deployment behind a service of the same name. */
  private static final String WORKLOAD =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: NAME, namespace: shop}
      spec: {selector: {app: NAME}, ports: [{port: 80, targetPort: http}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: NAME, namespace: shop}
      spec:
        replicas: REPLICAS
        selector: {matchLabels: {app: NAME}}
        template:
          metadata: {labels: {app: NAME}}
          spec:
            terminationGracePeriodSeconds: 1
            dnsPolicy: Default
            topologySpreadConstraints:
            - maxSkew: 1
              topologyKey: kubernetes.io/hostname
              whenUnsatisfiable: ScheduleAnyway
              labelSelector: {matchLabels: {app: NAME}}
            containers:
            - name: NAME
              image: sekisho.test/busybox:1
              imagePullPolicy: Never
              command: [sh, -c, "COMMAND"]
              ports: [{name: http, containerPort: 8080}]
              readinessProbe: {PROBE, timeoutSeconds: 3, periodSeconds: 1}
      """;

  private static final String CART = "echo a cart >/www/index.html; exec httpd -f -p 8080 -h /www";

  private static final String FRONTEND =
      "httpd -p 8080 -h /www; while :; do if timeout 2 wget -q -O /www/new http://CART/;"
          + " then mv /www/new /www/index.html; echo "
          + ANSWERS
          + "; else echo "
          + SILENT
          + "; fi; sleep 0.2; done";

  private final ControlPlane plane;

  /**
   * One of its pods.
   *
   * @param name of the pod
   * @param node where it runs
   * @param address its IPv4 one
   */
  record Member(String name, String node, String address) {}

  private Shop(ControlPlane plane) {
    this.plane = plane;
  }

  /** A policy {@code no-APP} against the calls of pods with this label {@code app}. */
  static String denial(String app) {
    return """
    apiVersion: cilium.io/v2
    kind: CiliumNetworkPolicy
    metadata: {name: no-APP, namespace: shop}
    spec:
      endpointSelector: {matchLabels: {app: cart}}
      ingress: [{fromEntities: [all]}]
      ingressDeny: [{fromEndpoints: [{matchLabels: {app: APP}}]}]
    """
        .replace("APP", app);
  }

  /** Applies the carts; nobody calls them yet. */
  static Shop carts(ControlPlane plane) {
    plane.kubectl("create", "namespace", "shop");
    var shop = new Shop(plane);
    shop.apply("cart", 2, CART);
    return shop;
  }

  /** Applies the frontend, which calls the cart at an address and port; a shell looks at them. */
  void frontend(String cart) {
    apply("frontend", 1, FRONTEND.replace("CART", cart));
  }

  /** Applies a checker, which is ready as long as its kubelet's probe reaches a cart from it. */
  void checker(String cart) {
    String probe = "timeout 1 wget -q -O /dev/null http://" + cart + "/";
    apply("checker", 1, "exec sleep 100000", "exec: {command: [sh, -c, '" + probe + "']}");
  }

  private void apply(String name, int replicas, String command) {
    apply(name, replicas, command, "httpGet: {port: http, path: /}");
  }

  private void apply(String name, int replicas, String command, String probe) {
    plane.kubectlWith(
        WORKLOAD
            .replace("NAME", name)
            .replace("REPLICAS", Integer.toString(replicas))
            .replace("COMMAND", command)
            .replace("PROBE", probe),
        "apply",
        "-f",
        "-");
  }

  /** Waits until as many pods of a Deployment as shall be are ready. */
  void awaitReady(String deployment) {
    try {
      kubectl("rollout", "status", "deployment/" + deployment, "--timeout", "120s");
    } catch (AssertionError e) {
      throw new AssertionError(
          kubectl("get", "pod,service,endpointslice", "-o", "wide")
              + kubectl("logs", "deployment/" + deployment, "--tail", "20"),
          e);
    }
  }

  /** In its namespace. */
  String kubectl(String... arguments) {
    var words = new ArrayList<>(List.of("-n", "shop"));
    words.addAll(List.of(arguments));
    return plane.kubectl(words.toArray(String[]::new));
  }

  /** The pods of a workload that have been given an address. */
  List<Member> members(String app) {
    String each =
        "jsonpath={range .items[*]}{.metadata.name} {.spec.nodeName} {.status.podIP}{\"\\n\"}{end}";
    return kubectl("get", "pod", "-l", "app=" + app, "-o", each)
        .lines()
        .map(line -> line.split(" "))
        .filter(words -> words.length == 3)
        .map(words -> new Member(words[0], words[1], words[2]))
        .toList();
  }

  /** What the frontend's calls came to so far, one line each. */
  private List<String> calls() {
    return kubectl("logs", "deployment/frontend")
        .lines()
        .filter(line -> line.equals(ANSWERS) || line.equals(SILENT))
        .toList();
  }

  /** How many calls were not answered so far. */
  long failures() {
    return calls().stream().filter(SILENT::equals).count();
  }

  /** Waits for a call that begins from now on and is answered, or is not. */
  void awaitCall(boolean answered) {
    String wanted = answered ? ANSWERS : SILENT;
    int before = calls().size();
    // the first one may have begun before
    Await.until(
        RealNode.PATIENCE,
        () -> wanted + " was not said: " + kubectl("logs", "deployment/frontend", "--tail", "20"),
        () -> calls().stream().skip(before + 1).anyMatch(wanted::equals));
  }
}
