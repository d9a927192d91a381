package io.sekisho.console.policy.editor.view;

import io.sekisho.console.policy.editor.Texts;
import io.sekisho.console.policy.editor.draw.ElementId;
import io.sekisho.console.policy.editor.model.Condition;
import io.sekisho.console.policy.editor.model.Edit;
import io.sekisho.console.policy.editor.model.EditException;
import io.sekisho.console.policy.editor.model.Effect;
import io.sekisho.console.policy.editor.model.Live;
import io.sekisho.console.policy.editor.model.PeerForm;
import io.sekisho.console.policy.editor.model.PeerPicture;
import io.sekisho.console.policy.editor.model.PortForm;
import io.sekisho.console.policy.editor.model.RuleId;
import io.sekisho.console.policy.editor.model.RulePicture;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.console.ui.Look;
import io.sekisho.policy.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.eclipse.jface.fieldassist.IContentProposalProvider;

/**
 * What can be typed in the place of a box.
 *
 * @param canvas where the box is
 * @param look theme and fonts
 * @param owner makes what was typed
 * @param spec what is drawn
 * @param live what is proposed
 */
record Entries(PictureCanvas canvas, Look look, Owner owner, SpecPicture spec, Live live) {
  /** What a line means. */
  private interface Meaning {
    List<Edit> of(String line) throws EditException;
  }

  /** Opens the entry of an element; whether it has one. */
  boolean open(ElementId id) {
    return switch (id) {
      case ElementId.Subject s ->
          spec.subject() instanceof PeerForm.Pods pods && subject(s, pods.line());
      case ElementId.Peer p ->
          peer(p).filter(PeerForm::editable).map(form -> peer(p, form)).orElse(false);
      case ElementId.Ports p ->
          rule(p.id()).map(r -> ports(p, r, "entry.ports", Proposals.ports())).orElse(false);
      case ElementId.Icmp i ->
          rule(i.id()).map(r -> ports(i, r, "entry.icmp", Proposals.icmp())).orElse(false);
      case ElementId.Rest r -> false;
      case ElementId.Add a -> false;
    };
  }

  private Optional<PeerForm> peer(ElementId.Peer id) {
    return spec.rules().stream()
        .flatMap(r -> r.peers().stream())
        .filter(p -> p.id().equals(id.id()))
        .map(PeerPicture::form)
        .findFirst();
  }

  private boolean subject(ElementId id, String line) {
    return entry(
        id,
        "entry.pods",
        line,
        Proposals.conditions(live),
        l -> List.of(new Edit.SetSubject(spec.path(), Condition.parse(l))));
  }

  private boolean peer(ElementId.Peer id, PeerForm form) {
    return entry(
        id,
        key(form),
        form.line(),
        proposals(form),
        line -> List.of(new Edit.SetPeer(id.id(), form.parse(line))));
  }

  private Optional<RulePicture> rule(RuleId id) {
    return spec.rules().stream().filter(r -> r.id().equals(id)).findFirst();
  }

  /** Types of ICMP, or ports; the others of the rule stay. */
  private boolean ports(
      ElementId id, RulePicture rule, String key, IContentProposalProvider proposals) {
    boolean icmp = id instanceof ElementId.Icmp;
    List<PortForm> mine = rule.ports().stream().filter(p -> p.icmp() == icmp).toList();
    List<PortForm> others = rule.ports().stream().filter(p -> p.icmp() != icmp).toList();
    return entry(
        id,
        key,
        PortForm.text(mine),
        proposals,
        line -> {
          List<PortForm> wanted = new ArrayList<>(others);
          wanted.addAll(PortForm.parse(line));
          return List.of(new Edit.SetPorts(rule.id(), wanted));
        });
  }

  /** Asks for a new peer, where it will stand. */
  void type(Direction direction, Effect effect, PeerForm like) {
    entry(
        new ElementId.Add(spec.path(), direction),
        key(like),
        "",
        proposals(like),
        line ->
            List.of(new Edit.AddRule(spec.path(), direction, effect, like.parse(line), List.of())));
  }

  private static String key(PeerForm form) {
    return switch (form) {
      case PeerForm.Prefix p -> "entry.cidr";
      case PeerForm.Networks n -> "entry.cidr";
      case PeerForm.Nodes n -> "entry.nodes";
      case PeerForm.Service s when s.conditions().isEmpty() -> "entry.service";
      case PeerForm.Entity e -> "entry.entity";
      default -> "entry.pods";
    };
  }

  private IContentProposalProvider proposals(PeerForm form) {
    return switch (form) {
      case PeerForm.Pods p -> Proposals.conditions(live);
      case PeerForm.Entity e -> Proposals.entities();
      default -> Proposals.none();
    };
  }

  private boolean entry(
      ElementId id, String key, String value, IContentProposalProvider provider, Meaning meaning) {
    BiConsumer<String, Consumer<Optional<String>>> take =
        (line, told) -> {
          try {
            owner.edit(
                meaning.of(line), refused -> told.accept(refused.map(PicturePanel::sentence)));
          } catch (EditException e) {
            told.accept(Optional.of(PicturePanel.sentence(e)));
          }
        };
    canvas
        .bounds(id)
        .ifPresent(
            b -> new InlineEntry(canvas.control(), look, b, Texts.of(key), value, provider, take));
    return true;
  }
}
