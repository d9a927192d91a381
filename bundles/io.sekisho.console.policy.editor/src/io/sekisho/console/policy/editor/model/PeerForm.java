package io.sekisho.console.policy.editor.model;

import io.sekisho.policy.Cidr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  /** Several prefixes that are one peer; where a kind has no such peer, several peers. */
  record Networks(List<String> cidrs) implements PeerForm {
    /** Keeps an immutable copy. */
    public Networks {
      cidrs = List.copyOf(cidrs);
    }
  }

  /** All nodes of the cluster, or those whose labels fulfil conditions. */
  record Nodes(List<Condition> conditions) implements PeerForm {
    /** Keeps an immutable copy. */
    public Nodes {
      conditions = List.copyOf(conditions);
    }
  }

  /**
   * A service by name, or services by labels.
   *
   * @param namespace empty where the text names none
   * @param name empty for services by labels
   * @param conditions on the labels of services; none where it is named
   */
  record Service(String namespace, String name, List<Condition> conditions) implements PeerForm {
    private static final Pattern NAME =
        Pattern.compile("(?:([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)/)?([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)");

    /** Keeps an immutable copy. */
    public Service {
      conditions = List.copyOf(conditions);
    }

    /** A service that is not yet named. */
    public static Service unnamed() {
      return new Service("", "", List.of());
    }

    private Service parsed(String line) throws EditException {
      if (name.isEmpty() && !conditions.isEmpty()) {
        return new Service(namespace, "", Condition.parse(line));
      }
      Matcher words = NAME.matcher(line.strip());
      if (!words.matches()) {
        throw new EditException(EditException.Code.SERVICE, line.strip());
      }
      return new Service(words.group(1) == null ? "" : words.group(1), words.group(2), List.of());
    }
  }

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
      case Networks n -> String.join(", ", n.cidrs());
      case Service s when s.name().isEmpty() -> Condition.text(s.conditions());
      case Service s -> (s.namespace().isEmpty() ? "" : s.namespace() + "/") + s.name();
      case Other o -> o.field();
    };
  }

  /** Whether inline editing can change it. */
  default boolean editable() {
    return !(this instanceof Everybody) && !(this instanceof Other);
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
      case Prefix p -> addresses(line);
      case Networks n -> addresses(line);
      case Nodes n -> new Nodes(Condition.parse(line));
      case Service s -> s.parsed(line);
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
   * Addresses from one prefix with exceptions, or from several prefixes.
   *
   * @throws EditException if a part is no prefix
   */
  private static PeerForm addresses(String line) throws EditException {
    String[] parts = line.strip().split("\\s*,\\s*");
    if (parts.length == 1 || line.contains(" except ")) {
      return prefix(line);
    }
    List<String> cidrs = new ArrayList<>();
    for (String part : parts) {
      cidr(part);
      if (!cidrs.contains(whole(part))) {
        cidrs.add(whole(part));
      }
    }
    if (cidrs.isEmpty()) {
      throw new EditException(EditException.Code.CIDR, line.strip());
    }
    return cidrs.size() == 1 ? new Prefix(cidrs.getFirst(), List.of()) : new Networks(cidrs);
  }

  /** The same as peers of one prefix each; itself where it is not of several. */
  default List<PeerForm> singles() {
    return this instanceof Networks several
        ? several.cidrs().stream().<PeerForm>map(c -> new Prefix(c, List.of())).toList()
        : List.of(this);
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
