package io.sekisho.policy;

import java.util.List;

/**
 * What must or must not be able to talk.
 *
 * @param document the document that it stands in
 * @param index place in the document, from 1
 * @param line where it begins in the document's own text, from 1
 * @param allow whether everything of it must pass; else nothing of it may
 * @param from who opens the connection: any of these
 * @param to who serves it: any of these
 * @param ports any of these
 * @param named or any of these, as who serves names them
 * @param reason why; empty for none
 */
public record Expectation(
    DocumentName document,
    int index,
    int line,
    boolean allow,
    List<Peer> from,
    List<Peer> to,
    List<PortRange> ports,
    List<NamedPort> named,
    String reason) {
  /** Keeps immutable copies. */
  public Expectation {
    from = List.copyOf(from);
    to = List.copyOf(to);
    ports = List.copyOf(ports);
    named = List.copyOf(named);
  }

  /**
   * The name by which people refer to it: the document's, with the place if it is not the first.
   */
  public String name() {
    return document.path() + (index == 1 ? "" : ":" + index);
  }
}
