package io.sekisho.console.policy.editor.draw;

import io.sekisho.console.policy.editor.Texts;
import io.sekisho.console.policy.editor.draw.Element.Shape;
import io.sekisho.console.policy.editor.draw.Element.Tone;
import io.sekisho.console.policy.editor.model.Condition;
import io.sekisho.console.policy.editor.model.Effect;
import io.sekisho.console.policy.editor.model.Live;
import io.sekisho.console.policy.editor.model.LivePod;
import io.sekisho.console.policy.editor.model.PeerForm;
import io.sekisho.console.policy.editor.model.PeerPicture;
import io.sekisho.console.policy.editor.model.PortForm;
import io.sekisho.console.policy.editor.model.RulePicture;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Kind;
import io.sekisho.policy.Requirement.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the picture of a spec says, in words. */
public final class Wording {
  private static final int MOST_WORKLOADS = 12;

  /** Pixels of the subject's box above the names of its workloads, and below them. */
  private static final int HEAD_OF_SUBJECT = 74;

  private static final int LINE = 16;

  private final SpecPicture spec;
  private final Live live;

  /** The words of a spec. */
  public Wording(SpecPicture spec, Live live) {
    this.spec = spec;
    this.live = live;
  }

  private static String key(Direction direction) {
    return direction == Direction.INGRESS ? "in" : "out";
  }

  /** What stands over a side. */
  String side(Direction direction) {
    return Texts.of((spec.demands() ? "side.expect." : "side.") + key(direction));
  }

  /** The default of a side. */
  public String sideNote(Direction direction) {
    if (spec.demands()) {
      return "";
    }
    if (spec.ordered()) {
      return Texts.of("default.tier");
    }
    return Texts.of(spec.isolated().contains(direction) ? "default.deny" : "default.allow");
  }

  String middle() {
    return Texts.of("kind." + spec.head().kind().text());
  }

  String middleNote() {
    return spec.head().audit() ? Texts.of("audit.note") : "";
  }

  private static String shortText(List<Condition> conditions) {
    return Condition.text(conditions.stream().filter(c -> !c.ofNamespace()).toList());
  }

  Element subject(Rect box) {
    ElementId id = new ElementId.Subject(spec.subjectPath());
    if (spec.demands()) {
      Effect effect = spec.rules().isEmpty() ? Effect.ALLOW : spec.rules().getFirst().effect();
      String text = Texts.of("expect." + effect.name().toLowerCase(Locale.ROOT));
      return new Element(id, box, Shape.PORTS, List.of(text, spec.description()), Tone.QUIET, text);
    }
    List<String> lines = new ArrayList<>();
    Tone tone = Tone.QUIET;
    if (spec.subject() instanceof PeerForm.Pods pods) {
      lines.add(title(pods.conditions()));
      List<LivePod> now = live.matching(pods.conditions(), spec.head().namespace());
      lines.add(where(pods.conditions()));
      lines.add(count(now));
      tone = live.known() && now.isEmpty() ? Tone.CONCERN : Tone.QUIET;
      lines.addAll(workloads(now, (box.height() - HEAD_OF_SUBJECT) / LINE));
    } else if (spec.subject() instanceof PeerForm.Nodes nodes) {
      lines.add(nodesTitle(nodes));
      lines.add(Texts.of("peer.nodes.note"));
    }
    boolean nodes = spec.subject() instanceof PeerForm.Nodes;
    String tip = Texts.of("tip.subject", String.join(", ", lines));
    return new Element(id, box, nodes ? Shape.NODES : Shape.PODS, lines, tone, tip);
  }

  /** Names of workloads, as many as there is room for; the number of the rest is said. */
  private List<String> workloads(List<LivePod> pods, int room) {
    boolean whole = spec.head().namespace().isEmpty();
    List<String> all =
        Live.workloads(pods).keySet().stream()
            .map(w -> whole ? w : w.substring(w.indexOf('/') + 1))
            .toList();
    if (all.size() <= room) {
      return all;
    }
    List<String> some = new ArrayList<>(all.subList(0, Math.max(0, room - 1)));
    some.add(Texts.of("chip.more", all.size() - some.size()));
    return some;
  }

  private static String nodesTitle(PeerForm.Nodes nodes) {
    return nodes.conditions().isEmpty()
        ? Texts.of("peer.nodes")
        : Condition.text(nodes.conditions());
  }

  /** Pods by their labels; all of them where no label is named. */
  static String title(List<Condition> conditions) {
    String text = shortText(conditions);
    return text.isEmpty() ? Texts.of("peer.pods.all") : text;
  }

  private String where(List<Condition> conditions) {
    List<Condition> spaces = conditions.stream().filter(Condition::ofNamespace).toList();
    boolean any =
        spaces.stream()
            .allMatch(c -> c.key().equals(Condition.NAMESPACE) && c.operator() == Operator.EXISTS);
    if (spaces.isEmpty() && !spec.head().namespace().isEmpty() && !expects()) {
      return Texts.of("where.in", spec.head().namespace());
    }
    if (any) {
      return Texts.of("where.every");
    }
    Condition first = spaces.getFirst();
    boolean named =
        spaces.size() == 1
            && first.key().equals(Condition.NAMESPACE)
            && first.operator() == Operator.IN;
    return Texts.of("where.in", named ? String.join(", ", first.values()) : Condition.text(spaces));
  }

  private boolean expects() {
    return spec.head().kind() == Kind.EXPECTATION;
  }

  private String count(List<LivePod> pods) {
    if (!live.known()) {
      return Texts.of("count.unknown");
    }
    return pods.isEmpty() ? Texts.of("count.none") : Texts.of("count.pods", pods.size());
  }

  Element peer(PeerPicture peer, Rect box) {
    ElementId id = new ElementId.Peer(peer.id());
    return switch (peer.form()) {
      case PeerForm.Pods p -> pods(id, box, p);
      case PeerForm.Everybody e ->
          element(
              id, box, Shape.OUTSIDE, Texts.of("peer.everybody"), Texts.of("peer.everybody.note"));
      case PeerForm.Entity e -> element(id, box, entityShape(e.name()), e.name(), entity(e.name()));
      case PeerForm.Prefix p ->
          element(
              id,
              box,
              Shape.OUTSIDE,
              p.cidr(),
              p.except().isEmpty()
                  ? Texts.of("peer.cidr.note")
                  : Texts.of("peer.cidr.except", String.join(", ", p.except())));
      case PeerForm.Nodes n ->
          element(id, box, Shape.NODES, nodesTitle(n), Texts.of("peer.nodes.note"));
      case PeerForm.Networks n ->
          element(
              id, box, Shape.OUTSIDE, n.line(), Texts.of("peer.networks.note", n.cidrs().size()));
      case PeerForm.Service s ->
          element(
              id,
              box,
              Shape.SERVICE,
              s.line(),
              Texts.of(s.name().isEmpty() ? "peer.services.note" : "peer.service.note"));
      case PeerForm.Other o ->
          element(id, box, Shape.OUTSIDE, o.field(), Texts.of("peer.other.note"));
    };
  }

  private Element pods(ElementId id, Rect box, PeerForm.Pods pods) {
    String namespace = expects() ? "" : spec.head().namespace();
    List<LivePod> now = live.matching(pods.conditions(), namespace);
    String where = where(pods.conditions());
    boolean nobody = live.known() && now.isEmpty();
    String title = title(pods.conditions());
    String note = nobody ? Texts.of("count.none") : where + " · " + count(now);
    return new Element(
        id,
        box,
        Shape.PODS,
        List.of(title, note),
        nobody ? Tone.CONCERN : Tone.QUIET,
        String.join("\n", tip(title + ", " + where + ", " + count(now), now)));
  }

  private static List<String> tip(String first, List<LivePod> pods) {
    List<String> out = new ArrayList<>(List.of(first));
    Map<String, Integer> workloads = Live.workloads(pods);
    workloads.entrySet().stream()
        .limit(MOST_WORKLOADS)
        .forEach(e -> out.add(Texts.of("tip.workload", e.getKey(), e.getValue())));
    if (workloads.size() > MOST_WORKLOADS) {
      out.add(Texts.of("tip.more", workloads.size() - MOST_WORKLOADS));
    }
    return out;
  }

  private static Element element(ElementId id, Rect box, Shape shape, String title, String note) {
    return new Element(id, box, shape, List.of(title, note), Tone.QUIET, title + ", " + note);
  }

  private static Shape entityShape(String name) {
    return switch (name) {
      case "host", "remote-node", "kube-apiserver" -> Shape.NODES;
      case "cluster", "health", "init", "unmanaged" -> Shape.PODS;
      default -> Shape.OUTSIDE;
    };
  }

  private static String entity(String name) {
    return io.sekisho.policy.Entity.of(name).isPresent()
        ? Texts.of("entity." + name)
        : Texts.of("entity.unknown");
  }

  /**
   * Something on the edge of a rule.
   *
   * @param lines what is written in it
   */
  record Chip(ElementId id, Shape shape, List<String> lines) {}

  /**
   * What stands on the edge of a rule: its ports, and apart from them types of ICMP; the effect
   * where it is not the usual one before the first.
   */
  List<Chip> chips(RulePicture rule, int most) {
    ElementId.Ports id = new ElementId.Ports(rule.id());
    List<String> head = head(rule);
    if (spec.demands() && rule.direction() == Direction.INGRESS) {
      return List.of(new Chip(id, Shape.PORTS, List.of(effect(rule.effect()))));
    }
    List<String> types = Icmp.lines(rule.ports());
    List<String> ports =
        rule.ports().stream().filter(p -> !p.icmp()).map(PortForm::toString).toList();
    List<Chip> out = new ArrayList<>();
    if (!ports.isEmpty() || types.isEmpty()) {
      List<String> all = ports.isEmpty() ? List.of(Texts.of("chip.all")) : ports;
      out.add(new Chip(id, Shape.PORTS, cut(head, all, most)));
    }
    if (!types.isEmpty()) {
      List<String> before = out.isEmpty() ? head : List.<String>of();
      out.add(new Chip(new ElementId.Icmp(rule.id()), Shape.ICMP, cut(before, types, most)));
    }
    return out;
  }

  private List<String> head(RulePicture rule) {
    if (spec.ordered()) {
      return List.of(Texts.of("chip.ordered", rule.id().index() + 1, effect(rule.effect())));
    }
    return rule.effect() == Effect.DENY && !spec.demands()
        ? List.of(effect(rule.effect()))
        : List.of();
  }

  private static List<String> cut(List<String> head, List<String> lines, int most) {
    List<String> out = new ArrayList<>(head);
    int room = most - head.size();
    int shown = lines.size() <= room ? lines.size() : room - 1;
    out.addAll(lines.subList(0, shown));
    if (shown < lines.size()) {
      out.add(Texts.of("chip.more", lines.size() - shown));
    }
    return out;
  }

  /** An effect in one word. */
  public static String effect(Effect effect) {
    return Texts.of("effect." + effect.name().toLowerCase(Locale.ROOT));
  }

  Element chip(RulePicture rule, Chip chip, Rect box) {
    List<String> tip = new ArrayList<>();
    tip.add(
        Texts.of(
            "tip.rule",
            rule.name().isEmpty() ? Texts.of("tip.rule.number", rule.number()) : rule.name(),
            effect(rule.effect()),
            rule.ports().isEmpty() ? Texts.of("chip.all") : Icmp.text(rule.ports())));
    if (!rule.undrawn().isEmpty()) {
      tip.add(Texts.of("tip.undrawn", String.join(", ", rule.undrawn())));
    }
    Tone tone = rule.effect() == Effect.DENY ? Tone.DENY : Tone.QUIET;
    List<String> shown = new ArrayList<>(chip.lines());
    if (!rule.undrawn().isEmpty()) {
      shown.set(shown.size() - 1, Texts.of("chip.undrawn", shown.getLast()));
    }
    return new Element(chip.id(), box, chip.shape(), shown, tone, String.join("\n", tip));
  }

  Element rest(ElementId.Rest id, Rect box) {
    boolean drops = spec.isolated().contains(id.direction());
    String note =
        spec.ordered()
            ? Texts.of("rest.tier")
            : drops
                ? Texts.of(spec.head().audit() ? "rest.audit" : "rest.drop")
                : Texts.of("rest.pass");
    return new Element(
        id,
        box,
        Shape.REST,
        List.of(Texts.of("rest." + key(id.direction())), note),
        drops && !spec.ordered() ? Tone.DENY : Tone.QUIET,
        Texts.of("rest." + key(id.direction())) + ": " + note);
  }

  Element add(ElementId.Add id, Rect box) {
    String text = Texts.of((spec.demands() ? "add.expect." : "add.") + key(id.direction()));
    return new Element(id, box, Shape.ADD, List.of(text), Tone.QUIET, text);
  }
}
