package io.sekisho.agent.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.agent.datapath.ServiceAddress;
import io.sekisho.agent.datapath.ServiceBackends;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of services and endpoint slices. */
final class ServiceTargetsTest {
  private static final int TCP = 6;
  private static final int UDP = 17;

  private final AtomicInteger changes = new AtomicInteger();
  private final ServiceTargets objects = new ServiceTargets("n1", changes::incrementAndGet);

  private void tell(List<String> services, List<String> slices) {
    objects.serviceHandler().reset();
    services.forEach(s -> objects.serviceHandler().put(ApiObjects.of(s)));
    objects.serviceHandler().synced();
    objects.sliceHandler().reset();
    slices.forEach(s -> objects.sliceHandler().put(ApiObjects.of(s)));
    objects.sliceHandler().synced();
  }

  private static String service(String spec) {
    return """
    apiVersion: v1
    kind: Service
    metadata: {namespace: shop, name: web}
    spec: {%s}
    status: {loadBalancer: {ingress: [{ip: 203.0.113.5}, {ip: 203.0.113.6, ipMode: Proxy}]}}
    """
        .formatted(spec);
  }

  private static String slice(String name, String type, String ports, String endpoints) {
    return """
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    addressType: %s
    ports: [%s]
    endpoints: [%s]
    metadata: {namespace: shop, name: %s, labels: {kubernetes.io/service-name: web}}
    """
        .formatted(type, ports, endpoints, name);
  }

  private ServiceBackends at(String address, int port, int protocol) {
    return objects
        .all()
        .orElseThrow()
        .get(new ServiceAddress(InetAddress.ofLiteral(address), port, protocol));
  }

  private static ServiceBackends backends(int affinity, String... all) {
    return new ServiceBackends(
        List.of(all).stream()
            .map(
                b -> b.substring(0, b.lastIndexOf(':')) + " " + b.substring(b.lastIndexOf(':') + 1))
            .map(b -> b.split(" "))
            .map(b -> new InetSocketAddress(InetAddress.ofLiteral(b[0]), Integer.parseInt(b[1])))
            .toList(),
        affinity);
  }

  @Test
  void all_beforeBothAreTold_isUnknown() {
    objects.serviceHandler().reset();
    objects.serviceHandler().synced();
    assertEquals(Optional.empty(), objects.all());
  }

  @Test
  void service_portsByName_ofBothFamilies() {
    tell(
        List.of(
            service(
                "clusterIPs: [10.96.0.9, 'fd00::9'], externalIPs: [198.51.100.7], ports: "
                    + "[{name: http, port: 80}, {name: dns, port: 53, protocol: UDP}]")),
        List.of(
            slice(
                "web-a",
                "IPv4",
                "{name: http, port: 8080}, {name: dns, port: 5353, protocol: UDP}",
                "{addresses: [10.244.1.2]}, {addresses: [10.244.2.3], conditions: {ready: true}}"),
            slice("web-b", "IPv6", "{name: http, port: 8080}", "{addresses: ['fd00:10:244::2']}")));
    var http = backends(0, "10.244.1.2:8080", "10.244.2.3:8080");
    assertEquals(http, at("10.96.0.9", 80, TCP));
    assertEquals(http, at("198.51.100.7", 80, TCP));
    assertEquals(http, at("203.0.113.5", 80, TCP));
    assertEquals(backends(0, "10.244.1.2:5353", "10.244.2.3:5353"), at("10.96.0.9", 53, UDP));
    assertEquals(backends(0, "fd00:10:244::2:8080"), at("fd00::9", 80, TCP));
    assertEquals(backends(0), at("fd00::9", 53, UDP));
    assertEquals(8, objects.all().orElseThrow().size());
  }

  @Test
  void endpoints_endingOnes_serveOnlyWhileNoneIsReady() {
    String ending =
        "{addresses: [10.244.1.2], conditions: {ready: false, serving: true, terminating: true}}";
    String dead = "{addresses: [10.244.1.4], conditions: {ready: false, serving: false}}";
    String spec = service("clusterIPs: [10.96.0.9], ports: [{port: 80}]");
    tell(List.of(spec), List.of(slice("web-a", "IPv4", "{port: 80}", ending + ", " + dead)));
    assertEquals(backends(0, "10.244.1.2:80"), at("10.96.0.9", 80, TCP));
    objects
        .sliceHandler()
        .put(
            ApiObjects.of(
                slice("web-a", "IPv4", "{port: 80}", ending + ", {addresses: [10.244.1.3]}")));
    assertEquals(backends(0, "10.244.1.3:80"), at("10.96.0.9", 80, TCP));
  }

  @Test
  void service_affinityAndLocalTraffic_areTaken() {
    String spec = "clusterIPs: [10.96.0.9], ports: [{port: 80}], internalTrafficPolicy: Local, ";
    String both =
        "{addresses: [10.244.1.2], nodeName: n1}, {addresses: [10.244.2.2], nodeName: n2}";
    tell(
        List.of(service(spec + "sessionAffinity: ClientIP")),
        List.of(slice("web-a", "IPv4", "{port: 80}", both)));
    assertEquals(backends(10_800, "10.244.1.2:80"), at("10.96.0.9", 80, TCP));
    objects
        .serviceHandler()
        .put(
            ApiObjects.of(
                service(
                    spec
                        + "sessionAffinity: ClientIP, sessionAffinityConfig: "
                        + "{clientIP: {timeoutSeconds: 20}}")));
    assertEquals(backends(20, "10.244.1.2:80"), at("10.96.0.9", 80, TCP));
  }

  @Test
  void headlessAndNamelessOnes_haveNoAddress() {
    tell(
        List.of(
            "metadata: {namespace: shop, name: a}\nspec: {clusterIPs: [None], ports: [{port: 80}]}",
            "metadata: {namespace: shop, name: b}\nspec: {type: ExternalName, externalName: x.test, "
                + "externalIPs: [10.96.0.9], ports: [{port: 80}]}",
            "metadata: {namespace: shop, name: c}\n"
                + "spec: {clusterIPs: [None], externalIPs: [10.96.0.9], ports: [{port: 80}]}"),
        List.of());
    assertEquals(Optional.of(Map.of()), objects.all());
  }

  @Test
  void numbers_thatAreNone_costOnlyTheirOwnPort() {
    String spec = "clusterIPs: [10.96.0.9], ports: [{name: a, port: 80}, {name: b, port: 81}], ";
    tell(
        List.of(
            service(
                spec
                    + "sessionAffinity: ClientIP, sessionAffinityConfig: "
                    + "{clientIP: {timeoutSeconds: 99999999999}}")),
        List.of(
            slice("web-a", "IPv4", "{name: a, port: 70000}", "{addresses: [10.244.1.2]}"),
            slice("web-b", "IPv4", "{name: a, port: -1}", "{addresses: [10.244.1.3]}"),
            slice("web-c", "IPv4", "{name: a, port: x}", "{addresses: [10.244.1.4]}"),
            slice("web-d", "IPv4", "{name: b, port: 81}", "{addresses: [10.244.1.5]}")));
    assertEquals(backends(10_800), at("10.96.0.9", 80, TCP));
    assertEquals(backends(10_800, "10.244.1.5:81"), at("10.96.0.9", 81, TCP));
  }

  @Test
  void outside_anothersClusterAddress_staysTheOthers() {
    String taker =
        "metadata: {namespace: evil, name: %s}\n"
            + "spec: {clusterIPs: [10.96.0.66], externalIPs: [10.96.0.9, 198.51.100.7], "
            + "ports: [{port: 80}]}";
    tell(
        List.of(
            service("clusterIPs: [10.96.0.9], ports: [{port: 80}]"),
            taker.formatted("z"),
            taker.formatted("a")),
        List.of(slice("web-a", "IPv4", "{port: 80}", "{addresses: [10.244.1.2]}")));
    assertEquals(backends(0, "10.244.1.2:80"), at("10.96.0.9", 80, TCP));
    assertEquals(backends(0), at("198.51.100.7", 80, TCP));
  }

  @Test
  void changes_areToldOnlyWhenSomethingIsDifferent() {
    String spec = service("clusterIPs: [10.96.0.9], ports: [{port: 80}]");
    tell(List.of(spec), List.of());
    int before = changes.get();
    objects.serviceHandler().put(ApiObjects.of(spec));
    assertEquals(before, changes.get());
    objects.serviceHandler().deleted(ApiObjects.of(spec));
    assertEquals(before + 1, changes.get());
    assertEquals(Optional.of(Map.of()), objects.all());
  }
}
