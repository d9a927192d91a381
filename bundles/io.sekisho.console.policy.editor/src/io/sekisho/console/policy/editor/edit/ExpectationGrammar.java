package io.sekisho.console.policy.editor.edit;

import io.sekisho.console.policy.editor.model.Condition;
import io.sekisho.console.policy.editor.model.Edit;
import io.sekisho.console.policy.editor.model.EditException;
import io.sekisho.console.policy.editor.model.Effect;
import io.sekisho.console.policy.editor.model.PeerForm;
import io.sekisho.console.policy.editor.model.PeerId;
import io.sekisho.console.policy.editor.model.PeerPicture;
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
import java.util.Set;

/**
 * Expectations: who opens stands at the left, who serves at the right with the ports, and in the
 * middle what is demanded. They are drawn as two rules of one spec.
 */
final class ExpectationGrammar implements Grammar {
  private static final String FROM = "from";
  private static final String TO = "to";
  private static final String NAMESPACE = "namespace";
  private static final String PORTS = "ports";
  private final SpecPicture.Head head;

  ExpectationGrammar(SpecPicture.Head head) {
    this.head = head;
  }

  @Override
  public Set<Effect> effects() {
    return EnumSet.of(Effect.ALLOW, Effect.DENY);
  }

  @Override
  public SpecPicture read(Path at, Fields spec, Map<String, Integer> before) {
    int number = before.merge("", 1, Integer::sum);
    Effect effect = spec.text("expect").equals("deny") ? Effect.DENY : Effect.ALLOW;
    List<RulePicture> rules = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      boolean in = direction == Direction.INGRESS;
      RuleId id = new RuleId(at, "", in ? 0 : 1);
      rules.add(
          new RulePicture(
              id,
              number,
              direction,
              effect,
              "",
              peers(id, spec, in ? FROM : TO),
              in ? List.of() : CiliumPorts.read(withToPorts(spec)),
              List.of()));
    }
    Set<String> drawn = Set.of("expect", FROM, TO, PORTS, "icmps", "reason");
    return new SpecPicture(
        head,
        at,
        new PeerForm.Everybody(),
        at.key("expect"),
        Set.of(),
        rules,
        spec.text("reason"),
        spec.fields().keySet().stream().filter(k -> !drawn.contains(k)).toList());
  }

  private static List<PeerPicture> peers(RuleId id, Fields spec, String field) {
    List<PeerPicture> out = new ArrayList<>();
    List<Value> items = spec.list(field);
    for (int i = 0; i < items.size(); i++) {
      out.add(new PeerPicture(new PeerId(id, field, i), form(items.get(i))));
    }
    return out;
  }

  private static PeerForm form(Value item) {
    if (!(item instanceof Fields f)) {
      return new PeerForm.Other("peer");
    }
    if (f.has("cidr")) {
      return Prefixes.read(f);
    }
    if (f.has("entity")) {
      return new PeerForm.Entity(f.text("entity"));
    }
    List<Condition> conditions = new ArrayList<>(KubernetesPeers.read(f));
    if (f.has(NAMESPACE)) {
      conditions.add(Condition.is(Condition.NAMESPACE, f.text(NAMESPACE)));
    }
    return new PeerForm.Pods(conditions);
  }

  /** The ports where {@link CiliumPorts} looks for them. */
  private static Fields withToPorts(Fields spec) {
    return spec.list(PORTS).isEmpty()
        ? spec
        : spec.with("toPorts", Value.items(Value.field(PORTS, new Items(spec.list(PORTS)))));
  }

  private static Fields item(Fields old, PeerForm peer) throws EditException {
    return switch (peer) {
      case PeerForm.Entity e -> Value.field("entity", Value.text(e.name()));
      case PeerForm.Prefix p -> Prefixes.write(old.has("cidr") ? old : Fields.NONE, p);
      case PeerForm.Everybody e -> Value.field("entity", Value.text("all"));
      case PeerForm.Pods p -> pods(old.without("cidr").without("except").without("entity"), p);
      default -> throw new EditException(EditException.Code.PEER_OF_KIND, peer.line());
    };
  }

  /** The short word {@code namespace} where it says all that is said of namespaces. */
  private static Fields pods(Fields old, PeerForm.Pods pods) throws EditException {
    List<Condition> spaces = KubernetesPeers.ofNamespaces(pods);
    boolean one =
        spaces.size() == 1
            && !old.has(KubernetesPeers.NAMESPACES)
            && spaces.getFirst().equals(Condition.is(Condition.NAMESPACE, single(spaces)));
    if (!one) {
      return KubernetesPeers.write(old.without(NAMESPACE), pods);
    }
    PeerForm.Pods own = new PeerForm.Pods(KubernetesPeers.ofPods(pods));
    Fields next =
        own.conditions().isEmpty() && !old.has(KubernetesPeers.PODS)
            ? old
            : KubernetesPeers.write(old, own);
    return next.with(NAMESPACE, Value.text(single(spaces)));
  }

  private static String single(List<Condition> spaces) {
    List<String> values = spaces.getFirst().values();
    return values.isEmpty() ? "" : values.getFirst();
  }

  private static String field(Direction direction) {
    return direction == Direction.INGRESS ? FROM : TO;
  }

  @Override
  public Fields apply(Path at, Fields spec, Edit edit) throws EditException {
    return switch (edit) {
      case Edit.AddRule e -> add(spec, field(e.direction()), e.peer().singles());
      case Edit.AddPeer e -> add(spec, e.rule().index() == 0 ? FROM : TO, e.peer().singles());
      case Edit.SetPeer e -> {
        List<PeerForm> peers = e.form().singles();
        Items items = new Items(spec.list(e.peer().field()));
        Fields old = items.items().get(e.peer().index()) instanceof Fields f ? f : Fields.NONE;
        Items set = items.set(e.peer().index(), item(old, peers.getFirst()));
        yield add(
            spec.with(e.peer().field(), set), e.peer().field(), peers.subList(1, peers.size()));
      }
      case Edit.RemovePeer e -> {
        Items items = new Items(spec.list(e.peer().field()));
        if (items.items().size() < 2) {
          throw new EditException(EditException.Code.DEFAULT_OF_KIND, head.kind().text());
        }
        yield spec.with(e.peer().field(), items.remove(e.peer().index()));
      }
      case Edit.SetPorts e -> ports(spec, e);
      case Edit.SetEffect e -> {
        if (!effects().contains(e.effect())) {
          throw new EditException(EditException.Code.EFFECT_OF_KIND, head.kind().text());
        }
        yield spec.with("expect", Value.text(e.effect() == Effect.DENY ? "deny" : "allow"));
      }
      case Edit.RemoveRule e -> throw unsaid();
      case Edit.SetSubject e -> throw unsaid();
      case Edit.SetIsolation e -> throw unsaid();
      case Edit.MoveRule e -> throw unsaid();
    };
  }

  private EditException unsaid() {
    return new EditException(EditException.Code.DEFAULT_OF_KIND, head.kind().text());
  }

  private static Fields add(Fields spec, String field, List<PeerForm> peers) throws EditException {
    Items items = new Items(spec.list(field));
    for (PeerForm peer : peers) {
      items = items.add(item(Fields.NONE, peer));
    }
    return peers.isEmpty() ? spec : spec.with(field, items);
  }

  private static Fields ports(Fields spec, Edit.SetPorts e) throws EditException {
    Fields written = CiliumPorts.write(withToPorts(spec).without(PORTS), e.ports());
    List<Value> ports =
        written.list("toPorts").stream().flatMap(i -> ((Fields) i).list(PORTS).stream()).toList();
    Fields next = written.without("toPorts");
    Fields out = Fields.NONE;
    for (var entry : spec.fields().entrySet()) {
      String key = entry.getKey();
      if (key.equals(PORTS) && !ports.isEmpty()) {
        out = out.with(PORTS, new Items(ports));
      } else if (next.has(key)) {
        out = out.with(key, next.get(key).orElseThrow());
      }
    }
    for (var entry : next.fields().entrySet()) {
      out = out.has(entry.getKey()) ? out : out.with(entry.getKey(), entry.getValue());
    }
    return ports.isEmpty() || out.has(PORTS) ? out : out.with(PORTS, new Items(ports));
  }
}
