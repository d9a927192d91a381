package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.datapath.Datapath.RealizeError;
import io.sekisho.libbpf.BpfMap;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.compile.PeerIndex;
import io.sekisho.policy.compile.PolicyCompiler;
import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyKey;
import io.sekisho.policy.compile.PolicyTable;
import io.sekisho.testkit.TestClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Policy in a cluster of 65,536 identities, from documents into real maps. */
final class ManyIdentitiesTest {
  private static final int IDENTITIES = 65_536;
  private static final int NAMESPACES = 16;
  private static final Labels SERVER = labels(0, 0);
  private static final PeerIndex PEERS = PeerIndex.of(identities());

  private DatapathMaps maps;
  private Realizer realizer;

  @BeforeEach
  void create() {
    maps = RealizerTestBase.maps(64);
    realizer = new Realizer(maps, new TestClock());
  }

  @AfterEach
  void close() {
    maps.close();
  }

  private static Labels labels(int namespace, int app) {
    return Labels.of("k8s:" + Labels.NAMESPACE + "=ns" + namespace, "k8s:app=app" + app);
  }

  private static List<Identity> identities() {
    var out = new ArrayList<>(Identity.RESERVED);
    for (int i = 0; i < IDENTITIES; i++) {
      out.add(new Identity(Identity.FIRST_CLUSTER + i, labels(i % NAMESPACES, i / NAMESPACES)));
    }
    return out;
  }

  /** The table of the server, who lets in what a namespace selector means. */
  private static PolicyTable table(String namespaces) {
    var parsed =
        Documents.parse(
            List.of(
                """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: in, namespace: ns0}
                spec:
                  podSelector: {matchLabels: {app: app0}}
                  ingress: [{from: [{namespaceSelector: {%s}}], ports: [{port: 80}]}]
                """
                    .formatted(namespaces)));
    assertEquals(List.of(), parsed.errors());
    return new PolicyCompiler(parsed.documents()).compile(SERVER, PEERS);
  }

  private static String named(String operator, int... namespaces) {
    var names = new ArrayList<String>();
    for (int namespace : namespaces) {
      names.add("ns" + namespace);
    }
    return "matchExpressions: [{key: kubernetes.io/metadata.name, operator: %s, values: %s}]"
        .formatted(operator, names);
  }

  private List<RealizeError> apply(PolicyTable table) {
    var wired = RealizerTestBase.wired(1);
    var endpoint = new DesiredState.Endpoint(wired, Identity.FIRST_CLUSTER, table, false);
    return realizer.apply(
        new DesiredState(Map.of(1, endpoint), Map.of(), Map.of()), Map.of(1, wired));
  }

  private Map<PolicyKey, PolicyEntry> inKernel() {
    try (var table = BpfMap.openById(maps.policies().get(1).orElseThrow())) {
      return DatapathMaps.table(table).entries();
    }
  }

  @Test
  void apply_someNamespaces_eachIdentityHasItsEntry() {
    PolicyTable table = table(named("In", 3, 5, 7));
    assertEquals(3 * IDENTITIES / NAMESPACES + 1, table.entries().size());
    assertEquals(List.of(), apply(table));
    assertEquals(table.entries(), inKernel());
  }

  @Test
  void apply_everyPod_needsOneEntry() {
    PolicyTable table = table("");
    assertEquals(2, table.entries().size());
    assertEquals(List.of(), apply(table));
    assertEquals(table.entries(), inKernel());
  }

  @Test
  void apply_moreThanATableHolds_keepsWhatWasThereAndSaysSo() {
    PolicyTable few = table(named("In", 3));
    assertEquals(List.of(), apply(few));
    var before = maps.endpointConfig().get(RealizerTestBase.wired(1).hostIndex());
    PolicyTable all = table(named("NotIn", 3));
    assertTrue(all.entries().size() > IDENTITIES / 2);

    List<RealizeError> errors = apply(all);

    assertEquals(List.of("endpoint 1"), errors.stream().map(RealizeError::object).toList());
    assertEquals(
        "policy table: %d entries do not fit, the most is 16384".formatted(all.entries().size()),
        errors.getFirst().message());
    assertEquals(few.entries(), inKernel());
    assertEquals(before, maps.endpointConfig().get(RealizerTestBase.wired(1).hostIndex()));
    assertEquals(List.of(), apply(few));
  }

  @Test
  void apply_newEndpointWithMoreThanATableHolds_staysUnknownThatIsClosed() {
    assertEquals(1, apply(table(named("NotIn", 3))).size());
    assertEquals(0, maps.endpointConfig().count());
    assertEquals(0, maps.policies().count());
    assertEquals(List.of(), apply(table(named("In", 3))));
    assertEquals(1, maps.endpointConfig().count());
  }
}
