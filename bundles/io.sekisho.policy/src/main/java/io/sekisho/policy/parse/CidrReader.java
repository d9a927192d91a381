package io.sekisho.policy.parse;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Peer;
import io.sekisho.policy.grammar.MapShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** Prefixes of addresses, with and without exceptions. */
final class CidrReader {
  private final Findings findings;

  CidrReader(Findings findings) {
    this.findings = findings;
  }

  /** A prefix. */
  Optional<Cidr> read(Node node, String what) {
    Optional<String> text = Fields.text(node, what, findings);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Cidr cidr = Cidr.parse(text.get());
      hintHostBits(node, text.get(), cidr);
      return Optional.of(cidr);
    } catch (IllegalArgumentException e) {
      findings.error(node, e.getMessage());
      return Optional.empty();
    }
  }

  private void hintHostBits(Node node, String text, Cidr cidr) {
    int slash = text.indexOf('/');
    boolean hostBits =
        slash >= 0 && !Arrays.equals(Cidr.parse(text.substring(0, slash)).bytes(), cidr.bytes());
    if (hostBits) {
      findings.warn(node, text + " has bits set behind the prefix and means " + cidr, "" + cidr);
    }
  }

  /** Warns of a prefix that holds every address of its family. */
  void hintAll(Node node, Cidr cidr) {
    if (isAll(cidr)) {
      findings.warn(
          node,
          cidr
              + " means every "
              + (cidr.isV4() ? "IPv4" : "IPv6")
              + " address outside of the cluster, but no pod and no node");
    }
  }

  /** Whether a prefix holds every address of its family. */
  static boolean isAll(Cidr cidr) {
    return cidr.length128() == (cidr.isV4() ? 96 : 0);
  }

  /** A prefix, and what is left out of it. */
  private record Ranges(Cidr cidr, List<Cidr> except) {}

  /**
   * A map with {@code cidr} and {@code except} that means nobody in the cluster.
   *
   * @param shape its fields
   */
  Optional<Peer> readSet(Node node, String what, MapShape shape) {
    Optional<Fields> fields = Fields.of(node, what, shape, findings);
    Optional<Ranges> ranges = fields.flatMap(f -> ranges(f, node, what, shape));
    ranges.ifPresent(r -> hintAll(fields.flatMap(f -> f.value("cidr")).orElse(node), r.cidr()));
    return ranges.map(r -> new Peer.Prefix(r.cidr(), r.except()));
  }

  /** The same that means whoever has an address there. */
  Optional<Peer> readBlock(Node node, String what, MapShape shape) {
    return Fields.of(node, what, shape, findings)
        .flatMap(f -> ranges(f, node, what, shape))
        .map(r -> new Peer.Block(r.cidr(), r.except()));
  }

  private Optional<Ranges> ranges(Fields fields, Node node, String what, MapShape shape) {
    if (!fields.has("cidr") && shape.notYet().stream().noneMatch(fields::has)) {
      findings.error(node, what + " has no 'cidr'");
    }
    Optional<Cidr> cidr = fields.value("cidr").flatMap(n -> read(n, "'cidr'"));
    var except = new ArrayList<Cidr>();
    for (Node item : fields.list("except").orElse(List.of())) {
      read(item, "an item of 'except'").filter(e -> isInside(item, e, cidr)).ifPresent(except::add);
    }
    return cidr.map(c -> new Ranges(c, except));
  }

  private boolean isInside(Node node, Cidr except, Optional<Cidr> cidr) {
    boolean inside = cidr.isEmpty() || except.inside(cidr.get());
    if (!inside) {
      findings.error(node, "the exception " + except + " is not inside " + cidr.get());
    }
    return inside;
  }
}
