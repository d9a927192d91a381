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
import io.sekisho.policy.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy. */
final class CiliumGrammar extends RuleGrammar {
  private static final List<String> PEERS =
      List.of("Endpoints", "Entities", "CIDR", "CIDRSet", "Nodes", "Services");
  private static final String DEFAULTS = "enableDefaultDeny";
  private static final String NODES = "nodeSelector";
  private static final String ENDPOINTS = "endpointSelector";

  CiliumGrammar(SpecPicture.Head head) {
    super(head);
  }

  @Override
  public Set<Effect> effects() {
    return EnumSet.of(Effect.ALLOW, Effect.DENY);
  }

  private static Section known(String section) {
    return Arrays.stream(Section.values())
        .filter(s -> s.text().equals(section))
        .findFirst()
        .orElseThrow();
  }

  private static String word(Direction direction) {
    return direction.name().toLowerCase(Locale.ROOT);
  }

  @Override
  List<String> sections() {
    return Arrays.stream(Section.values()).map(Section::text).toList();
  }

  @Override
  Direction direction(String section) {
    return known(section).direction();
  }

  @Override
  String section(Direction direction, Effect effect) {
    return word(direction) + (effect == Effect.DENY ? "Deny" : "");
  }

  @Override
  Effect effect(String section, Fields rule) {
    return known(section).deny() ? Effect.DENY : Effect.ALLOW;
  }

  @Override
  Fields withEffect(Fields rule, Effect effect) {
    return rule;
  }

  @Override
  Set<String> drawn(Direction direction) {
    Set<String> drawn = new HashSet<>(List.of("toPorts", "icmps"));
    PEERS.forEach(p -> drawn.add(side(direction) + p));
    return drawn;
  }

  @Override
  List<PeerPicture> peers(RuleId id, Fields rule, Direction direction) {
    List<PeerPicture> out = new ArrayList<>();
    String side = side(direction);
    boolean named = rule.has(side + "Requires");
    for (String kind : PEERS) {
      String field = side + kind;
      List<Value> items = rule.list(field);
      named |= rule.has(field);
      for (int i = 0; i < items.size(); i++) {
        out.add(new PeerPicture(new PeerId(id, field, i), form(kind, items.get(i))));
      }
    }
    if (!named && !ports(rule).isEmpty()) {
      out.add(new PeerPicture(new PeerId(id, "", 0), new PeerForm.Everybody()));
    }
    return out;
  }

  private static PeerForm form(String kind, Value item) {
    return switch (item) {
      case Fields f when kind.equals("Endpoints") ->
          new PeerForm.Pods(LabelSelector.CILIUM.read(f));
      case Fields f when kind.equals("Nodes") -> new PeerForm.Nodes(LabelSelector.CILIUM.read(f));
      case Scalar s when kind.equals("Entities") -> new PeerForm.Entity(s.text());
      case Scalar s when kind.equals("CIDR") -> new PeerForm.Prefix(s.text(), List.of());
      case Fields f when kind.equals("CIDRSet") && f.has("cidr") -> Prefixes.read(f);
      case Fields f when kind.equals("Services") -> CiliumServices.read(f);
      default -> new PeerForm.Other(kind);
    };
  }

  @Override
  List<PortForm> ports(Fields rule) {
    return CiliumPorts.read(rule);
  }

  @Override
  Set<Direction> isolated(Fields spec) {
    Set<Direction> out = EnumSet.noneOf(Direction.class);
    for (Direction direction : Direction.values()) {
      if (written(spec, direction).orElse(natural(spec, direction))) {
        out.add(direction);
      }
    }
    return out;
  }

  private static boolean natural(Fields spec, Direction direction) {
    return spec.has(word(direction)) || spec.has(word(direction) + "Deny");
  }

  private static Optional<Boolean> written(Fields spec, Direction direction) {
    return spec.map(DEFAULTS)
        .map(d -> d.text(word(direction)))
        .filter(t -> !t.isEmpty())
        .map(Boolean::parseBoolean);
  }

  @Override
  Fields isolate(Fields spec, Direction direction, boolean on) {
    Fields next = unwritten(spec, direction);
    if (natural(next, direction) == on) {
      return next;
    }
    if (on) {
      return next.with(word(direction), Value.items(Fields.NONE));
    }
    Fields without = next.without(word(direction));
    boolean onlyDefault =
        next.list(word(direction)).stream()
            .allMatch(r -> r instanceof Fields f && f.fields().isEmpty());
    if (onlyDefault && !natural(without, direction) && saysSomething(without)) {
      return without;
    }
    Fields defaults = next.map(DEFAULTS).orElse(Fields.NONE);
    return next.with(DEFAULTS, defaults.with(word(direction), Value.truth(false)));
  }

  private static Fields unwritten(Fields spec, Direction direction) {
    if (written(spec, direction).isEmpty()) {
      return spec;
    }
    Fields left = spec.map(DEFAULTS).orElse(Fields.NONE).without(word(direction));
    return left.fields().isEmpty() ? spec.without(DEFAULTS) : spec.with(DEFAULTS, left);
  }

  private boolean saysSomething(Fields spec) {
    return sections().stream().anyMatch(spec::has);
  }

  @Override
  Optional<Items> emptied(Fields spec, String section) {
    Direction direction = direction(section);
    boolean deny = known(section).deny();
    if (!deny && isolated(spec).contains(direction) && !spec.has(section(direction, Effect.DENY))) {
      return Optional.of(Value.items(Fields.NONE));
    }
    return saysSomething(spec.without(section)) || (deny && isolated(spec).contains(direction))
        ? Optional.empty()
        : Optional.of(Value.items());
  }

  @Override
  PeerForm subject(Fields spec) {
    return spec.map(NODES)
        .<PeerForm>map(n -> new PeerForm.Nodes(LabelSelector.CILIUM.read(n)))
        .orElseGet(
            () ->
                new PeerForm.Pods(
                    LabelSelector.CILIUM.read(spec.map(ENDPOINTS).orElse(Fields.NONE))));
  }

  @Override
  String subjectField() {
    return ENDPOINTS;
  }

  @Override
  Set<String> drawnOfSpec() {
    return Set.of(ENDPOINTS, NODES, DEFAULTS, "description");
  }

  @Override
  Fields withSubject(Fields spec, PeerForm.Pods subject) {
    String field = spec.has(NODES) ? NODES : ENDPOINTS;
    Fields old = spec.map(field).orElse(Fields.NONE);
    return spec.with(field, LabelSelector.CILIUM.write(old, subject.conditions()));
  }

  private static String member(PeerForm peer, Direction direction) throws EditException {
    return switch (peer) {
      case PeerForm.Pods p -> "Endpoints";
      case PeerForm.Entity e -> "Entities";
      case PeerForm.Prefix p -> p.except().isEmpty() ? "CIDR" : "CIDRSet";
      case PeerForm.Nodes n -> "Nodes";
      case PeerForm.Everybody e -> "";
      case PeerForm.Service s when direction == Direction.EGRESS -> "Services";
      case PeerForm.Service s -> throw new EditException(EditException.Code.PEER_OF_KIND, s.line());
      case PeerForm.Networks n ->
          throw new EditException(EditException.Code.PEER_OF_KIND, n.line());
      case PeerForm.Other o -> throw new EditException(EditException.Code.BY_HAND, o.field());
    };
  }

  private static Value item(PeerForm peer, Value old, boolean set) throws EditException {
    Fields map = old instanceof Fields f ? f : Fields.NONE;
    return switch (peer) {
      case PeerForm.Pods p -> LabelSelector.CILIUM.write(map, p.conditions());
      case PeerForm.Nodes n -> LabelSelector.CILIUM.write(map, n.conditions());
      case PeerForm.Entity e -> Value.text(e.name());
      case PeerForm.Service s -> CiliumServices.write(map, s);
      case PeerForm.Prefix p -> set ? Prefixes.write(map, p) : Value.text(p.cidr());
      default -> throw new EditException(EditException.Code.BY_HAND, peer.line());
    };
  }

  @Override
  Fields rule(Direction direction, Effect effect, PeerForm peer, List<PortForm> ports)
      throws EditException {
    String member = member(peer, direction);
    Fields out = Fields.NONE;
    if (!member.isEmpty()) {
      Value item = item(peer, Fields.NONE, member.equals("CIDRSet"));
      out = out.with(side(direction) + member, Value.items(item));
    } else if (ports.isEmpty()) {
      out = out.with(side(direction) + "Entities", Value.items(Value.text("all")));
    }
    return withPorts(out, direction, ports);
  }

  @Override
  Optional<Fields> joined(Fields rule, Direction direction, PeerForm peer) throws EditException {
    String member = member(peer, direction);
    String set = side(direction) + "CIDRSet";
    boolean inSet = member.equals("CIDR") && rule.has(set);
    String field = inSet ? set : side(direction) + member;
    if (member.isEmpty() || !rule.has(field)) {
      return Optional.empty();
    }
    Value item = item(peer, Fields.NONE, field.equals(set));
    return Optional.of(rule.with(field, new Items(rule.list(field)).add(item)));
  }

  @Override
  Optional<Fields> exchanged(Fields rule, Direction direction, PeerId id, PeerForm peer)
      throws EditException {
    String set = side(direction) + "CIDRSet";
    String field = side(direction) + member(peer, direction);
    boolean inSet = field.equals(side(direction) + "CIDR") && id.field().equals(set);
    List<Value> items = rule.list(id.field());
    if (inSet || field.equals(id.field())) {
      Value item = item(peer, items.get(id.index()), id.field().equals(set));
      return Optional.of(rule.with(id.field(), new Items(items).set(id.index(), item)));
    }
    if (items.size() > 1 || id.field().isEmpty() || member(peer, direction).isEmpty()) {
      return Optional.empty();
    }
    Value item = item(peer, Fields.NONE, field.equals(set));
    Fields next = Fields.NONE.with(field, Value.items(item));
    for (var entry : rule.fields().entrySet()) {
      next = entry.getKey().equals(id.field()) ? next : next.with(entry.getKey(), entry.getValue());
    }
    return Optional.of(next);
  }

  @Override
  Fields withPorts(Fields rule, Direction direction, List<PortForm> ports) throws EditException {
    Fields next = CiliumPorts.write(rule, ports);
    boolean named = PEERS.stream().anyMatch(p -> next.has(side(direction) + p));
    // without peers and ports a rule says nothing, but everybody was meant
    return named || !ports.isEmpty()
        ? next
        : next.with(side(direction) + "Entities", Value.items(Value.text("all")));
  }
}
