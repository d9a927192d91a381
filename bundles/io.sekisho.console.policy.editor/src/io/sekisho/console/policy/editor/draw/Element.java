package io.sekisho.console.policy.editor.draw;

import java.util.List;

/**
 * One thing of the picture.
 *
 * @param id what it stands for
 * @param box where it stands
 * @param shape how it is framed
 * @param lines what is written in it, the first in bold
 * @param tone how its last line is meant
 * @param tip the whole of it in words, for tooltips and screen readers
 */
public record Element(
    ElementId id, Rect box, Shape shape, List<String> lines, Tone tone, String tip) {
  /** How a thing is framed. */
  public enum Shape {
    /** Pods: round corners. */
    PODS,
    /** Outside of the cluster: dashed. */
    OUTSIDE,
    /** Nodes: square corners. */
    NODES,
    /** A service: a pill. */
    SERVICE,
    /** Ports on an edge: a chip. */
    PORTS,
    /** Types of ICMP on an edge: a chip with pointed ends. */
    ICMP,
    /** All else: no frame. */
    REST,
    /** A place to add: a thin dashed frame. */
    ADD
  }

  /** How the second line is meant. */
  public enum Tone {
    QUIET,
    /** Means nobody now. */
    CONCERN,
    /** Dropped. */
    DENY
  }

  /** Keeps an immutable copy. */
  public Element {
    lines = List.copyOf(lines);
  }
}
