package io.sekisho.agent.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.health.Health;
import io.sekisho.policy.Cidr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of services, slices and the node's labels, in memory and on disk. */
final class ServiceFactsTest {
  @TempDir Path state;
  private final Health health = new Health(Clock.systemUTC());

  private static ServiceFacts service(String spec) {
    return ServiceFacts.of(
        ApiObjects.of(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: bank, namespace: shop, labels: {tier: out}}
            spec: %s
            """
                .formatted(spec)));
  }

  private static List<Cidr> addresses(String... texts) {
    return List.of(texts).stream().map(Cidr::parse).toList();
  }

  @Test
  void of_service_keepsClusterAddressesAndSelector() {
    var both =
        service("{clusterIP: 10.96.0.7, clusterIPs: [10.96.0.7, 'fd00::7'], selector: {a: b}}");
    assertEquals(addresses("10.96.0.7", "fd00::7"), both.addresses());
    assertEquals(Map.of("a", "b"), both.selector());
    assertEquals(addresses("10.96.0.7"), service("{clusterIP: 10.96.0.7}").addresses());
    assertEquals(both, both.with(addresses("203.0.113.7")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{clusterIP: None}",
        "{clusterIPs: [None]}",
        "{type: ExternalName, externalName: example.org}",
        "{clusterIPs: 7, selector: [x]}",
        "{clusterIPs: [{}], selector: {a: 7}}"
      })
  void of_serviceWithoutUsableFields_hasNone(String spec) {
    assertEquals(List.of(), service(spec).addresses());
    assertEquals(Map.of(), service(spec).selector());
    assertEquals(
        addresses("203.0.113.7"), service(spec).with(addresses("203.0.113.7")).addresses());
  }

  @Test
  void of_slice_keepsAddressesAndLeavesNames() {
    var slice =
        SliceFacts.of(
            ApiObjects.of(
                """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: x, namespace: shop, labels: {kubernetes.io/service-name: bank}}
                addressType: IPv4
                endpoints: [{addresses: [203.0.113.7, example.org]}, {addresses: 7}, 7]
                """));
    assertEquals(new SliceFacts("shop", "bank", addresses("203.0.113.7")), slice);
  }

  @Test
  void directory_restored_countsUntilTheServerTells() {
    var directory = new ServiceDirectory(() -> {}, System::nanoTime);
    assertFalse(directory.settled());
    var known = service("{clusterIP: None}").with(addresses("203.0.113.7"));
    directory.restore(List.of(known));
    assertTrue(directory.settled());
    assertEquals(List.of(known), directory.all());
    for (var handler : List.of(directory.serviceHandler(), directory.sliceHandler())) {
      handler.reset();
      handler.synced();
    }
    assertEquals(List.of(), directory.all());
  }

  @Test
  void files_writtenAndRead_areTheSame() {
    var known = service("{clusterIP: 10.96.0.7, selector: {a: b}}");
    new ServiceFile(state, health).write(List.of(known));
    assertEquals(Optional.of(List.of(known)), new ServiceFile(state, health).read());
    new NodeLabelFile(state, health).write(Map.of("zone", "a", "empty", ""));
    assertEquals(
        Optional.of(Map.of("zone", "a", "empty", "")), new NodeLabelFile(state, health).read());
    assertEquals(List.of(), health.problems());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[{}]",
        "[null]",
        "[7]",
        "[{\"namespace\": \"a\", \"name\": \"b\", \"addresses\": [\"x\"]}]"
      })
  void files_broken_areSetAsideAndTold(String text) throws IOException {
    for (String file : List.of("kubernetes-services.json", "kubernetes-node.json")) {
      Files.writeString(state.resolve(file), text);
    }
    assertEquals(Optional.empty(), new ServiceFile(state, health).read());
    assertEquals(Optional.empty(), new NodeLabelFile(state, health).read());
    assertEquals(2, health.problems().size(), () -> "" + health.problems());
    assertFalse(Files.exists(state.resolve("kubernetes-services.json")));
  }
}
