package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.policy.BlockLabels;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.CidrLabels;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.EnforcementMode;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.compile.NaivePolicy;
import io.sekisho.policy.compile.NaivePolicy.Verdict;
import io.sekisho.policy.compile.PeerIndex;
import io.sekisho.policy.compile.PolicyCompiler;
import io.sekisho.policy.compile.PolicyTable;
import io.sekisho.policy.compile.RandomPolicies;
import io.sekisho.policy.compile.RuleIds;
import io.sekisho.policy.evaluate.Decision;
import io.sekisho.policy.evaluate.Evaluation;
import io.sekisho.policy.evaluate.Evaluator;
import io.sekisho.policy.evaluate.Question;
import io.sekisho.testkit.TestClock;
import io.sekisho.testkit.dataplane.DatapathEvent;
import io.sekisho.testkit.dataplane.Dataplane;
import io.sekisho.testkit.dataplane.Outcome;
import io.sekisho.testkit.dataplane.Pod;
import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Tcp;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.JqwikException;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Three answers to who may talk to whom: of a naive reference, of {@link Evaluator}, and of the
 * programs in the kernel, run on real packets with maps that {@link Realizer} wrote. Random
 * documents; {@code -Dsekisho.truth.seed=N} repeats a run.
 */
final class TruthTableTest {
  private static final int COMPARISONS = 6000;
  private static final int CASES_OF_A_SET = 60;
  private static final int FIRST_PORT = 20_000;
  private static final int POLICY_DENIED = 133;
  private static final int POLICY_DENY = 181;

  private static final int[][] L4 = {
    {1, 8},
    {6, 1},
    {6, 63},
    {6, 64},
    {6, 79},
    {6, 80},
    {6, 90},
    {6, 91},
    {6, 128},
    {6, 65535},
    {17, 53},
    {17, 80},
    {132, 80}
  };

  private static final List<String> OUTSIDE =
      List.of(
          "10.1.2.3", "10.1.2.4", "10.1.3.1", "10.2.0.1", "192.0.2.1", "fd00::1", "2001:db8::1");

  private static final String REMOTE_NODE = "198.18.0.2";
  private static final int REMOTE_POD = 2000;
  private static final String REMOTE_ADDRESS = "10.244.2.9";
  private static final Labels REMOTE_LABELS =
      Labels.of("k8s:" + Labels.NAMESPACE + "=b", "app=y", "port:web=80/TCP");

  private final long seed = Long.getLong("sekisho.truth.seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final List<Pod> pods = new ArrayList<>();
  private Dataplane dataplane;
  private Realizer realizer;
  private int port = FIRST_PORT;
  private int compared;

  @BeforeEach
  void load() {
    dataplane = Dataplane.load();
    realizer =
        new Realizer(DatapathMaps.of(dataplane.maps(), dataplane.policyTable()), new TestClock());
    for (int i = 0; i < RandomPolicies.PODS.size(); i++) {
      pods.add(Pod.of(i + 1, Identity.FIRST_CLUSTER + i));
    }
  }

  @AfterEach
  void close() {
    dataplane.close();
  }

  /** A set of documents in force, with who can be at the ends of connections. */
  private record World(
      NaivePolicy naive,
      Evaluator evaluator,
      PolicyCompiler compiler,
      boolean[] audited,
      Map<Cidr, Identity> cidrs,
      Map<Cidr, Identity> blocks,
      boolean auditAll) {
    /** The identity of an address outside of the cluster, and of the node's ipcache. */
    Identity outside(InetAddress address) {
      Labels labels = evaluator.outside(address).labels();
      return cidrs.values().stream()
          .filter(i -> i.labels().equals(labels))
          .findFirst()
          .orElse(Identity.WORLD);
    }
  }

  /** What becomes of a connection, and by which rule. */
  private record Answer(Verdict verdict, Optional<Integer> rule) {}

  @Test
  void documents_random_threeAnswersAreOne() throws JqwikException {
    JqwikSession.run(
        () -> {
          Arbitrary<List<PolicyDocument>> documents = RandomPolicies.documents();
          var generator = documents.generator(1000);
          while (compared < COMPARISONS) {
            World world = install(generator.next(random).value());
            for (int i = 0; i < CASES_OF_A_SET; i++) {
              compareOne(world);
            }
          }
        });
    assertTrue(compared >= COMPARISONS, "compared " + compared);
  }

  private World install(List<PolicyDocument> documents) {
    var mode = random.nextInt(4) > 0 ? EnforcementMode.DEFAULT : anyMode();
    boolean auditAll = random.nextInt(10) == 0;
    var compiler = new PolicyCompiler(documents, mode);
    var audited = new boolean[pods.size()];
    for (int i = 0; i < audited.length; i++) {
      audited[i] = auditAll || random.nextInt(6) == 0;
    }
    var cidrs = new HashMap<Cidr, Identity>();
    int number = Identity.FIRST_LOCAL;
    for (Cidr cidr : compiler.cidrs()) {
      cidrs.put(cidr, new Identity(number++, CidrLabels.of(cidr)));
    }
    var blocks = new HashMap<Cidr, Identity>();
    for (Cidr block : compiler.blocks()) {
      blocks.put(block, BlockLabels.identity(cidrs.get(block).number(), block));
    }
    var world =
        new World(
            new NaivePolicy(documents, mode),
            new Evaluator(documents, new Enforcement(mode, auditAll)),
            compiler,
            audited,
            cidrs,
            blocks,
            auditAll);
    var wired = new HashMap<Integer, WiredEndpoint>();
    pods.forEach(pod -> wired.put(pod.id(), wired(pod)));
    assertEquals(List.of(), realizer.apply(desired(world, wired), wired), this::told);
    return world;
  }

  private EnforcementMode anyMode() {
    return EnforcementMode.values()[random.nextInt(EnforcementMode.values().length)];
  }

  private DesiredState desired(World world, Map<Integer, WiredEndpoint> wired) {
    var identities = new ArrayList<Identity>(world.cidrs().values());
    identities.addAll(world.blocks().values());
    identities.addAll(List.of(Identity.HOST, Identity.WORLD, Identity.REMOTE_NODE));
    identities.add(new Identity(REMOTE_POD, REMOTE_LABELS));
    for (int i = 0; i < pods.size(); i++) {
      identities.add(self(i));
    }
    var index = PeerIndex.of(identities);
    var endpoints = new HashMap<Integer, DesiredState.Endpoint>();
    for (int i = 0; i < pods.size(); i++) {
      Pod pod = pods.get(i);
      PolicyTable table = world.compiler().compile(RandomPolicies.PODS.get(i), index);
      endpoints.put(
          pod.id(),
          new DesiredState.Endpoint(
              wired.get(pod.id()), pod.identity(), table, world.audited()[i]));
    }
    var ipcache = new HashMap<Cidr, DesiredState.Location>();
    world.cidrs().forEach((cidr, id) -> ipcache.put(cidr, place(id.number())));
    ipcache.put(Cidr.parse(REMOTE_NODE), place(Identity.REMOTE_NODE.number()));
    ipcache.put(Cidr.parse(REMOTE_ADDRESS), place(REMOTE_POD));
    var blocks = new HashMap<Cidr, Integer>();
    world.blocks().forEach((prefix, identity) -> blocks.put(prefix, identity.number()));
    return new DesiredState(endpoints, ipcache, Map.of()).with(blocks);
  }

  private static DesiredState.Location place(int identity) {
    return new DesiredState.Location(identity, Optional.empty(), true);
  }

  private WiredEndpoint wired(Pod pod) {
    return new WiredEndpoint(
        pod.id(),
        "lxc" + pod.id(),
        dataplane.ifindex(pod),
        mac(pod.podMac()),
        mac(pod.hostMac()),
        List.of(InetAddress.ofLiteral(pod.ipv4()), InetAddress.ofLiteral(pod.ipv6())),
        1450);
  }

  private static String mac(byte[] bytes) {
    return HexFormat.ofDelimiter(":").formatHex(bytes);
  }

  private static Identity self(int pod) {
    return new Identity(Identity.FIRST_CLUSTER + pod, RandomPolicies.PODS.get(pod));
  }

  private void compareOne(World world) {
    int[] l4 = L4[random.nextInt(L4.length)];
    int from = random.nextInt(pods.size());
    switch (random.nextInt(4)) {
      case 0, 1 -> local(world, from, random.nextInt(pods.size()), l4, random.nextBoolean());
      case 2 -> outgoing(world, from, remote(), l4);
      default -> incoming(world, from, remote(), l4);
    }
  }

  private String remote() {
    int which = random.nextInt(OUTSIDE.size() + 2);
    return which < OUTSIDE.size()
        ? OUTSIDE.get(which)
        : which == OUTSIDE.size() ? REMOTE_NODE : REMOTE_ADDRESS;
  }

  private Identity identity(World world, String address) {
    return switch (address) {
      case REMOTE_NODE -> Identity.REMOTE_NODE;
      case REMOTE_ADDRESS -> new Identity(REMOTE_POD, REMOTE_LABELS);
      default -> world.outside(InetAddress.ofLiteral(address));
    };
  }

  /** Both ends decide: the sender's, and if it lets pass, the receiver's. */
  private void local(World world, int from, int to, int[] l4, boolean ipv6) {
    Pod receiver = pods.get(to);
    if (from == to) {
      return;
    }
    int[] l4Real = ofFamily(l4, ipv6);
    byte[] frame = frame(pods.get(from).sends(receiver.address(ipv6)), l4Real);
    Outcome outcome = dataplane.fromEndpoint(pods.get(from), frame);
    var asked = new Asked(l4Real, receiver.address(ipv6), Direction.EGRESS);
    compare(world, from, self(to), asked, outcome, pods.get(from).id());
    if (outcome.dropReason() == 0
        || outcome.events(DatapathEvent.DROP).getFirst().endpoint() == receiver.id()) {
      var back = new Asked(l4Real, pods.get(from).address(ipv6), Direction.INGRESS);
      compare(world, to, self(from), back, outcome, receiver.id());
    }
  }

  private void outgoing(World world, int from, String address, int[] l4) {
    int[] l4Real = ofFamily(l4, address.contains(":"));
    byte[] frame = frame(pods.get(from).sends(address), l4Real);
    Outcome outcome = dataplane.fromEndpoint(pods.get(from), frame);
    Identity peer = identity(world, address);
    var asked = new Asked(l4Real, address, Direction.EGRESS);
    compare(world, from, peer, asked, outcome, pods.get(from).id());
  }

  private void incoming(World world, int to, String address, int[] l4) {
    int[] l4Real = ofFamily(l4, address.contains(":"));
    byte[] frame = frame(pods.get(to).gets(address), l4Real);
    Outcome outcome = dataplane.toEndpoint(pods.get(to), frame);
    Identity peer = identity(world, address);
    var asked = new Asked(l4Real, address, Direction.INGRESS);
    compare(world, to, peer, asked, outcome, pods.get(to).id());
  }

  private static int[] ofFamily(int[] l4, boolean ipv6) {
    return l4[0] == 1 && ipv6 ? new int[] {58, 128} : l4;
  }

  /** Each packet opens a connection of its own. */
  private byte[] frame(PacketBuilder packet, int[] l4) {
    port = port == 60_000 ? FIRST_PORT : port + 1;
    return switch (l4[0]) {
      case 6 -> packet.tcp(port, l4[1], Tcp.SYN).build();
      case 17 -> packet.udp(port, l4[1]).build();
      case 132 -> packet.sctp(port, l4[1]).build();
      default -> packet.echo(port).build();
    };
  }

  /** What is asked of one end, and the address at the other. */
  private record Asked(int[] l4, String address, Direction direction) {
    Question of(Identity self, Identity peer) {
      boolean egress = direction == Direction.EGRESS;
      Optional<Cidr> at = Optional.of(Cidr.parse(address));
      return new Question(egress ? self : peer, egress ? peer : self, l4[0], l4[1], direction)
          .between(at, at);
    }
  }

  private void compare(
      World world, int subject, Identity peer, Asked asked, Outcome outcome, int endpoint) {
    boolean egress = asked.direction() == Direction.EGRESS;
    Question question = asked.of(self(subject), peer);
    boolean audited = world.audited()[subject];
    Evaluation evaluation = world.evaluator().evaluate(question, audited);
    Verdict byRules =
        world
            .naive()
            .decide(
                RandomPolicies.PODS.get(subject),
                peer,
                question.peerAddress(),
                question.protocol(),
                question.port(),
                question.direction());
    if (audited && byRules == Verdict.DROPPED) {
      byRules = Verdict.AUDITED;
    }
    Answer byKernel = answer(outcome, endpoint, egress);
    Verdict expected = byRules;
    assertEquals(expected, verdict(evaluation), () -> "evaluator: " + question + told());
    assertEquals(
        expected, byKernel.verdict(), () -> "kernel: " + question + outcome.events() + told());
    byKernel
        .rule()
        .ifPresent(
            rule ->
                assertEquals(
                    ruleId(world, evaluation),
                    rule,
                    () -> "rule: " + question + evaluation + outcome.events() + told()));
    compared++;
  }

  private String told() {
    return " (-Dsekisho.truth.seed=" + seed + ", after " + compared + " comparisons)";
  }

  private static Verdict verdict(Evaluation evaluation) {
    if (evaluation.decision() == Decision.AUDITED) {
      return Verdict.AUDITED;
    }
    return evaluation.allowed() ? Verdict.PASSES : Verdict.DROPPED;
  }

  private static int ruleId(World world, Evaluation evaluation) {
    if (evaluation.rule().isPresent()) {
      return RuleIds.of(world.naive().documents()).id(evaluation.rule().get());
    }
    return evaluation.decision() == Decision.NOT_ENFORCED
        ? RuleIds.NOT_ENFORCED
        : RuleIds.DEFAULT_DENY;
  }

  /** What the programs said of one end; a verdict is told of what a rule decided. */
  private static Answer answer(Outcome outcome, int endpoint, boolean egress) {
    for (DatapathEvent event : outcome.events()) {
      if (event.endpoint() != endpoint || event.egress() != egress) {
        continue;
      }
      if (event.type() == DatapathEvent.DROP && isPolicy(event.subtype())) {
        return new Answer(Verdict.DROPPED, Optional.of(event.ruleId()));
      }
      if (event.type() == DatapathEvent.VERDICT) {
        Verdict verdict = event.audited() ? Verdict.AUDITED : Verdict.PASSES;
        return new Answer(verdict, Optional.of(event.ruleId()));
      }
    }
    return new Answer(Verdict.PASSES, Optional.empty());
  }

  private static boolean isPolicy(int reason) {
    return reason == POLICY_DENIED || reason == POLICY_DENY;
  }
}
