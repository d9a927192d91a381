package io.sekisho.lab;

import io.sekisho.lab.shop.Call;
import io.sekisho.lab.shop.Listener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Who is in the shop and who calls whom; about 60 connections per second in all. */
final class ShopPlan {
  /** Machines outside: a customer, and somebody who looks where nothing is for them. */
  static final World INTERNET = World.of("internet", 200);

  static final World SCANNER = World.of("scanner", 66);

  private static final Listener METRICS = new Listener(Listener.Kind.METRICS, 9090);
  private static final int STORE_PORT = 5432;

  private ShopPlan() {}

  /**
   * A workload of the plan.
   *
   * @param namespace of the cluster
   * @param name its name, also its label {@code app}
   * @param replicas how many pods
   * @param listeners what each serves
   * @param calls what each calls
   */
  record Planned(
      String namespace, String name, int replicas, List<Listener> listeners, List<To> calls) {}

  /** A call to all pods of a workload at a port; see {@link Call} for the numbers. */
  record To(String workload, Call.Kind kind, int port, double share, double rate, int reuse) {}

  /** The workloads inside the cluster. */
  static List<Planned> workloads() {
    return List.of(
        shop("frontend", http(8080), onRequest("cart", 8080, 1.0), onRequest("catalog", 9000, 1.0)),
        shop("cart", http(8080), onRequest("payment", 8443, 0.4), store(0.7, 1)),
        shop("catalog", http(9000), store(1.0, 4)),
        shop("payment", http(8443), store(1.0, 1)),
        shop("database", new Listener(Listener.Kind.STORE, STORE_PORT)),
        new Planned("ops", "monitoring", 1, List.of(METRICS), scrapes()),
        new Planned(
            "ops",
            "backup",
            1,
            List.of(METRICS),
            List.of(new To("database", Call.Kind.STORE, STORE_PORT, 0, 1.0, 1))));
  }

  /** What the customer calls: mostly single requests. */
  static List<To> customerCalls() {
    return List.of(
        new To("frontend", Call.Kind.HTTP, 8080, 0, 10.0, 1),
        new To("frontend", Call.Kind.HTTP, 8080, 0, 2.0, 5));
  }

  /** What the scanner tries. */
  static List<To> scannerCalls() {
    return List.of(
        new To("payment", Call.Kind.CONNECT, 8443, 0, 1.5, 1),
        new To("frontend", Call.Kind.CONNECT, 22, 0, 0.7, 1),
        new To("frontend", Call.Kind.CONNECT, 8080, 0, 0.8, 1));
  }

  /** The pods of the plan, dealt to nodes in turn, without addresses yet. */
  static List<Pod> pods(List<LabNode> nodes) {
    List<Pod> pods = new ArrayList<>();
    for (Planned planned : workloads()) {
      for (int i = 1; i <= planned.replicas(); i++) {
        LabNode node = nodes.get(pods.size() % nodes.size());
        Map<String, String> labels = Map.of("app", planned.name());
        pods.add(
            new Pod(
                planned.namespace(),
                planned.name() + "-" + i,
                planned.name(),
                node.name(),
                labels,
                List.of()));
      }
    }
    return pods;
  }

  /** The calls as a process is told them, now that the pods have addresses. */
  static List<Call> calls(List<To> calls, List<Pod> pods) {
    return calls.stream()
        .map(
            to ->
                new Call(
                    to.workload(),
                    to.kind(),
                    to.share(),
                    to.rate(),
                    to.reuse(),
                    pods.stream()
                        .filter(pod -> pod.workload().equals(to.workload()))
                        .flatMap(pod -> pod.addresses().stream())
                        .map(address -> endpoint(address, to.port()))
                        .toList()))
        .filter(call -> !call.addresses().isEmpty())
        .toList();
  }

  private static String endpoint(String address, int port) {
    return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
  }

  private static Planned shop(String name, Listener listener, To... calls) {
    return new Planned("shop", name, 2, List.of(listener, METRICS), List.of(calls));
  }

  private static Listener http(int port) {
    return new Listener(Listener.Kind.HTTP, port);
  }

  private static To onRequest(String workload, int port, double share) {
    return new To(workload, Call.Kind.HTTP, port, share, 0, 1);
  }

  private static To store(double share, int reuse) {
    return new To("database", Call.Kind.STORE, STORE_PORT, share, 0, reuse);
  }

  private static List<To> scrapes() {
    return List.of("frontend", "cart", "catalog", "payment", "database").stream()
        .map(name -> new To(name, Call.Kind.HTTP, METRICS.port(), 0, 1.0, 1))
        .toList();
  }
}
