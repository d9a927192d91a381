package io.sekisho.console.policy.editor.draw;

import io.sekisho.console.policy.editor.model.Effect;
import io.sekisho.console.policy.editor.model.Live;
import io.sekisho.console.policy.editor.model.PeerPicture;
import io.sekisho.console.policy.editor.model.RulePicture;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.policy.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where everything of a spec stands: who comes in at the left, where it goes at the right, the
 * subject in the middle as tall as both; one row for each peer, so that lines are level and never
 * cross.
 *
 * @param spec what is drawn
 * @param elements what can be selected, in reading order
 * @param wires lines between them
 * @param titles what stands over the columns
 * @param width of the whole in pixels
 * @param height of the whole in pixels
 */
public record Plan(
    SpecPicture spec,
    List<Element> elements,
    List<Wire> wires,
    List<Title> titles,
    int width,
    int height) {
  /** The narrowest picture. */
  public static final int LEAST_WIDTH = 620;

  private static final int MARGIN = 12;
  private static final int TOP = 56;
  private static final int ROW = 40;
  private static final int ROW_GAP = 8;
  private static final int RULE_GAP = 16;
  private static final int LINE = 16;
  private static final int ADD = 28;
  private static final int MOST_LINES = 4;

  /** Words over a column. */
  public record Title(int x, int width, String text, String note) {}

  /** Keeps immutable copies. */
  public Plan {
    elements = List.copyOf(elements);
    wires = List.copyOf(wires);
    titles = List.copyOf(titles);
  }

  /** The element of an id. */
  public Optional<Element> element(ElementId id) {
    return elements.stream().filter(e -> e.id().equals(id)).findFirst();
  }

  /** The element at a point. */
  public Optional<Element> at(int x, int y) {
    return elements.stream().filter(e -> e.box().holds(x, y)).findFirst();
  }

  /** The same without what is there to add something. */
  public Plan withoutAdding() {
    List<Element> left = elements.stream().filter(e -> !(e.id() instanceof ElementId.Add)).toList();
    return new Plan(spec, left, wires, titles, width, height);
  }

  /** Which side a point belongs to: nearer to who comes in, or to where it goes. */
  public Direction side(int x) {
    return x < width / 2 ? Direction.INGRESS : Direction.EGRESS;
  }

  /** The plan of a spec for a width of the window. */
  public static Plan of(SpecPicture spec, Live live, int window) {
    return new Maker(spec, live, Math.max(LEAST_WIDTH, window)).make();
  }

  private static final class Maker {
    private final SpecPicture spec;
    private final Wording wording;
    private final int width;
    private final int peer;
    private final int ports;
    private final int gap;
    private final int subject;
    private final List<Element> elements = new ArrayList<>();
    private final List<Wire> wires = new ArrayList<>();

    Maker(SpecPicture spec, Live live, int width) {
      this.spec = spec;
      this.wording = new Wording(spec, live);
      this.width = width;
      this.gap = Math.clamp(width / 28, 20, 44);
      this.subject = Math.clamp(width / 5, 128, 220);
      this.ports = Math.clamp(width / 8, 84, 100);
      this.peer = Math.min(260, (width - 2 * MARGIN - 4 * gap - 2 * ports - subject) / 2);
    }

    Plan make() {
      int left = side(Direction.INGRESS);
      int right = side(Direction.EGRESS);
      int bottom = Math.max(Math.max(left, right), TOP + 3 * ROW);
      Rect box = new Rect(subjectX(), TOP, subject, bottom - TOP);
      elements.addFirst(wording.subject(box));
      List<Plan.Title> titles =
          List.of(
              new Title(
                  peerX(Direction.INGRESS),
                  peer + gap + ports,
                  wording.side(Direction.INGRESS),
                  wording.sideNote(Direction.INGRESS)),
              new Title(subjectX(), subject, wording.middle(), wording.middleNote()),
              new Title(
                  portsX(Direction.EGRESS),
                  peer + gap + ports,
                  wording.side(Direction.EGRESS),
                  wording.sideNote(Direction.EGRESS)));
      return new Plan(spec, elements, wires, titles, width, bottom + MARGIN);
    }

    private int inner() {
      return 2 * peer + 4 * gap + 2 * ports + subject;
    }

    private int peerX(Direction direction) {
      int start = (width - inner()) / 2;
      return direction == Direction.INGRESS ? start : start + inner() - peer;
    }

    private int portsX(Direction direction) {
      return direction == Direction.INGRESS
          ? peerX(direction) + peer + gap
          : peerX(direction) - gap - ports;
    }

    private int subjectX() {
      return portsX(Direction.INGRESS) + ports + gap;
    }

    /** Where lines end at the subject. */
    private int subjectEdge(Direction direction) {
      return direction == Direction.INGRESS ? subjectX() : subjectX() + subject;
    }

    private int side(Direction direction) {
      int y = TOP;
      for (RulePicture rule : spec.rules(direction).toList()) {
        y = rule(rule, direction, y) + RULE_GAP;
      }
      if (!spec.demands()) {
        y = rest(direction, y) + ROW_GAP;
      }
      ElementId.Add add = new ElementId.Add(spec.path(), direction);
      elements.add(wording.add(add, new Rect(peerX(direction), y, peer, ADD)));
      return y + ADD;
    }

    private int rule(RulePicture rule, Direction direction, int top) {
      int peers = Math.max(1, rule.peers().size());
      List<Wording.Chip> chips = wording.chips(rule, MOST_LINES);
      int stack = chips.stream().mapToInt(Maker::height).sum() + (chips.size() - 1) * ROW_GAP;
      int rows = peers * ROW + (peers - 1) * ROW_GAP;
      int height = Math.max(rows, stack);
      List<Element> made = new ArrayList<>();
      int at = top + (height - stack) / 2;
      for (Wording.Chip chip : chips) {
        Rect box = new Rect(portsX(direction), at, ports, height(chip));
        made.add(wording.chip(rule, chip, box));
        at += height(chip) + ROW_GAP;
      }
      peers(rule, direction, top + (height - rows) / 2, made);
      boolean in = direction == Direction.INGRESS;
      Wire.Style style = style(rule.effect());
      for (Element chip : made) {
        elements.add(chip);
        int far = in ? chip.box().right() : chip.box().x();
        int y = chip.box().middle();
        wires.add(Wire.towards(direction, chip.id(), far, y, subjectEdge(direction), y, style, in));
      }
      return top + height;
    }

    private static int height(Wording.Chip chip) {
      return chip.lines().size() * LINE + 8;
    }

    /** The peers of a rule, each with a line to each chip. */
    private void peers(RulePicture rule, Direction direction, int top, List<Element> chips) {
      boolean in = direction == Direction.INGRESS;
      int near = in ? peerX(direction) + peer : peerX(direction);
      int y = top;
      for (PeerPicture p : rule.peers()) {
        Rect box = new Rect(peerX(direction), y, peer, ROW);
        Element element = wording.peer(p, box);
        elements.add(element);
        for (Element chip : chips) {
          int end = in ? chip.box().x() : chip.box().right();
          // the arrow stands at the server: at the peer where traffic goes out
          wires.add(
              Wire.towards(
                  direction,
                  element.id(),
                  near,
                  box.middle(),
                  end,
                  chip.box().middle(),
                  style(rule.effect()),
                  !in));
        }
        y += ROW + ROW_GAP;
      }
    }

    private int rest(Direction direction, int top) {
      ElementId.Rest id = new ElementId.Rest(spec.path(), direction);
      Rect box = new Rect(peerX(direction), top, peer, ROW);
      elements.add(wording.rest(id, box));
      boolean drops = spec.isolated().contains(direction);
      Wire.Style dropped = spec.head().audit() ? Wire.Style.AUDIT : Wire.Style.REST_DENY;
      Wire.Style style = drops ? dropped : Wire.Style.REST;
      int near = direction == Direction.INGRESS ? box.right() : box.x();
      int subjectEdge = subjectEdge(direction);
      if (!spec.ordered()) {
        wires.add(
            Wire.towards(
                direction, id, near, box.middle(), subjectEdge, box.middle(), style, true));
      }
      return box.bottom();
    }

    private Wire.Style style(Effect effect) {
      if (spec.head().audit() && effect == Effect.DENY) {
        return Wire.Style.AUDIT;
      }
      return switch (effect) {
        case ALLOW -> spec.head().audit() ? Wire.Style.AUDIT : Wire.Style.ALLOW;
        case DENY -> Wire.Style.DENY;
        case PASS -> Wire.Style.PASS;
      };
    }
  }
}
