package io.sekisho.policy.reach;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.CidrLabels;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.compile.PeerIndex;
import io.sekisho.policy.compile.PolicyCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How long it takes to prove expectations over 3,000 identities by 1,000 policies; run by hand, its
 * numbers depend on the machine.
 */
final class ProverBench {
  private static final int NAMESPACES = 100;
  private static final int APPS = 10;
  private static final int TRACKS = 3;

  private ProverBench() {}

  private static List<Identity> identities() {
    var out = new ArrayList<Identity>();
    for (int n = 0; n < NAMESPACES; n++) {
      for (int a = 0; a < APPS; a++) {
        for (int t = 0; t < TRACKS; t++) {
          Labels labels =
              Labels.of("k8s:" + Labels.NAMESPACE + "=ns" + n, "app=app" + a, "track=t" + t);
          out.add(new Identity(Identity.FIRST_CLUSTER + out.size(), labels));
        }
      }
    }
    return out;
  }

  private static String policy(int namespace, int app) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: app%2$d, namespace: ns%1$d}
    spec:
      podSelector: {matchLabels: {app: app%2$d}}
      policyTypes: [Ingress, Egress]
      ingress:
      - from: [{podSelector: {matchLabels: {app: app%3$d}}}, {podSelector: {matchLabels: {app: app%4$d}}}]
        ports: [{port: %5$d}, {port: 8443}]
      - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ns%6$d}}}]
        ports: [{port: 9090}]
      egress:
      - to: [{namespaceSelector: {}}]
        ports: [{port: 53, protocol: UDP}]
      - to: [{podSelector: {}}, {ipBlock: {cidr: 10.%1$d.0.0/16}}]
    """
        .formatted(
            namespace,
            app,
            (app + 1) % APPS,
            (app + 2) % APPS,
            8000 + app,
            (namespace + 1) % NAMESPACES);
  }

  private static String expectation(int number, String from, String to, int port) {
    return "apiVersion: sekisho.io/v1\nkind: Expectation\nmetadata: {name: e"
        + number
        + "}\nspec: {expect: deny, from: ["
        + from
        + "], to: ["
        + to
        + "], ports: [{port: \""
        + port
        + "\", protocol: TCP}]}\n";
  }

  private static List<String> texts() {
    var texts = new ArrayList<String>();
    for (int n = 0; n < NAMESPACES; n++) {
      for (int a = 0; a < APPS; a++) {
        texts.add(policy(n, a));
      }
    }
    texts.add(expectation(0, "{podSelector: {}}", "{podSelector: {}}", 22));
    texts.add(expectation(1, "{entity: world}", "{podSelector: {}}", 8000));
    for (int n = 0; n < 20; n++) {
      texts.add(
          expectation(2 + n, "{namespace: ns" + n + "}", "{namespace: ns" + (n + 50) + "}", 5432));
    }
    return texts;
  }

  /** Processor time of this thread, ns: what a busy machine does not change much. */
  private static long cpu() {
    return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** Proves against documents without one policy, and prints how long that takes. */
  private static void compare(List<PolicyDocument> documents, List<Identity> identities) {
    List<PolicyDocument> before = documents.subList(1, documents.size());
    long begin = cpu();
    long worse =
        Prover.compare(before, documents, identities).stream().filter(Comparison::worse).count();
    long compared = cpu();
    long changed = Changes.between(before, documents, identities).size();
    System.out.printf(
        Locale.ROOT,
        "against one policy less: %d worse in %.2f s, %d pairs change in %.2f s%n",
        worse,
        (compared - begin) / 1e9,
        changed,
        (cpu() - compared) / 1e9);
  }

  /** Makes the tables of 250 endpoints and prints how long that takes. */
  private static void tables(List<PolicyDocument> documents, List<Identity> identities) {
    long begin = cpu();
    var compiler = new PolicyCompiler(documents);
    var all = new ArrayList<>(identities);
    int number = Identity.FIRST_LOCAL;
    for (Cidr cidr : compiler.cidrs()) {
      all.add(new Identity(number++, CidrLabels.of(cidr)));
    }
    PeerIndex index = PeerIndex.of(all);
    long entries = 0;
    for (int i = 0; i < 250; i++) {
      entries += compiler.compile(identities.get(i * 12).labels(), index).entries().size();
    }
    System.out.printf(
        Locale.ROOT, "250 tables, %d entries: %.2f s%n", entries, (cpu() - begin) / 1e9);
  }

  /** Prints the times of some rounds in one JVM. */
  public static void main(String[] arguments) {
    List<Identity> identities = identities();
    List<String> texts = texts();
    for (int round = 0; round < 5; round++) {
      long begin = cpu();
      Parsed parsed = Documents.parse(texts);
      List<PolicyDocument> documents = parsed.documents();
      long read = cpu();
      List<Proof> proofs = Prover.prove(documents, identities);
      long proved = cpu();
      System.out.printf(
          Locale.ROOT,
          "%d identities, %d documents, %d errors: parse %.2f s, prove %.2f s, %d of %d hold over"
              + " %d pairs%n",
          identities.size(),
          documents.size(),
          parsed.errors().size(),
          (read - begin) / 1e9,
          (proved - read) / 1e9,
          proofs.stream().filter(Proof::holds).count(),
          proofs.size(),
          proofs.stream().mapToLong(Proof::pairs).sum());
      tables(documents, identities);
      compare(documents, identities);
    }
  }
}
