package io.sekisho.bench;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Timestamp;
import io.sekisho.api.flow.Endpoint;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.IP;
import io.sekisho.api.flow.Layer4;
import io.sekisho.api.flow.TCP;
import io.sekisho.api.flow.TCPFlags;
import io.sekisho.api.flow.Verdict;
import io.sekisho.api.flow.Workload;
import io.sekisho.policy.Documents;
import io.sekisho.policy.PolicyDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Made-up traffic of 300 workloads, each with 20 others on four ports, and policies for them. */
final class SeenTraffic {
  private static final int WORKLOADS = 300;
  private static final int NAMESPACES = 20;
  private static final int PORT = 8000;
  private static final int PORTS = 4;

  private final Random random = new Random(1);

  private static String namespace(int workload) {
    return "ns" + workload % NAMESPACES;
  }

  private static Endpoint pod(int workload) {
    return Endpoint.newBuilder()
        .setIdentity(1000 + workload)
        .setNamespace(namespace(workload))
        .setPodName("w" + workload + "-0")
        .addWorkloads(Workload.newBuilder().setName("w" + workload))
        .addLabels("k8s:app=w" + workload)
        .addLabels("k8s:io.kubernetes.pod.namespace=" + namespace(workload))
        .build();
  }

  /** So many flows. */
  List<Flow> flows(int count) {
    List<Flow> out = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int from = random.nextInt(WORKLOADS);
      int to = (from + 1 + random.nextInt(NAMESPACES)) % WORKLOADS;
      TCP tcp =
          TCP.newBuilder()
              .setSourcePort(40_000 + random.nextInt(20_000))
              .setDestinationPort(PORT + random.nextInt(PORTS))
              .setFlags(TCPFlags.newBuilder().setACK(true))
              .build();
      out.add(
          Flow.newBuilder()
              .setTime(Timestamp.newBuilder().setSeconds(1_700_000_000L + i / 1000))
              .setVerdict(Verdict.FORWARDED)
              .setNodeName("n1")
              .setIsReply(BoolValue.of(false))
              .setIP(
                  IP.newBuilder()
                      .setSource("10.244.0." + from % 250)
                      .setDestination("10.244.1." + to % 250))
              .setL4(Layer4.newBuilder().setTCP(tcp))
              .setSource(pod(from))
              .setDestination(pod(to))
              .build());
    }
    return out;
  }

  /** So many policies of one rule each; every workload is the subject of some. */
  List<PolicyDocument> policies(int count) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int subject = i % WORKLOADS;
      int peer = Math.floorMod(subject - 1 - random.nextInt(NAMESPACES), WORKLOADS);
      texts.add(
          """
          apiVersion: cilium.io/v2
          kind: CiliumNetworkPolicy
          metadata: {name: p%d, namespace: %s}
          spec:
            endpointSelector: {matchLabels: {app: w%d}}
            ingress:
              - fromEndpoints: [{matchLabels: {app: w%d, k8s:io.kubernetes.pod.namespace: %s}}]
                toPorts: [{ports: [{port: "%d", protocol: TCP}]}]
          """
              .formatted(
                  i,
                  namespace(subject),
                  subject,
                  peer,
                  namespace(peer),
                  PORT + random.nextInt(PORTS)));
    }
    return Documents.parse(texts).documents();
  }
}
