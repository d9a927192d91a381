package io.sekisho.console.policy.editor.edit;

import io.sekisho.console.policy.editor.model.Condition;
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
import io.sekisho.policy.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The administrators' kinds: ordered rules that accept, deny or pass on, and isolate nobody. */
final class TierGrammar extends RuleGrammar {
  private static final String NETWORKS = "networks";
  private static final String NAMESPACES = "namespaces";
  private static final String PODS = "pods";
  private final TierPorts ports;
  private final boolean cluster;

  TierGrammar(SpecPicture.Head head) {
    super(head);
    cluster = head.kind() == Kind.CLUSTER_NETWORK_POLICY;
    ports = new TierPorts(cluster);
  }

  @Override
  public Set<Effect> effects() {
    return head().kind() == Kind.BASELINE_ADMIN_NETWORK_POLICY
        ? EnumSet.of(Effect.ALLOW, Effect.DENY)
        : EnumSet.allOf(Effect.class);
  }

  @Override
  Effect effect(String section, Fields rule) {
    return switch (rule.text("action")) {
      case "Accept", "Allow" -> Effect.ALLOW;
      case "Pass" -> Effect.PASS;
      default -> Effect.DENY;
    };
  }

  private String word(Effect effect) throws EditException {
    if (!effects().contains(effect)) {
      throw new EditException(EditException.Code.EFFECT_OF_KIND, head().kind().text());
    }
    return switch (effect) {
      case ALLOW -> cluster ? "Accept" : "Allow";
      case DENY -> "Deny";
      case PASS -> "Pass";
    };
  }

  @Override
  Fields withEffect(Fields rule, Effect effect) throws EditException {
    return rule.with("action", Value.text(word(effect)));
  }

  @Override
  Set<String> drawn(Direction direction) {
    return Set.of("name", "action", side(direction), cluster ? "protocols" : "ports");
  }

  @Override
  List<PeerPicture> peers(RuleId id, Fields rule, Direction direction) {
    String field = side(direction);
    List<PeerPicture> out = new ArrayList<>();
    List<Value> items = rule.list(field);
    for (int i = 0; i < items.size(); i++) {
      out.add(new PeerPicture(new PeerId(id, field, i), form(items.get(i))));
    }
    return out;
  }

  private static PeerForm form(Value item) {
    if (!(item instanceof Fields f)) {
      return new PeerForm.Other("peer");
    }
    if (f.has("nodes")) {
      return new PeerForm.Nodes(LabelSelector.PODS.read(f.map("nodes").orElse(Fields.NONE)));
    }
    if (f.has(NETWORKS)) {
      return networks(f.list(NETWORKS));
    }
    return new PeerForm.Pods(pods(f));
  }

  private static PeerForm networks(List<Value> networks) {
    List<String> cidrs =
        networks.stream().filter(Scalar.class::isInstance).map(v -> ((Scalar) v).text()).toList();
    return cidrs.size() == 1
        ? new PeerForm.Prefix(cidrs.getFirst(), List.of())
        : new PeerForm.Networks(cidrs);
  }

  @Override
  boolean holdsNetworks() {
    return true;
  }

  private static List<Condition> pods(Fields f) {
    return f.map(NAMESPACES)
        .map(KubernetesPeers::namespaces)
        .orElseGet(() -> f.map(PODS).map(KubernetesPeers::read).orElse(List.of()));
  }

  @Override
  List<PortForm> ports(Fields rule) {
    return ports.read(rule);
  }

  @Override
  Set<Direction> isolated(Fields spec) {
    return Set.of();
  }

  @Override
  Fields isolate(Fields spec, Direction direction, boolean on) throws EditException {
    throw new EditException(EditException.Code.DEFAULT_OF_KIND, head().kind().text());
  }

  @Override
  Optional<Items> emptied(Fields spec, String section) {
    return Optional.empty();
  }

  @Override
  PeerForm subject(Fields spec) {
    return new PeerForm.Pods(pods(spec.map(subjectField()).orElse(Fields.NONE)));
  }

  @Override
  String subjectField() {
    return "subject";
  }

  @Override
  Set<String> drawnOfSpec() {
    return Set.of(subjectField(), "tier", "priority");
  }

  @Override
  Fields withSubject(Fields spec, PeerForm.Pods subject) throws EditException {
    Fields old = spec.map(subjectField()).orElse(Fields.NONE);
    return spec.with(subjectField(), pods(old, subject));
  }

  private static Fields pods(Fields old, PeerForm.Pods pods) throws EditException {
    List<Condition> own = KubernetesPeers.ofPods(pods);
    List<Condition> spaces = KubernetesPeers.ofNamespaces(pods);
    if (own.isEmpty() && !old.has(PODS)) {
      Fields was = old.map(NAMESPACES).orElse(Fields.NONE);
      return Value.field(NAMESPACES, LabelSelector.NAMESPACES.write(was, spaces));
    }
    Fields was = old.map(PODS).orElse(Fields.NONE);
    Fields labels = was.map(KubernetesPeers.PODS).orElse(Fields.NONE);
    Fields names =
        was.map(KubernetesPeers.NAMESPACES).or(() -> old.map(NAMESPACES)).orElse(Fields.NONE);
    return Value.field(
        PODS,
        was.with(KubernetesPeers.NAMESPACES, LabelSelector.NAMESPACES.write(names, spaces))
            .with(KubernetesPeers.PODS, LabelSelector.PODS.write(labels, own)));
  }

  private static Fields item(Fields old, Direction direction, PeerForm peer) throws EditException {
    boolean out = direction == Direction.EGRESS;
    return switch (peer) {
      case PeerForm.Pods p -> pods(old, p);
      case PeerForm.Everybody e -> Value.field(NAMESPACES, Fields.NONE);
      case PeerForm.Prefix p when out && p.except().isEmpty() ->
          Value.field(NETWORKS, Value.items(Value.text(p.cidr())));
      case PeerForm.Networks n when out ->
          Value.field(NETWORKS, new Items(n.cidrs().stream().<Value>map(Value::text).toList()));
      case PeerForm.Nodes n when out ->
          Value.field(
              "nodes",
              LabelSelector.PODS.write(old.map("nodes").orElse(Fields.NONE), n.conditions()));
      default -> throw new EditException(EditException.Code.PEER_OF_KIND, peer.line());
    };
  }

  @Override
  Fields rule(Direction direction, Effect effect, PeerForm peer, List<PortForm> wanted)
      throws EditException {
    Fields rule =
        Value.field("action", Value.text(word(effect)))
            .with(side(direction), Value.items(item(Fields.NONE, direction, peer)));
    return withPorts(rule, direction, wanted);
  }

  @Override
  Optional<Fields> joined(Fields rule, Direction direction, PeerForm peer) throws EditException {
    String field = side(direction);
    return Optional.of(
        rule.with(field, new Items(rule.list(field)).add(item(Fields.NONE, direction, peer))));
  }

  @Override
  Optional<Fields> exchanged(Fields rule, Direction direction, PeerId id, PeerForm peer)
      throws EditException {
    Items items = new Items(rule.list(id.field()));
    Fields old = items.items().get(id.index()) instanceof Fields f ? f : Fields.NONE;
    return Optional.of(rule.with(id.field(), items.set(id.index(), item(old, direction, peer))));
  }

  @Override
  Fields withPorts(Fields rule, Direction direction, List<PortForm> wanted) throws EditException {
    return ports.write(rule, wanted);
  }
}
