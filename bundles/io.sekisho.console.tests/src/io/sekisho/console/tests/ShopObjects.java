package io.sekisho.console.tests;

import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Event;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Pod;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Policy;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Service;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A part of {@link Shop} as an API server tells it: payment and cart, two pods each. */
final class ShopObjects {
  private ShopObjects() {}

  private static Pod pod(String workload, int number) {
    return new Pod(
        "shop",
        workload + "-" + number,
        "Deployment",
        workload,
        "n1",
        List.of("10.244.1." + (10 + number)),
        Map.of("app", workload),
        "Running",
        number > 0,
        number > 0 ? "" : "not ready",
        0);
  }

  static KubernetesObjects with(List<Service> services, List<Policy> policies, List<Event> events) {
    List<Pod> pods = new ArrayList<>();
    for (String workload : List.of("payment", "cart")) {
      pods.add(pod(workload, 0));
      pods.add(pod(workload, 1));
    }
    return new KubernetesObjects(
        true,
        List.of(),
        List.of("shop"),
        List.of(
            new Workload("Deployment", "shop", "payment", 2),
            new Workload("Deployment", "shop", "cart", 2)),
        pods,
        services,
        List.of(),
        policies,
        events,
        policies.hashCode());
  }
}
