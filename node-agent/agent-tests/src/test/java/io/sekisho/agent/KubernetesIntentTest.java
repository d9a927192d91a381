package io.sekisho.agent;

import static io.sekisho.agent.CoreFixture.add;
import static io.sekisho.agent.CoreFixture.delete;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.endpoint.Bandwidth;
import io.sekisho.agent.revision.Intent;
import io.sekisho.api.v1.Document;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Selector;
import io.sekisho.policy.ServiceCatalog;
import io.sekisho.policy.compile.PolicyTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Kubernetes tells beside policies, on its way to the datapath: services, labels, limits. */
class KubernetesIntentTest {
  private static final String TO_SERVICES =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: p, namespace: shop}
      spec:
        endpointSelector: {matchLabels: {app: cart}}
        egress:
        - toServices: [{k8sService: {serviceName: db, namespace: shop}}]
        - toServices: [{k8sService: {serviceName: bank, namespace: shop}}]
      """;

  @TempDir Path folder;
  private CoreFixture agent;

  @BeforeEach
  void begin() {
    agent = new CoreFixture(folder).start();
  }

  @AfterEach
  void close() {
    agent.close();
  }

  private static ServiceCatalog services(String... outside) {
    var db = Selector.of(List.of(Requirement.is("k8s:app", "db")));
    return new ServiceCatalog(
        List.of(
            new ServiceCatalog.Service("shop", "db", Labels.of(), Optional.of(db), List.of()),
            new ServiceCatalog.Service(
                "shop",
                "bank",
                Labels.of(),
                Optional.empty(),
                List.of(outside).stream().map(Cidr::parse).toList())));
  }

  private void intend(long revision, ServiceCatalog services) {
    var document = Document.newBuilder().setYaml(TO_SERVICES).build();
    agent.core().intended(new Intent(revision, List.of(document), services, System.nanoTime()));
  }

  private PolicyTable table(int endpoint) {
    return agent.datapath().realized().endpoints().get(endpoint).policy();
  }

  private boolean means(int identity) {
    return table(1).entries().keySet().stream().anyMatch(k -> k.identity() == identity);
  }

  private Optional<Integer> identity(String prefix) {
    return Optional.ofNullable(agent.datapath().realized().ipcache().get(Cidr.parse(prefix)))
        .map(e -> e.identity());
  }

  @Test
  void toServices_meansBackendsOfNow() {
    agent.call(add("c1", "cart-1", "app=cart"));
    agent.call(add("c2", "db-1", "app=db"));
    int db = agent.datapath().realized().endpoints().get(2).identity();
    intend(1, ServiceCatalog.EMPTY);
    Eventually.holds(() -> agent.realization.told().contains("realized 1 for 2"));
    assertFalse(means(db), () -> "" + table(1));

    intend(2, services("203.0.113.7"));
    Eventually.holds(() -> means(db) && identity("203.0.113.7").map(this::means).orElse(false));
    intend(2, services("203.0.113.8"));
    Eventually.holds(
        () ->
            means(db)
                && identity("203.0.113.8").map(this::means).orElse(false)
                && identity("203.0.113.7").isEmpty());
  }

  @Test
  void labelled_nodeOfOtherLabels_isSelectedByThem() {
    agent.intend(
        1,
        """
        apiVersion: cilium.io/v2
        kind: CiliumClusterwideNetworkPolicy
        metadata: {name: nodes}
        spec: {nodeSelector: {matchLabels: {zone: a}}, ingress: [{fromEntities: [cluster]}]}
        """);
    Eventually.holds(() -> agent.realization.told().contains("realized 1 for 0"));
    assertTrue(agent.datapath().realized().host().isEmpty());
    agent.core().labelled(List.of("k8s:zone=a"));
    Eventually.holds(() -> agent.datapath().realized().host().isPresent());
    agent.core().labelled(List.of("k8s:zone=b"));
    Eventually.holds(() -> agent.datapath().realized().host().isEmpty());
  }

  @Test
  void relabel_troubleThatIsOver_leavesHealth() {
    agent.call(add("c1", "cart-1", "app=cart"));
    agent.call(add("c2", "cart-2", "app=cart"));
    agent.cluster.available(false);
    agent.core().relabel(request -> Optional.of(Labels.of("k8s:app=new")));
    Eventually.holds(() -> problems() == 2);
    // The one pod gets its old label back, the other goes.
    agent.core().relabel(request -> Optional.of(request.labels()));
    Eventually.holds(
        () -> {
          agent.core().relabel(request -> Optional.of(request.labels()));
          return problems() == 0;
        });
    agent.core().relabel(request -> Optional.of(Labels.of("k8s:app=new")));
    Eventually.holds(() -> problems() == 2);
    agent.call(delete("c1"));
    agent.call(delete("c2"));
    Eventually.holds(
        () -> {
          agent.core().relabel(request -> Optional.empty());
          return problems() == 0;
        });
  }

  private long problems() {
    return agent.core().health().problems().stream()
        .filter(p -> p.component().startsWith("labels of endpoint"))
        .count();
  }

  @Test
  void bandwidth_ofThePod_isKeptAndTold() {
    agent.close();
    agent = new CoreFixture(folder);
    agent.core().knowing(request -> request.limited(new Bandwidth(10_000_000, 0)), node -> {});
    agent.start();
    agent.call(add("c1", "cart-1", "app=cart"));
    Eventually.holds(
        () ->
            agent.cluster.inventory().endpoints().values().stream()
                .anyMatch(e -> e.getEgressBandwidth() == 10_000_000));
    agent.restart().start();
    Eventually.holds(
        () ->
            agent.cluster.inventory().endpoints().values().stream()
                .anyMatch(e -> e.getEgressBandwidth() == 10_000_000));
  }
}
