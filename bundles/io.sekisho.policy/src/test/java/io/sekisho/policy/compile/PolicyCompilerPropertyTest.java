package io.sekisho.policy.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sekisho.policy.BlockLabels;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.CidrLabels;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.EnforcementMode;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.RuleReference;
import io.sekisho.policy.compile.NaivePolicy.Verdict;
import io.sekisho.policy.evaluate.Decided;
import io.sekisho.policy.evaluate.Decider;
import io.sekisho.policy.evaluate.Decision;
import io.sekisho.policy.evaluate.Evaluation;
import io.sekisho.policy.evaluate.Evaluator;
import io.sekisho.policy.evaluate.Question;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Table, evaluator and reference give one answer for every peer, port and direction. */
class PolicyCompilerPropertyTest {
  private static final List<Labels> PODS = RandomPolicies.PODS;

  /** The own node, with labels that select it. */
  static final Labels OWN_NODE = Labels.of("reserved:host", "zone=a", "app=x");

  private static final List<Labels> SUBJECTS =
      Stream.concat(PODS.stream(), Stream.of(OWN_NODE)).toList();
  private static final List<int[]> L4 =
      List.of(
          new int[] {1, 0},
          new int[] {1, 8},
          new int[] {58, 128},
          new int[] {6, 0},
          new int[] {6, 1},
          new int[] {6, 63},
          new int[] {6, 64},
          new int[] {6, 79},
          new int[] {6, 80},
          new int[] {6, 90},
          new int[] {6, 91},
          new int[] {6, 128},
          new int[] {6, 65535},
          new int[] {17, 53},
          new int[] {17, 80},
          new int[] {6, 22},
          new int[] {6, 2380},
          new int[] {17, 68},
          new int[] {1, 3},
          new int[] {112, 0},
          new int[] {132, 80});
  private static final List<String> OUTSIDE =
      List.of(
          "10.1.2.3", "10.1.2.4", "10.1.3.1", "10.2.0.1", "192.0.2.1", "fd00::1", "2001:db8::1");

  private static final List<String> INSIDE = List.of("10.1.2.3", "10.2.0.1", "fd00::1");
  private static final List<Optional<Cidr>> NOWHERE = List.of(Optional.empty());

  @Provide
  Arbitrary<List<PolicyDocument>> documents() {
    return RandomPolicies.documents();
  }

  @Provide
  Arbitrary<List<PolicyDocument>> written() {
    return RandomPolicies.written();
  }

  @Property(tries = 50)
  void parse_ownText_givesTheSameDocument(@ForAll("written") List<PolicyDocument> documents) {
    for (PolicyDocument document : documents) {
      assertEquals(
          List.of(document), Documents.parse(List.of("---\n" + document.yaml())).documents());
    }
  }

  private static List<Identity> peers(PolicyCompiler compiler) {
    var out = new ArrayList<Identity>();
    for (int i = 0; i < PODS.size(); i++) {
      out.add(new Identity(Identity.FIRST_CLUSTER + i, PODS.get(i)));
    }
    out.addAll(List.of(Identity.WORLD, Identity.REMOTE_NODE, Identity.UNMANAGED));
    out.add(new Identity(Identity.HOST.number(), OWN_NODE));
    out.add(new Identity(Identity.FIRST_NODE, Labels.of("reserved:remote-node", "zone=a")));
    out.add(new Identity(Identity.FIRST_NODE + 1, Labels.of("reserved:remote-node", "zone=b")));
    int number = Identity.FIRST_LOCAL;
    for (Cidr cidr : compiler.cidrs()) {
      out.add(new Identity(number++, CidrLabels.of(cidr)));
    }
    return out;
  }

  /** The prefixes of blocks; all are prefixes that documents name. */
  private static Map<Cidr, Identity> blocks(PolicyCompiler compiler, List<Identity> peers) {
    var out = new HashMap<Cidr, Identity>();
    for (Identity peer : peers) {
      CidrLabels.cidr(peer.labels())
          .filter(compiler.blocks()::contains)
          .ifPresent(c -> out.put(c, BlockLabels.identity(peer.number(), c)));
    }
    assertEquals(compiler.blocks(), out.keySet());
    return out;
  }

  /** Where a pod or a node is, for each one another place; prefixes are where they are. */
  private static List<Optional<Cidr>> addresses(Identity peer) {
    return peer.isLocal() && CidrLabels.cidr(peer.labels()).isPresent()
        ? List.of(Optional.empty())
        : Stream.concat(
                Stream.of(Optional.<Cidr>empty()),
                INSIDE.stream().map(a -> Optional.of(Cidr.parse(a))))
            .toList();
  }

  private static int block(Map<Cidr, Identity> blocks, Optional<Cidr> address) {
    return blocks.entrySet().stream()
        .filter(b -> address.filter(b.getKey()::contains).isPresent())
        .max(Comparator.comparingInt(b -> b.getKey().length128()))
        .map(b -> b.getValue().number())
        .orElse(0);
  }

  @Property(tries = 300)
  void lookup_anyPeer_decidesAsTheRulesDo(@ForAll("documents") List<PolicyDocument> documents) {
    lookup(documents, EnforcementMode.DEFAULT);
  }

  /** A policy under audit takes away what only the address of another one allows. */
  @Example
  void lookup_requirementUnderAuditAndBlock_decidesAsTheRulesDo() {
    String requiring =
        """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: p0, annotations: {sekisho.io/enforcement: audit}, namespace: a}
        spec:
          endpointSelector: {}
          egress: [{}, {toRequires: [{matchLabels: {app: x}}]}]
        """;
    String block =
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: p1, namespace: a}
        spec:
          podSelector: {}
          egress: [{to: [{ipBlock: {cidr: "fd00::/16"}}, {podSelector: {}}]}]
        """;
    lookup(Documents.parse(List.of(requiring, block)).documents(), EnforcementMode.DEFAULT);
    lookup(
        Documents.parse(List.of(requiring, block.replace(", {podSelector: {}}", ""))).documents(),
        EnforcementMode.DEFAULT);
  }

  @Property(tries = 60)
  void lookup_otherModes_decidesAsTheRulesAndTheModeDo(
      @ForAll("documents") List<PolicyDocument> documents, @ForAll EnforcementMode mode) {
    lookup(documents, mode);
  }

  private static void lookup(List<PolicyDocument> documents, EnforcementMode mode) {
    var compiler = new PolicyCompiler(documents, mode);
    var naive = new NaivePolicy(documents, mode);
    var evaluator = new Evaluator(documents, new Enforcement(mode, false));
    var decider = new Decider(compiler, false);
    var auditing = new Decider(compiler, true);
    List<Identity> peers = peers(compiler);
    Map<Cidr, Identity> blocks = blocks(compiler, peers);
    PeerIndex index =
        PeerIndex.of(Stream.concat(peers.stream(), blocks.values().stream()).toList());
    for (Labels subject : SUBJECTS) {
      PolicyTable table = compiler.compile(subject, index);
      for (Identity peer : peers) {
        if (subject == OWN_NODE && peer.labels().equals(OWN_NODE)) {
          continue; // does not leave the node
        }
        for (Optional<Cidr> address : blocks.isEmpty() ? NOWHERE : addresses(peer)) {
          for (Direction direction : Direction.values()) {
            for (int[] l4 : L4) {
              Question question = question(subject, peer, direction, l4).between(address, address);
              Evaluation evaluation = evaluator.evaluate(question);
              assertEquals(
                  new Decided(evaluation.decision(), evaluation.rule()),
                  decider.decide(question),
                  question::toString);
              Evaluation audited = evaluator.evaluate(question, true);
              assertEquals(
                  new Decided(audited.decision(), audited.rule()), auditing.decide(question));
              check(compiler, naive, evaluation, table, subject, peer, block(blocks, address));
            }
          }
        }
      }
    }
  }

  private static Question question(Labels subject, Identity peer, Direction direction, int[] l4) {
    boolean egress = direction == Direction.EGRESS;
    var self =
        new Identity(
            subject.equals(OWN_NODE) ? Identity.HOST.number() : Identity.FIRST_CLUSTER, subject);
    return new Question(egress ? self : peer, egress ? peer : self, l4[0], l4[1], direction);
  }

  private static void check(
      PolicyCompiler compiler,
      NaivePolicy naive,
      Evaluation evaluation,
      PolicyTable table,
      Labels subject,
      Identity peer,
      int block) {
    Question asked = evaluation.question();
    boolean egress = asked.direction() == Direction.EGRESS;
    if (evaluation.decision() == Decision.LOCAL_HOST) {
      return; // the datapath lets the own node pass before it looks
    }
    Optional<PolicyEntry> entry =
        NaivePolicy.lookup(table, peer.number(), block, asked.protocol(), asked.port(), egress);
    if (evaluation.decision() == Decision.FAIL_SAFE) {
      assertEquals(RuleIds.FAIL_SAFE, entry.orElseThrow().ruleId());
      assertFalse(entry.get().deny());
      return;
    }
    assertNotEquals(Optional.of(RuleIds.FAIL_SAFE), entry.map(PolicyEntry::ruleId));
    boolean enforced = egress ? table.egressEnforced() : table.ingressEnforced();
    Verdict byTable = NaivePolicy.verdict(entry, enforced);
    Verdict byRules =
        naive.decide(
            subject, peer, asked.peerAddress(), asked.protocol(), asked.port(), asked.direction());
    assertEquals(byRules, byTable, () -> "table: " + asked + " " + entry);
    assertEquals(byRules, verdict(evaluation), () -> "evaluator: " + asked);
    Optional<RuleReference> named = entry.flatMap(e -> compiler.rule(e.ruleId()));
    assertEquals(named, evaluation.rule(), () -> "rule: " + asked);
  }

  private static Verdict verdict(Evaluation evaluation) {
    if (evaluation.decision() == Decision.AUDITED) {
      return Verdict.AUDITED;
    }
    return evaluation.allowed() ? Verdict.PASSES : Verdict.DROPPED;
  }

  @Property(tries = 80)
  void outside_anyAddress_decidesAsItsPrefixesDo(
      @ForAll("documents") List<PolicyDocument> documents) {
    var compiler = new PolicyCompiler(documents);
    var naive = new NaivePolicy(documents);
    var evaluator = new Evaluator(documents);
    List<Identity> peers = peers(compiler);
    for (Labels subject : PODS) {
      PolicyTable table = compiler.compile(subject, peers);
      for (String text : OUTSIDE) {
        Labels labels = evaluator.outside(InetAddress.ofLiteral(text)).labels();
        int number =
            peers.stream()
                .filter(p -> p.labels().equals(labels))
                .findFirst()
                .orElseThrow()
                .number();
        for (int[] l4 : L4) {
          Verdict expected =
              naive.decideOutside(subject, Cidr.parse(text), l4[0], l4[1], Direction.EGRESS);
          Optional<PolicyEntry> entry = NaivePolicy.lookup(table, number, l4[0], l4[1], true);
          Verdict actual = NaivePolicy.verdict(entry, table.egressEnforced());
          assertEquals(expected, actual, () -> subject + " to " + text + " " + l4[0] + "/" + l4[1]);
        }
      }
    }
  }
}
