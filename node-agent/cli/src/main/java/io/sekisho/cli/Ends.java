package io.sekisho.cli;

import io.sekisho.api.v1.EndQuery;
import io.sekisho.api.v1.GroupEnd;
import io.sekisho.api.v1.LabelList;
import io.sekisho.api.v1.PolicyEnd;
import io.sekisho.api.v1.Ports;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Entity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PortRange;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The ends of connections as people name them, and as they are told. */
final class Ends {
  /** How an end is named, for {@code --help}. */
  static final String HELP =
      "namespace/pod, an address, an entity such as world, labels as KEY=VALUE,... where namespace="
          + "NAME is the namespace, or the number of an identity.";

  private Ends() {}

  /** Who is meant by a text. */
  static EndQuery query(String text) {
    var query = EndQuery.newBuilder();
    if (text.contains("=") || text.startsWith("reserved:")) {
      return query.setLabels(LabelList.newBuilder().addAllLabels(labels(text))).build();
    }
    if (Entity.of(text).isPresent()) {
      return query.setEntity(text).build();
    }
    if (text.matches("[0-9]{1,9}")) {
      return query.setIdentity(Integer.parseInt(text)).build();
    }
    return isAddress(text) ? query.setAddress(text).build() : query.setPod(text).build();
  }

  /** The labels of a list; the namespace has a short name. */
  static List<String> labels(String text) {
    return Arrays.stream(text.split(","))
        .map(l -> l.startsWith("namespace=") ? l.replaceFirst("namespace", Labels.NAMESPACE) : l)
        .toList();
  }

  private static boolean isAddress(String text) {
    try {
      Cidr.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** {@code shop/cart-1 (identity 300)}. */
  static String text(PolicyEnd end) {
    String address = end.getAddress();
    String name =
        address.isEmpty() || address.equals(end.getName())
            ? end.getName()
            : address + " (" + end.getName() + ")";
    return end.getIdentity() == 0 || end.getIdentity() >= io.sekisho.policy.Identity.FIRST_LOCAL
        ? name
        : name + " (identity " + end.getIdentity() + ")";
  }

  /** How many are in a group, where they are pods. */
  static String count(GroupEnd end) {
    return end.getNamespace().isEmpty() ? "" : Texts.plural(end.getEndpoints(), "endpoint");
  }

  /** {@code 8443/TCP, 9000-9100/TCP}. */
  static String ports(List<Ports> ports) {
    return ports.stream()
        .map(p -> new PortRange(p.getProtocol(), p.getFirst(), p.getLast()))
        .map(r -> r.protocol() == 255 ? "other protocols" : r.toString())
        .collect(Collectors.joining(", "));
  }
}
