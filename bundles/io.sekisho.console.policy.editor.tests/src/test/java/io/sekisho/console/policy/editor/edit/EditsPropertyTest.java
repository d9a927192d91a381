package io.sekisho.console.policy.editor.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.policy.editor.model.Condition;
import io.sekisho.console.policy.editor.model.Edit;
import io.sekisho.console.policy.editor.model.EditException;
import io.sekisho.console.policy.editor.model.Effect;
import io.sekisho.console.policy.editor.model.PeerForm;
import io.sekisho.console.policy.editor.model.PortForm;
import io.sekisho.console.policy.editor.model.RulePicture;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Kind;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.Peer;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Requirement.Operator;
import io.sekisho.policy.Rule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Any sequence of edits gives a text that parses to what the picture shows; comments stay. */
class EditsPropertyTest {
  private static final int SEEDS = 400;
  private static final int STEPS = 12;
  private int made;

  @Test
  void edits_any_parseToThePicture() throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<String> samples = Samples.all();
      PolicyText text = PolicyText.read(samples.get(seed % samples.size()));
      for (int step = 0; step < STEPS; step++) {
        Edit edit = edit(random, text);
        PolicyText before = text;
        String what = "seed " + seed + " step " + step + " " + edit + "\n" + before.yaml().text();
        try {
          text = before.after(List.of(edit));
          made++;
        } catch (EditException e) {
          assertTrue(e.code() != EditException.Code.BY_HAND, () -> what + e);
          assertTrue(e.code() != EditException.Code.GONE, () -> what + e);
          continue;
        }
        check(text, what);
        checkEdit(before, text, edit, what);
        assertTrue(
            text.yaml().text().startsWith(before.yaml().text().lines().findFirst().orElse("")),
            what);
      }
    }
    assertTrue(made > SEEDS * STEPS / 2, "edits were made: " + made);
  }

  /** What is outside of the spec is the same to the letter. */
  private static void checkEdit(PolicyText before, PolicyText after, Edit edit, String what) {
    int at = before.specs().stream().map(SpecPicture::path).toList().indexOf(edit.specPath());
    SpecPicture was = before.specs().get(at);
    SpecPicture is = after.specs().get(at);
    int start = before.yaml().span(was.path()).orElseThrow().start();
    assertEquals(
        before.yaml().text().substring(0, start),
        after.yaml().text().substring(0, Math.min(start, after.yaml().text().length())),
        what);
    boolean opens = edit instanceof Edit.AddRule a && a.effect() == Effect.ALLOW;
    boolean sets = edit instanceof Edit.SetIsolation;
    if (!opens && !sets) {
      assertEquals(was.isolated(), is.isolated(), what);
    }
    boolean moves =
        edit instanceof Edit.AddPeer
            || edit instanceof Edit.SetEffect
            || edit instanceof Edit.MoveRule;
    if (moves) {
      comments(before)
          .forEach(
              c ->
                  assertTrue(
                      after.yaml().text().contains(c),
                      () -> c + " is gone: " + what + "=> " + after.yaml().text()));
    }
    switch (edit) {
      case Edit.AddRule a -> assertEquals(peers(was) + 1, peers(is), what);
      case Edit.AddPeer a -> assertEquals(peers(was) + 1, peers(is), what);
      case Edit.RemovePeer r -> assertEquals(peers(was) - 1, peers(is), what);
      case Edit.SetPeer s -> {
        assertEquals(peers(was), peers(is), what);
        assertTrue(forms(is).contains(normal(s.form())), what + forms(is));
      }
      case Edit.SetSubject s ->
          assertEquals(normal(new PeerForm.Pods(s.conditions())), normal(is.subject()), what);
      case Edit.SetIsolation s -> assertEquals(s.on(), is.isolated().contains(s.direction()), what);
      default -> assertEquals(peers(is) > 0 || peers(was) <= peersOfRules(was), true, what);
    }
  }

  private static List<String> comments(PolicyText text) {
    return text.yaml()
        .text()
        .lines()
        .filter(l -> l.contains("# "))
        .map(l -> l.substring(l.indexOf("# ")))
        .toList();
  }

  private static int peersOfRules(SpecPicture spec) {
    return spec.rules().stream().mapToInt(r -> r.peers().size()).max().orElse(0);
  }

  private static int peers(SpecPicture spec) {
    return spec.rules().stream().mapToInt(r -> r.peers().size()).sum();
  }

  private static Set<PeerForm> forms(SpecPicture spec) {
    Set<PeerForm> out = new HashSet<>();
    spec.rules().forEach(r -> r.peers().forEach(p -> out.add(normal(p.form()))));
    return out;
  }

  /** The same in any order of conditions; kinds of the whole cluster add every namespace. */
  private static PeerForm normal(PeerForm form) {
    return form instanceof PeerForm.Pods p
        ? new PeerForm.Pods(
            p.conditions().stream()
                .filter(c -> !c.equals(KubernetesPeers.ANY_NAMESPACE))
                .sorted(java.util.Comparator.comparing(Condition::toString))
                .toList())
        : form;
  }

  private static void check(PolicyText text, String what) {
    Parsed parsed = Documents.parse(List.of(text.yaml().text()));
    String now = what + "\n=> " + text.yaml().text();
    assertEquals(List.of(), parsed.errors(), now);
    List<PolicySpec> specs = parsed.documents().stream().flatMap(d -> d.specs().stream()).toList();
    List<SpecPicture> pictures = text.specs().stream().filter(s -> !s.demands()).toList();
    assertEquals(specs.size(), pictures.size(), now);
    for (int i = 0; i < specs.size(); i++) {
      assertEquals(specs.get(i).isolated(), pictures.get(i).isolated(), now);
      check(specs.get(i), pictures.get(i), now);
    }
  }

  private static void check(PolicySpec spec, SpecPicture picture, String what) {
    int drawn = 0;
    for (Rule rule : spec.rules()) {
      List<RulePicture> found =
          picture.rules().stream()
              .filter(r -> r.id().section().equals(rule.reference().section().text()))
              .filter(r -> r.number() == rule.reference().index())
              .toList();
      if (rule.peers().isEmpty()) {
        assertEquals(List.of(), found, what);
        continue;
      }
      drawn++;
      RulePicture r = found.getFirst();
      assertEquals(rule.action().name(), r.effect().name(), what);
      assertEquals(ranges(rule), ranges(r), what);
      long selectors = rule.peers().stream().filter(p -> p instanceof Peer.Endpoints).count();
      long pods = r.peers().stream().filter(p -> p.form() instanceof PeerForm.Pods).count();
      assertEquals(selectors, pods, what);
    }
    // rules in a direction that policyTypes leaves out are shown, but parsed as none
    boolean all = picture.head().kind() != Kind.NETWORK_POLICY;
    long inForce =
        picture.rules().stream()
            .filter(r -> all || picture.isolated().contains(r.direction()))
            .count();
    assertEquals(drawn, inForce, what);
  }

  private static Set<String> ranges(Rule rule) {
    Set<String> out = new TreeSet<>();
    rule.ports().forEach(p -> out.add(p.protocol() + ":" + p.first() + "-" + p.last()));
    rule.named().forEach(n -> out.add(n.protocol() + ":" + n.name()));
    return out;
  }

  private static Set<String> ranges(RulePicture rule) {
    Set<String> out = new TreeSet<>();
    if (rule.ports().isEmpty()) {
      out.add("0:0-65535");
    }
    for (PortForm p : rule.ports()) {
      if (p.icmp()) {
        String type = p.port().equals("EchoRequest") ? "8" : p.port();
        out.add((p.protocol().equals("ICMP") ? 1 : 58) + ":" + type + "-" + type);
      } else {
        for (int protocol : protocols(p)) {
          String last = p.last().isEmpty() ? p.port() : p.last();
          out.add(
              protocol
                  + ":"
                  + (p.port().isEmpty()
                      ? "0-65535"
                      : p.named() ? p.port() : p.port() + "-" + last));
        }
      }
    }
    return out;
  }

  private static List<Integer> protocols(PortForm p) {
    return switch (p.protocol()) {
      case "TCP" -> List.of(PortRange.TCP);
      case "UDP" -> List.of(PortRange.UDP);
      case "SCTP" -> List.of(PortRange.SCTP);
      default ->
          p.named() || p.port().isEmpty()
              ? List.of(0)
              : List.of(PortRange.TCP, PortRange.UDP, PortRange.SCTP);
    };
  }

  private static <T> T any(SplittableRandom random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static Edit edit(SplittableRandom random, PolicyText text) {
    SpecPicture spec = any(random, text.specs());
    List<RulePicture> rules = spec.rules();
    Direction direction = any(random, List.of(Direction.values()));
    boolean tier = spec.ordered();
    Effect effect = any(random, new ArrayList<>(EnumSet.copyOf(PolicyText.effects(spec))));
    if (rules.isEmpty() || random.nextInt(4) == 0) {
      int which = random.nextInt(3);
      if (which == 0) {
        return new Edit.SetSubject(spec.path(), conditions(random, false));
      }
      return which == 1 && !tier
          ? new Edit.SetIsolation(spec.path(), direction, random.nextBoolean())
          : new Edit.AddRule(spec.path(), direction, effect, peer(random), ports(random, tier));
    }
    RulePicture rule = any(random, rules);
    int which = random.nextInt(7);
    if (which < 3 && !rule.peers().isEmpty()) {
      var peer = any(random, rule.peers());
      if (which == 0) {
        return new Edit.AddPeer(rule.id(), peer(random));
      }
      return which == 1 && !(peer.form() instanceof PeerForm.Everybody)
          ? new Edit.SetPeer(peer.id(), peer(random))
          : new Edit.RemovePeer(peer.id());
    }
    if (which == 3 && rules.size() > 1 && (!tier || !last(spec, rule))) {
      return new Edit.RemoveRule(rule.id());
    }
    if (which == 4) {
      return new Edit.SetEffect(rule.id(), effect);
    }
    return which == 5 && tier
        ? new Edit.MoveRule(rule.id(), random.nextBoolean() ? 1 : -1)
        : new Edit.SetPorts(spec.demands() ? rules.getLast().id() : rule.id(), ports(random, tier));
  }

  private static boolean last(SpecPicture spec, RulePicture rule) {
    return spec.rules(rule.direction()).count() == 1;
  }

  private static PeerForm peer(SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> new PeerForm.Entity(any(random, List.of("world", "host", "cluster", "all")));
      case 1 -> new PeerForm.Prefix("10." + random.nextInt(99) + ".0.0/16", List.of());
      case 2 -> new PeerForm.Prefix("192.0.2.0/24", List.of("192.0.2.8/32"));
      case 3 -> new PeerForm.Nodes(List.of());
      default -> new PeerForm.Pods(conditions(random, true));
    };
  }

  private static List<Condition> conditions(SplittableRandom random, boolean namespaces) {
    List<Condition> out = new ArrayList<>();
    if (random.nextInt(4) > 0) {
      out.add(Condition.is("app", any(random, List.of("cart", "web", "db", "x.y"))));
    }
    if (random.nextInt(4) == 0) {
      out.add(new Condition("tier", Operator.IN, List.of("a", "b")));
    }
    if (random.nextInt(6) == 0) {
      out.add(new Condition("debug", Operator.DOES_NOT_EXIST, List.of()));
    }
    if (namespaces && random.nextInt(3) == 0) {
      out.add(Condition.is(Condition.NAMESPACE, any(random, List.of("ops", "shop"))));
    }
    if (namespaces && random.nextInt(8) == 0) {
      out.add(Condition.is("ns:team", "blue"));
    }
    return out;
  }

  private static List<PortForm> ports(SplittableRandom random, boolean tier) {
    List<PortForm> out = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      PortForm port =
          switch (random.nextInt(tier ? 2 : 5)) {
            case 0 -> PortForm.tcp(1 + random.nextInt(9000));
            case 1 -> new PortForm("UDP", "7000", Integer.toString(7001 + random.nextInt(9)));
            case 2 -> new PortForm("TCP", "http", "");
            case 3 -> new PortForm("TCP", "", "");
            default -> PortForm.udp(53);
          };
      if (!out.contains(port)) {
        out.add(port);
      }
    }
    return out;
  }
}
