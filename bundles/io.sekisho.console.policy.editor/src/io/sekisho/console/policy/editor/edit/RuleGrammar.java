package io.sekisho.console.policy.editor.edit;

import io.sekisho.console.policy.editor.model.Edit;
import io.sekisho.console.policy.editor.model.EditException;
import io.sekisho.console.policy.editor.model.Effect;
import io.sekisho.console.policy.editor.model.PeerForm;
import io.sekisho.console.policy.editor.model.PeerId;
import io.sekisho.console.policy.editor.model.PeerPicture;
import io.sekisho.console.policy.editor.model.PortForm;
import io.sekisho.console.policy.editor.model.RuleId;
import io.sekisho.console.policy.editor.model.RulePicture;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.console.policy.editor.yaml.Path;
import io.sekisho.console.policy.editor.yaml.Value;
import io.sekisho.console.policy.editor.yaml.Value.Fields;
import io.sekisho.console.policy.editor.yaml.Value.Items;
import io.sekisho.policy.Direction;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Kinds whose specs are lists of rules. What an edit does to defaults is the same for all: a rule
 * that allows switches on what the kind says it does; no other edit changes a default.
 */
abstract class RuleGrammar implements Grammar {
  static final String INGRESS = "ingress";
  static final String EGRESS = "egress";

  private final SpecPicture.Head head;

  RuleGrammar(SpecPicture.Head head) {
    this.head = head;
  }

  final SpecPicture.Head head() {
    return head;
  }

  /** The lists that rules stand in: one for each direction, where a kind has no more. */
  List<String> sections() {
    return List.of(INGRESS, EGRESS);
  }

  Direction direction(String section) {
    return section.equals(INGRESS) ? Direction.INGRESS : Direction.EGRESS;
  }

  /** The list for new rules. */
  String section(Direction direction, Effect effect) {
    return direction == Direction.INGRESS ? INGRESS : EGRESS;
  }

  /** What the names of peers' fields begin with. */
  static String side(Direction direction) {
    return direction == Direction.INGRESS ? "from" : "to";
  }

  abstract Effect effect(String section, Fields rule);

  /** A rule with another effect; the same where its list says it. */
  abstract Fields withEffect(Fields rule, Effect effect) throws EditException;

  abstract Set<String> drawn(Direction direction);

  abstract List<PeerPicture> peers(RuleId id, Fields rule, Direction direction);

  abstract List<PortForm> ports(Fields rule);

  abstract Set<Direction> isolated(Fields spec);

  abstract Fields isolate(Fields spec, Direction direction, boolean on) throws EditException;

  abstract PeerForm subject(Fields spec);

  abstract String subjectField();

  abstract Fields withSubject(Fields spec, PeerForm.Pods subject) throws EditException;

  /** Fields of a spec that are drawn, besides its lists. */
  abstract Set<String> drawnOfSpec();

  abstract Fields rule(Direction direction, Effect effect, PeerForm peer, List<PortForm> ports)
      throws EditException;

  /** A rule with a peer more; empty if it can't hold such a peer. */
  abstract Optional<Fields> joined(Fields rule, Direction direction, PeerForm peer)
      throws EditException;

  /** A rule with another peer in place of one; empty if it can't hold such a peer. */
  abstract Optional<Fields> exchanged(Fields rule, Direction direction, PeerId id, PeerForm peer)
      throws EditException;

  abstract Fields withPorts(Fields rule, Direction direction, List<PortForm> ports)
      throws EditException;

  /** What is left of a list in which no rule is left; empty if the list goes. */
  abstract Optional<Items> emptied(Fields spec, String section);

  @Override
  public final SpecPicture read(Path at, Fields spec, Map<String, Integer> before) {
    List<RulePicture> rules = new ArrayList<>();
    for (String section : sections()) {
      List<Value> list = spec.list(section);
      for (int i = 0; i < list.size(); i++) {
        int number = before.merge(section, 1, Integer::sum);
        RuleId id = new RuleId(at, section, i);
        if (list.get(i) instanceof Fields rule) {
          picture(id, number, rule).ifPresent(rules::add);
        }
      }
    }
    return new SpecPicture(
        head,
        at,
        subject(spec),
        at.key(subjectField()),
        isolated(spec),
        rules,
        spec.text("description"),
        spec.fields().keySet().stream()
            .filter(k -> !sections().contains(k) && !drawnOfSpec().contains(k))
            .toList());
  }

  private Optional<RulePicture> picture(RuleId id, int number, Fields rule) {
    Direction direction = direction(id.section());
    List<PeerPicture> peers = peers(id, rule, direction);
    List<String> undrawn =
        rule.fields().keySet().stream().filter(k -> !drawn(direction).contains(k)).toList();
    return peers.isEmpty() && undrawn.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RulePicture(
                id,
                number,
                direction,
                effect(id.section(), rule),
                rule.text("name"),
                peers,
                ports(rule),
                undrawn));
  }

  @Override
  public final Fields apply(Path at, Fields spec, Edit edit) throws EditException {
    return switch (edit) {
      case Edit.AddRule e -> added(spec, e.direction(), e.effect(), made(e));
      case Edit.AddPeer e -> addPeers(spec, e.rule(), peers(e.peer()));
      case Edit.SetPeer e -> setPeers(spec, e, peers(e.form()));
      case Edit.RemovePeer e -> removePeer(spec, e.peer());
      case Edit.RemoveRule e -> keeping(spec, removed(spec, e.rule()));
      case Edit.SetPorts e ->
          with(spec, e.rule(), withPorts(rule(spec, e.rule()), direction(e.rule()), e.ports()));
      case Edit.SetEffect e -> setEffect(spec, e);
      case Edit.SetSubject e -> withSubject(spec, new PeerForm.Pods(e.conditions()));
      case Edit.SetIsolation e ->
          isolated(spec).contains(e.direction()) == e.on()
              ? spec
              : isolate(spec, e.direction(), e.on());
      case Edit.MoveRule e -> moved(spec, e.rule(), e.by());
    };
  }

  /** Whether several prefixes are one peer. */
  boolean holdsNetworks() {
    return false;
  }

  private List<PeerForm> peers(PeerForm form) {
    return holdsNetworks() ? List.of(form) : form.singles();
  }

  private Fields made(Edit.AddRule e) throws EditException {
    List<PeerForm> peers = peers(e.peer());
    Fields rule = rule(e.direction(), e.effect(), peers.getFirst(), e.ports());
    for (PeerForm more : peers.subList(1, peers.size())) {
      rule =
          joined(rule, e.direction(), more)
              .orElseThrow(() -> new EditException(EditException.Code.PEER_OF_KIND, more.line()));
    }
    return rule;
  }

  private Fields addPeers(Fields spec, RuleId rule, List<PeerForm> peers) throws EditException {
    Fields next = spec;
    for (PeerForm peer : peers) {
      next = addPeer(next, new Edit.AddPeer(rule, peer));
    }
    return next;
  }

  private Fields setPeers(Fields spec, Edit.SetPeer e, List<PeerForm> peers) throws EditException {
    Fields first = setPeer(spec, new Edit.SetPeer(e.peer(), peers.getFirst()));
    return addPeers(first, e.peer().rule(), peers.subList(1, peers.size()));
  }

  private Direction direction(RuleId id) {
    return direction(id.section());
  }

  final Fields rule(Fields spec, RuleId id) throws EditException {
    List<Value> list = spec.list(id.section());
    if (id.index() < list.size() && list.get(id.index()) instanceof Fields rule) {
      return rule;
    }
    throw new EditException(EditException.Code.GONE, "");
  }

  private static Items list(Fields spec, String section) {
    return new Items(spec.list(section));
  }

  private Fields with(Fields spec, RuleId id, Fields rule) {
    return spec.with(id.section(), list(spec, id.section()).set(id.index(), rule));
  }

  /** A rule more at the end of its list; rules that say nothing make room. */
  private Fields added(Fields spec, Direction direction, Effect effect, Fields rule)
      throws EditException {
    String section = section(direction, effect);
    boolean said =
        spec.list(section).stream()
            .anyMatch(r -> r instanceof Fields f && !says(section, f).isEmpty());
    Items list = said ? list(spec, section) : new Items(List.of());
    Fields next = spec.with(section, list.add(rule));
    return effect == Effect.ALLOW ? allowing(next, direction) : keeping(spec, next);
  }

  private List<PeerPicture> says(String section, Fields rule) {
    return peers(new RuleId(Path.TEXT, section, 0), rule, direction(section));
  }

  /** What a new rule that allows needs to have an effect. */
  Fields allowing(Fields spec, Direction direction) throws EditException {
    return spec;
  }

  /** The defaults of one spec in another. */
  private Fields keeping(Fields before, Fields after) throws EditException {
    Set<Direction> was = isolated(before);
    Fields next = after;
    for (Direction direction : EnumSet.allOf(Direction.class)) {
      boolean on = was.contains(direction);
      if (isolated(next).contains(direction) != on) {
        next = isolate(next, direction, on);
      }
    }
    return next;
  }

  private Fields addPeer(Fields spec, Edit.AddPeer e) throws EditException {
    Fields rule = rule(spec, e.rule());
    Direction direction = direction(e.rule());
    if (says(e.rule().section(), rule).stream()
        .anyMatch(p -> p.form() instanceof PeerForm.Everybody)) {
      throw new EditException(EditException.Code.EVERYBODY, "");
    }
    Optional<Fields> joined = joined(rule, direction, e.peer());
    return joined.isPresent()
        ? with(spec, e.rule(), joined.get())
        : beside(spec, e.rule(), rule, e.peer());
  }

  /** A rule of its own behind another, with the same ports and effect. */
  private Fields beside(Fields spec, RuleId id, Fields rule, PeerForm peer) throws EditException {
    Fields made = rule(direction(id), effect(id.section(), rule), peer, ports(rule));
    return spec.with(id.section(), list(spec, id.section()).insert(id.index() + 1, made));
  }

  private Fields setPeer(Fields spec, Edit.SetPeer e) throws EditException {
    RuleId id = e.peer().rule();
    Fields rule = rule(spec, id);
    Optional<Fields> same = exchanged(rule, direction(id), e.peer(), e.form());
    if (same.isPresent()) {
      return with(spec, id, same.get());
    }
    Fields two = beside(spec, id, rule, e.form());
    return removePeer(two, e.peer());
  }

  private Fields removePeer(Fields spec, PeerId id) throws EditException {
    Fields rule = rule(spec, id.rule());
    if (peers(id.rule(), rule, direction(id.rule())).size() <= 1) {
      return keeping(spec, removed(spec, id.rule()));
    }
    Items peers = list(rule, id.field());
    if (id.index() >= peers.items().size()) {
      throw new EditException(EditException.Code.GONE, "");
    }
    Items left = peers.remove(id.index());
    return with(
        spec,
        id.rule(),
        left.items().isEmpty() ? rule.without(id.field()) : rule.with(id.field(), left));
  }

  private Fields removed(Fields spec, RuleId id) throws EditException {
    rule(spec, id);
    Items left = list(spec, id.section()).remove(id.index());
    if (!left.items().isEmpty()) {
      return spec.with(id.section(), left);
    }
    return emptied(spec, id.section())
        .map(items -> spec.with(id.section(), items))
        .orElseGet(() -> spec.without(id.section()));
  }

  private Fields setEffect(Fields spec, Edit.SetEffect e) throws EditException {
    RuleId id = e.rule();
    Fields rule = rule(spec, id);
    if (effect(id.section(), rule) == e.effect()) {
      return spec;
    }
    if (!effects().contains(e.effect())) {
      throw new EditException(EditException.Code.EFFECT_OF_KIND, head.kind().text());
    }
    Fields changed = withEffect(rule, e.effect());
    String to = section(direction(id), e.effect());
    if (to.equals(id.section())) {
      return with(spec, id, changed);
    }
    Fields without = removed(spec, id);
    boolean said =
        without.list(to).stream().anyMatch(r -> r instanceof Fields f && !says(to, f).isEmpty());
    Items target = said ? list(without, to) : new Items(List.of());
    return keeping(spec, without.with(to, target.add(changed)));
  }

  private Fields moved(Fields spec, RuleId id, int by) throws EditException {
    Fields rule = rule(spec, id);
    Items list = list(spec, id.section());
    int to = id.index() + by;
    if (to < 0 || to >= list.items().size()) {
      return spec;
    }
    return spec.with(id.section(), list.remove(id.index()).insert(to, rule));
  }
}
