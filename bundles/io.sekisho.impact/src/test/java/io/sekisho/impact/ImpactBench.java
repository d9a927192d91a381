package io.sekisho.impact;

import io.sekisho.api.flow.Flow;
import io.sekisho.impact.run.DryRun;
import io.sekisho.impact.seen.Gathering;
import io.sekisho.impact.seen.Traffic;
import io.sekisho.policy.Documents;
import io.sekisho.policy.PolicyDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Measures a million flows of 300 workloads against 1,000 documents; run by hand. */
public final class ImpactBench {
  private static final int WORKLOADS = 300;
  private static final int DOCUMENTS = 1_000;
  private static final int DISTINCT = 100_000;
  private static final int FLOWS = 1_000_000;

  private ImpactBench() {}

  /** Prints the times of three rounds, s. */
  public static void main(String[] arguments) {
    Random random = new Random(1);
    List<Flow> flows = new ArrayList<>();
    for (int i = 0; i < DISTINCT; i++) {
      flows.add(flow(random));
    }
    List<PolicyDocument> before = documents(random);
    List<PolicyDocument> after = new ArrayList<>(documents(random).subList(0, 50));
    after.addAll(before.subList(50, DOCUMENTS));
    for (int round = 0; round < 3; round++) {
      long begun = System.nanoTime();
      var gathering = new Gathering(n -> Optional.empty());
      for (int i = 0; i < FLOWS; i++) {
        gathering.add(flows.get(i % DISTINCT));
      }
      Traffic traffic = gathering.traffic();
      long gathered = System.nanoTime();
      DryRun run = DryRun.of(before, after, traffic, Progress.NONE);
      long done = System.nanoTime();
      System.out.printf(
          "%,d flows, %,d questions: gathered in %.2f s, dry run in %.2f s, %s%n",
          FLOWS,
          traffic.talks().size(),
          (gathered - begun) / 1e9,
          (done - gathered) / 1e9,
          run.flows());
    }
  }

  private static Flow flow(Random random) {
    int from = random.nextInt(WORKLOADS);
    int to = (from + 1 + random.nextInt(20)) % WORKLOADS;
    return new SeenFlow()
        .from(SeenFlow.pod("ns" + from % 20, "w" + from, 1000 + from), "10.244.0." + from % 250)
        .to(SeenFlow.pod("ns" + to % 20, "w" + to, 1000 + to), "10.244.1." + to % 250)
        .tcp(8000 + random.nextInt(4))
        .build();
  }

  private static List<PolicyDocument> documents(Random random) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      int subject = i % WORKLOADS;
      texts.add(
          """
          apiVersion: cilium.io/v2
          kind: CiliumNetworkPolicy
          metadata: {name: p%d, namespace: ns%d}
          spec:
            endpointSelector: {matchLabels: {app: w%d}}
            ingress:
              - fromEndpoints: [{matchLabels: {app: w%d, k8s:io.kubernetes.pod.namespace: ns%d}}]
                toPorts: [{ports: [{port: "%d", protocol: TCP}]}]
          """
              .formatted(
                  i,
                  subject % 20,
                  subject,
                  random.nextInt(WORKLOADS),
                  random.nextInt(20),
                  8000 + random.nextInt(4)));
    }
    return Documents.parse(texts).documents();
  }
}
