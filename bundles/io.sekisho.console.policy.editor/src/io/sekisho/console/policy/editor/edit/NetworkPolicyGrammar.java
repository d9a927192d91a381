package io.sekisho.console.policy.editor.edit;

import io.sekisho.console.policy.editor.model.EditException;
import io.sekisho.console.policy.editor.model.Effect;
import io.sekisho.console.policy.editor.model.PeerForm;
import io.sekisho.console.policy.editor.model.PeerId;
import io.sekisho.console.policy.editor.model.PeerPicture;
import io.sekisho.console.policy.editor.model.PortForm;
import io.sekisho.console.policy.editor.model.RuleId;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.console.policy.editor.yaml.Value;
import io.sekisho.console.policy.editor.yaml.Value.Fields;
import io.sekisho.console.policy.editor.yaml.Value.Items;
import io.sekisho.console.policy.editor.yaml.Value.Scalar;
import io.sekisho.policy.Direction;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Kubernetes' NetworkPolicy. */
final class NetworkPolicyGrammar extends RuleGrammar {
  private static final String TYPES = "policyTypes";
  private static final String BLOCK = "ipBlock";
  private static final String PORTS = "ports";

  NetworkPolicyGrammar(SpecPicture.Head head) {
    super(head);
  }

  @Override
  public Set<Effect> effects() {
    return EnumSet.of(Effect.ALLOW);
  }

  @Override
  Effect effect(String section, Fields rule) {
    return Effect.ALLOW;
  }

  @Override
  Fields withEffect(Fields rule, Effect effect) throws EditException {
    throw new EditException(EditException.Code.EFFECT_OF_KIND, head().kind().text());
  }

  @Override
  Set<String> drawn(Direction direction) {
    return Set.of(side(direction), PORTS);
  }

  @Override
  List<PeerPicture> peers(RuleId id, Fields rule, Direction direction) {
    String field = side(direction);
    List<PeerPicture> out = new ArrayList<>();
    List<Value> items = rule.list(field);
    for (int i = 0; i < items.size(); i++) {
      out.add(new PeerPicture(new PeerId(id, field, i), form(items.get(i))));
    }
    if (items.isEmpty()) {
      out.add(new PeerPicture(new PeerId(id, "", 0), new PeerForm.Everybody()));
    }
    return out;
  }

  private static PeerForm form(Value item) {
    if (!(item instanceof Fields f)) {
      return new PeerForm.Other("peer");
    }
    return f.map(BLOCK)
        .<PeerForm>map(Prefixes::read)
        .orElseGet(() -> new PeerForm.Pods(KubernetesPeers.read(f)));
  }

  @Override
  List<PortForm> ports(Fields rule) {
    return rule.list(PORTS).stream().map(NetworkPolicyGrammar::port).toList();
  }

  private static PortForm port(Value value) {
    Fields f = value instanceof Fields m ? m : Fields.NONE;
    String protocol = f.has("protocol") ? f.text("protocol") : "TCP";
    String last = f.text("endPort").equals(f.text("port")) ? "" : f.text("endPort");
    return new PortForm(protocol, f.text("port"), last);
  }

  @Override
  Set<Direction> isolated(Fields spec) {
    Set<Direction> out = EnumSet.noneOf(Direction.class);
    List<Value> types = spec.list(TYPES);
    for (Value type : types) {
      if (type instanceof Scalar s) {
        out.add(s.text().equals("Ingress") ? Direction.INGRESS : Direction.EGRESS);
      }
    }
    if (types.isEmpty()) {
      out.add(Direction.INGRESS);
      if (!spec.list(EGRESS).isEmpty()) {
        out.add(Direction.EGRESS);
      }
    }
    return out;
  }

  @Override
  Fields isolate(Fields spec, Direction direction, boolean on) throws EditException {
    Set<Direction> wanted = EnumSet.noneOf(Direction.class);
    wanted.addAll(isolated(spec));
    if (on) {
      wanted.add(direction);
    } else {
      wanted.remove(direction);
    }
    if (wanted.isEmpty()) {
      throw new EditException(EditException.Code.DEFAULT_OF_KIND, head().kind().text());
    }
    List<Value> types = new ArrayList<>(spec.list(TYPES));
    types.removeIf(t -> !(t instanceof Scalar s) || !wanted.contains(typed(s.text())));
    for (Direction d : wanted) {
      Value word = Value.text(d == Direction.INGRESS ? "Ingress" : "Egress");
      if (!types.contains(word)) {
        types.add(word);
      }
    }
    return spec.with(TYPES, new Items(types));
  }

  private static Direction typed(String word) {
    return word.equals("Ingress") ? Direction.INGRESS : Direction.EGRESS;
  }

  @Override
  Fields allowing(Fields spec, Direction direction) throws EditException {
    return isolated(spec).contains(direction) ? spec : isolate(spec, direction, true);
  }

  @Override
  Optional<Items> emptied(Fields spec, String section) {
    return Optional.of(Value.items());
  }

  @Override
  PeerForm subject(Fields spec) {
    return new PeerForm.Pods(
        LabelSelector.PODS.read(spec.map(KubernetesPeers.PODS).orElse(Fields.NONE)));
  }

  @Override
  String subjectField() {
    return KubernetesPeers.PODS;
  }

  @Override
  Set<String> drawnOfSpec() {
    return Set.of(KubernetesPeers.PODS, TYPES);
  }

  @Override
  Fields withSubject(Fields spec, PeerForm.Pods subject) throws EditException {
    if (KubernetesPeers.speaksOfNamespaces(subject)) {
      throw new EditException(EditException.Code.PEER_OF_KIND, "namespace");
    }
    Fields old = spec.map(KubernetesPeers.PODS).orElse(Fields.NONE);
    return spec.with(
        KubernetesPeers.PODS, LabelSelector.PODS.write(old, KubernetesPeers.ofPods(subject)));
  }

  private static Fields item(Fields old, PeerForm peer) throws EditException {
    return switch (peer) {
      case PeerForm.Pods p -> KubernetesPeers.write(old.without(BLOCK), p);
      case PeerForm.Prefix p ->
          Value.field(BLOCK, Prefixes.write(old.map(BLOCK).orElse(Fields.NONE), p));
      default -> throw new EditException(EditException.Code.PEER_OF_KIND, peer.line());
    };
  }

  @Override
  Fields rule(Direction direction, Effect effect, PeerForm peer, List<PortForm> ports)
      throws EditException {
    if (effect != Effect.ALLOW) {
      throw new EditException(EditException.Code.EFFECT_OF_KIND, head().kind().text());
    }
    Fields rule =
        peer instanceof PeerForm.Everybody
            ? Fields.NONE
            : Value.field(side(direction), Value.items(item(Fields.NONE, peer)));
    return withPorts(rule, direction, ports);
  }

  @Override
  Optional<Fields> joined(Fields rule, Direction direction, PeerForm peer) throws EditException {
    if (peer instanceof PeerForm.Everybody) {
      return Optional.empty();
    }
    String field = side(direction);
    return Optional.of(rule.with(field, new Items(rule.list(field)).add(item(Fields.NONE, peer))));
  }

  @Override
  Optional<Fields> exchanged(Fields rule, Direction direction, PeerId id, PeerForm peer)
      throws EditException {
    if (id.field().isEmpty() || peer instanceof PeerForm.Everybody) {
      return Optional.empty();
    }
    Items items = new Items(rule.list(id.field()));
    Fields old = items.items().get(id.index()) instanceof Fields f ? f : Fields.NONE;
    return Optional.of(rule.with(id.field(), items.set(id.index(), item(old, peer))));
  }

  @Override
  Fields withPorts(Fields rule, Direction direction, List<PortForm> ports) throws EditException {
    if (ports.isEmpty()) {
      return rule.without(PORTS);
    }
    List<PortForm> left = new ArrayList<>(ports);
    List<Value> items = new ArrayList<>();
    rule.list(PORTS).stream().filter(p -> left.remove(port(p))).forEach(items::add);
    for (PortForm port : left) {
      items.add(value(port));
    }
    return rule.with(PORTS, new Items(items));
  }

  private static Value value(PortForm port) throws EditException {
    if (port.icmp() || port.protocol().equals("ANY")) {
      throw new EditException(EditException.Code.PORT_OF_KIND, port.toString());
    }
    Fields out = Value.field("protocol", Value.text(port.protocol()));
    if (port.port().isEmpty()) {
      return out;
    }
    out =
        out.with(
            "port",
            port.named() ? Value.text(port.port()) : Value.number(Integer.parseInt(port.port())));
    return port.last().isEmpty()
        ? out
        : out.with("endPort", Value.number(Integer.parseInt(port.last())));
  }
}
