package io.sekisho.console.policy.editor.model;

import io.sekisho.policy.Cidr;
import java.util.Arrays;
import java.util.List;

/** Who may be at the other end, in the same words for all kinds of documents. */
public sealed interface PeerForm {
  /** Everybody: the rule names no peer. */
  record Everybody() implements PeerForm {}

  /**
   * Pods by labels.
   *
   * @param conditions all must hold; without one on the namespace, that of the document is meant,
   *     and in a document of the whole cluster every one
   */
  record Pods(List<Condition> conditions) implements PeerForm {
    /** Keeps an immutable copy. */
    public Pods {
      conditions = List.copyOf(conditions);
    }
  }

  /** A group with a name of its own, such as {@code world}. */
  record Entity(String name) implements PeerForm {}

  /** Addresses outside, without exceptions. */
  record Prefix(String cidr, List<String> except) implements PeerForm {
    /** Keeps an immutable copy. */
    public Prefix {
      except = List.copyOf(except);
    }
  }

  /** All nodes of the cluster, or those whose labels fulfil conditions. */
  record Nodes(List<Condition> conditions) implements PeerForm {
    /** Keeps an immutable copy. */
    public Nodes {
      conditions = List.copyOf(conditions);
    }
  }

  /** A service by name, or by labels. */
  record Service(String text) implements PeerForm {}

  /** What is not drawn; its text stays as it is. */
  record Other(String field) implements PeerForm {}

  /** The line that inline editing shows; read back by {@link #parse}. */
  default String line() {
    return switch (this) {
      case Everybody e -> "everybody";
      case Pods p -> Condition.text(p.conditions());
      case Entity e -> e.name();
      case Prefix p ->
          p.cidr() + (p.except().isEmpty() ? "" : " except " + String.join(", ", p.except()));
      case Nodes n -> Condition.text(n.conditions());
      case Service s -> s.text();
      case Other o -> o.field();
    };
  }

  /** Whether inline editing can change it. */
  default boolean editable() {
    return this instanceof Pods || this instanceof Entity || this instanceof Prefix;
  }

  /**
   * The same sort of peer from an edited line.
   *
   * @throws EditException if the line does not say one
   */
  default PeerForm parse(String line) throws EditException {
    return switch (this) {
      case Pods p -> new Pods(Condition.parse(line));
      case Entity e -> entity(line.strip());
      case Prefix p -> prefix(line);
      default -> throw new EditException(EditException.Code.BY_HAND, line());
    };
  }

  private static PeerForm entity(String name) throws EditException {
    if (io.sekisho.policy.Entity.of(name).isEmpty()) {
      throw new EditException(EditException.Code.PEER_OF_KIND, name);
    }
    return new Entity(name);
  }

  /**
   * Addresses from {@code 10.0.0.0/8 except 10.1.0.0/16, 10.2.0.0/16}.
   *
   * @throws EditException if a part is no prefix
   */
  static Prefix prefix(String line) throws EditException {
    String[] sides = line.strip().split("\\s+except\\s+", 2);
    List<String> except =
        sides.length < 2
            ? List.of()
            : Arrays.stream(sides[1].split(","))
                .map(String::strip)
                .filter(e -> !e.isEmpty())
                .toList();
    Cidr all = cidr(sides[0].strip());
    for (String part : except) {
      if (!cidr(part).inside(all)) {
        throw new EditException(EditException.Code.CIDR, part);
      }
    }
    return new Prefix(whole(sides[0].strip()), except.stream().map(PeerForm::whole).toList());
  }

  private static String whole(String text) {
    return text.contains("/") ? text : text + (text.contains(":") ? "/128" : "/32");
  }

  private static Cidr cidr(String text) throws EditException {
    try {
      return Cidr.parse(text);
    } catch (IllegalArgumentException e) {
      throw new EditException(EditException.Code.CIDR, text);
    }
  }
}
