package io.sekisho.console.policy.editor.view;

import io.sekisho.console.policy.editor.Texts;
import io.sekisho.console.policy.editor.draw.ElementId;
import io.sekisho.console.policy.editor.draw.Marks;
import io.sekisho.console.policy.editor.draw.Wording;
import io.sekisho.console.policy.editor.edit.PolicyText;
import io.sekisho.console.policy.editor.model.Edit;
import io.sekisho.console.policy.editor.model.Effect;
import io.sekisho.console.policy.editor.model.Finding;
import io.sekisho.console.policy.editor.model.Live;
import io.sekisho.console.policy.editor.model.PeerForm;
import io.sekisho.console.policy.editor.model.PeerPicture;
import io.sekisho.console.policy.editor.model.RuleId;
import io.sekisho.console.policy.editor.model.RulePicture;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.console.ui.Dragged;
import io.sekisho.console.ui.Menus;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Entity;
import io.sekisho.policy.Kind;
import java.util.List;
import java.util.Optional;
import org.eclipse.jface.action.IMenuManager;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.jface.action.Separator;

/** What can be done in the picture, by what is selected; the same for mouse and keyboard. */
final class PictureMenu {
  /** What menus call. */
  interface Deeds {
    void make(List<Edit> edits);

    void open(ElementId id);

    void fix(Finding finding);

    /** Asks for a peer by typing it, then makes a rule for it. */
    void type(Direction direction, Effect effect, PeerForm like);

    void add(Dragged what, Direction direction, Effect effect);
  }

  private final SpecPicture spec;
  private final Marks marks;
  private final Live live;
  private final Deeds deeds;

  PictureMenu(SpecPicture spec, Marks marks, Live live, Deeds deeds) {
    this.spec = spec;
    this.marks = marks;
    this.live = live;
    this.deeds = deeds;
  }

  void fill(IMenuManager menu, Optional<ElementId> id, Direction side) {
    id.ifPresent(i -> fixes(menu, i));
    switch (id.orElse(new ElementId.Add(spec.path(), side))) {
      case ElementId.Subject s -> {
        if (!spec.demands()) {
          menu.add(Menus.action(Texts.of("menu.subject"), () -> deeds.open(s)));
        } else {
          rule(spec.rules().getFirst().id()).ifPresent(r -> effects(menu, r));
        }
      }
      case ElementId.Peer p -> peer(menu, p);
      case ElementId.Ports p -> rule(p.id()).ifPresent(r -> ports(menu, p, "menu.ports", r));
      case ElementId.Icmp i -> rule(i.id()).ifPresent(r -> ports(menu, i, "menu.icmp", r));
      case ElementId.Rest r -> rest(menu, r.direction());
      case ElementId.Add a -> adds(menu, a.direction());
    }
  }

  private void fixes(IMenuManager menu, ElementId id) {
    for (Finding finding : marks.of().getOrDefault(id, List.of())) {
      if (!finding.suggestion().isEmpty()) {
        menu.add(
            Menus.action(Texts.of("menu.fix", finding.suggestion()), () -> deeds.fix(finding)));
      }
    }
  }

  Optional<RulePicture> rule(RuleId id) {
    return spec.rules().stream().filter(r -> r.id().equals(id)).findFirst();
  }

  private void peer(IMenuManager menu, ElementId.Peer id) {
    Optional<RulePicture> rule = rule(id.id().rule());
    Optional<PeerForm> form =
        rule.stream()
            .flatMap(r -> r.peers().stream())
            .filter(p -> p.id().equals(id.id()))
            .map(PeerPicture::form)
            .findFirst();
    if (form.filter(PeerForm::editable).isPresent()) {
      menu.add(Menus.action(Texts.of("menu.peer"), () -> deeds.open(id)));
    }
    rule.ifPresent(
        r -> {
          menu.add(
              Menus.action(Texts.of("menu.ports"), () -> deeds.open(new ElementId.Ports(r.id()))));
          menu.add(new Separator());
          effects(menu, r);
        });
    menu.add(new Separator());
    menu.add(
        Menus.action(
            Texts.of("menu.remove.peer"), () -> deeds.make(List.of(new Edit.RemovePeer(id.id())))));
  }

  private void ports(IMenuManager menu, ElementId id, String change, RulePicture rule) {
    menu.add(Menus.action(Texts.of(change), () -> deeds.open(id)));
    if (!rule.ports().isEmpty()) {
      menu.add(
          Menus.action(
              Texts.of("menu.ports.all"),
              () -> deeds.make(List.of(new Edit.SetPorts(rule.id(), List.of())))));
    }
    menu.add(new Separator());
    effects(menu, rule);
    if (spec.ordered()) {
      menu.add(move(rule, -1));
      menu.add(move(rule, 1));
    }
    if (!spec.demands()) {
      menu.add(new Separator());
      menu.add(
          Menus.action(
              Texts.of("menu.remove.rule"),
              () -> deeds.make(List.of(new Edit.RemoveRule(rule.id())))));
    }
  }

  private org.eclipse.jface.action.Action move(RulePicture rule, int by) {
    return Menus.action(
        Texts.of(by < 0 ? "menu.move.up" : "menu.move.down"),
        () -> deeds.make(List.of(new Edit.MoveRule(rule.id(), by))));
  }

  private void effects(IMenuManager menu, RulePicture rule) {
    var known = PolicyText.effects(spec);
    for (Effect effect : Effect.values()) {
      if (known.contains(effect) && known.size() > 1) {
        menu.add(
            Menus.checked(
                Texts.of("menu.effect." + Wording.effect(effect)),
                rule.effect() == effect,
                () -> deeds.make(List.of(new Edit.SetEffect(rule.id(), effect)))));
      }
    }
  }

  private void rest(IMenuManager menu, Direction direction) {
    if (spec.ordered() || spec.demands()) {
      return;
    }
    boolean on = spec.isolated().contains(direction);
    menu.add(Menus.checked(Texts.of("menu.default.deny"), on, () -> isolate(direction, true)));
    menu.add(Menus.checked(Texts.of("menu.default.allow"), !on, () -> isolate(direction, false)));
    menu.add(new Separator());
    adds(menu, direction);
  }

  private void isolate(Direction direction, boolean on) {
    deeds.make(List.of(new Edit.SetIsolation(spec.path(), direction, on)));
  }

  /** Everything that can be added at a side, to allow and, where the kind can, to deny. */
  void adds(IMenuManager menu, Direction direction) {
    for (Effect effect : Effect.values()) {
      if (effect != Effect.PASS && PolicyText.effects(spec).contains(effect)) {
        if (spec.demands()) {
          if (effect == Effect.ALLOW) {
            sources(menu, direction, effect);
          }
        } else {
          String key = direction == Direction.INGRESS ? ".in" : ".out";
          MenuManager inner = new MenuManager(Texts.of("menu.add." + Wording.effect(effect) + key));
          sources(inner, direction, effect);
          menu.add(inner);
        }
      }
    }
  }

  private void sources(IMenuManager menu, Direction direction, Effect effect) {
    menu.add(
        Menus.action(
            Texts.of("menu.type.pods"),
            () -> deeds.type(direction, effect, new PeerForm.Pods(List.of()))));
    menu.add(
        Menus.action(
            Texts.of("menu.type.cidr"),
            () -> deeds.type(direction, effect, new PeerForm.Prefix("", List.of()))));
    boolean services =
        spec.head().kind() == Kind.CILIUM || spec.head().kind() == Kind.CILIUM_CLUSTERWIDE;
    if (services && direction == Direction.EGRESS) {
      menu.add(
          Menus.action(
              Texts.of("menu.type.service"),
              () -> deeds.type(direction, effect, PeerForm.Service.unnamed())));
    }
    menu.add(new Separator());
    MenuManager workloads = new MenuManager(Texts.of("menu.workloads"));
    Live.workloads(live.pods())
        .keySet()
        .forEach(
            w -> {
              int slash = w.indexOf('/');
              Dragged what = new Dragged.Workload(w.substring(0, slash), w.substring(slash + 1));
              workloads.add(Menus.action(w, () -> deeds.add(what, direction, effect)));
            });
    MenuManager namespaces = new MenuManager(Texts.of("menu.namespaces"));
    live.namespaces()
        .forEach(
            n ->
                namespaces.add(
                    Menus.action(n, () -> deeds.add(new Dragged.Namespace(n), direction, effect))));
    menu.add(workloads);
    menu.add(namespaces);
    switch (spec.head().kind()) {
      case CILIUM, CILIUM_CLUSTERWIDE, EXPECTATION -> {
        MenuManager entities = new MenuManager(Texts.of("menu.entities"));
        Entity.words()
            .forEach(
                w ->
                    entities.add(
                        Menus.action(
                            w, () -> deeds.add(new Dragged.Entity(w), direction, effect))));
        menu.add(entities);
      }
      case NETWORK_POLICY,
          CLUSTER_NETWORK_POLICY,
          ADMIN_NETWORK_POLICY,
          BASELINE_ADMIN_NETWORK_POLICY,
          PREFIX_LIST -> {}
    }
  }

  /** The side that an element stands at; the left for what stands in the middle. */
  Direction side(ElementId id) {
    return switch (id) {
      case ElementId.Rest r -> r.direction();
      case ElementId.Add a -> a.direction();
      case ElementId.Peer p -> rule(p).map(RulePicture::direction).orElse(Direction.INGRESS);
      case ElementId.Ports p -> rule(p).map(RulePicture::direction).orElse(Direction.INGRESS);
      case ElementId.Icmp i -> rule(i).map(RulePicture::direction).orElse(Direction.INGRESS);
      case ElementId.Subject s -> Direction.INGRESS;
    };
  }

  /** The rule that an element belongs to; empty for what belongs to none. */
  Optional<RulePicture> rule(ElementId id) {
    return switch (id) {
      case ElementId.Peer p -> rule(p.id().rule());
      case ElementId.Ports p -> rule(p.id());
      case ElementId.Icmp i -> rule(i.id());
      case ElementId.Subject s -> Optional.empty();
      case ElementId.Rest r -> Optional.empty();
      case ElementId.Add a -> Optional.empty();
    };
  }
}
