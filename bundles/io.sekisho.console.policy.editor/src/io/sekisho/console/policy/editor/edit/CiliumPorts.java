package io.sekisho.console.policy.editor.edit;

import io.sekisho.console.policy.editor.model.EditException;
import io.sekisho.console.policy.editor.model.PortForm;
import io.sekisho.console.policy.editor.yaml.Value;
import io.sekisho.console.policy.editor.yaml.Value.Fields;
import io.sekisho.console.policy.editor.yaml.Value.Items;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code toPorts} and {@code icmps} of Cilium's rules. */
final class CiliumPorts {
  private static final String PORTS = "toPorts";
  private static final String ICMPS = "icmps";

  private CiliumPorts() {}

  static List<PortForm> read(Fields rule) {
    List<PortForm> out = new ArrayList<>();
    for (Value item : rule.list(PORTS)) {
      if (item instanceof Fields f) {
        f.list("ports").forEach(p -> out.add(port(p)));
      }
    }
    for (Value item : rule.list(ICMPS)) {
      if (item instanceof Fields f) {
        f.list("fields").forEach(t -> out.add(icmp(t)));
      }
    }
    return out;
  }

  static PortForm port(Value value) {
    Fields f = value instanceof Fields m ? m : Fields.NONE;
    String protocol = f.has("protocol") ? f.text("protocol").toUpperCase(Locale.ROOT) : "ANY";
    String port = f.text("port").equals("0") ? "" : f.text("port");
    String last = f.text("endPort").equals(f.text("port")) ? "" : f.text("endPort");
    return new PortForm(protocol, port, last);
  }

  private static PortForm icmp(Value value) {
    Fields f = value instanceof Fields m ? m : Fields.NONE;
    return new PortForm(f.text("family").equals("IPv6") ? "ICMPv6" : "ICMP", f.text("type"), "");
  }

  /** A rule with these ports; those that it has stay as they are written. */
  static Fields write(Fields rule, List<PortForm> wanted) throws EditException {
    boolean icmp = wanted.stream().anyMatch(PortForm::icmp);
    if (icmp && !wanted.stream().allMatch(PortForm::icmp)) {
      throw new EditException(EditException.Code.PORT_OF_KIND, PortForm.text(wanted));
    }
    List<PortForm> left = new ArrayList<>(wanted);
    List<Value> items = kept(rule.list(PORTS), "ports", left);
    List<Value> types = kept(rule.list(ICMPS), "fields", left);
    add(icmp ? types : items, icmp ? "fields" : "ports", left);
    Fields next = put(rule, PORTS, items);
    return put(next, ICMPS, types);
  }

  private static Fields put(Fields rule, String field, List<Value> items) {
    return items.isEmpty() ? rule.without(field) : rule.with(field, new Items(items));
  }

  /** Items with what is still wanted, which is taken from the list; an empty item goes. */
  private static List<Value> kept(List<Value> items, String field, List<PortForm> wanted) {
    List<Value> out = new ArrayList<>();
    for (Value item : items) {
      Fields f = item instanceof Fields m ? m : Fields.NONE;
      List<Value> ports =
          f.list(field).stream()
              .filter(p -> wanted.remove(field.equals("ports") ? port(p) : icmp(p)))
              .toList();
      if (!ports.isEmpty()) {
        out.add(f.with(field, new Items(ports)));
      }
    }
    return out;
  }

  private static void add(List<Value> items, String field, List<PortForm> wanted) {
    if (wanted.isEmpty()) {
      return;
    }
    List<Value> made = wanted.stream().map(CiliumPorts::value).toList();
    if (items.isEmpty()) {
      items.add(Value.field(field, new Items(made)));
      return;
    }
    Fields first = (Fields) items.getFirst();
    List<Value> all = new ArrayList<>(first.list(field));
    all.addAll(made);
    items.set(0, first.with(field, new Items(all)));
  }

  static Value value(PortForm port) {
    if (port.icmp()) {
      boolean number = port.port().matches("[0-9]+");
      return Value.field("family", Value.text(port.protocol().equals("ICMPv6") ? "IPv6" : "IPv4"))
          .with(
              "type",
              number ? Value.number(Integer.parseInt(port.port())) : Value.text(port.port()));
    }
    Fields out = Value.field("port", Value.text(port.port().isEmpty() ? "0" : port.port()));
    if (!port.last().isEmpty()) {
      out = out.with("endPort", Value.number(Integer.parseInt(port.last())));
    }
    return out.with("protocol", Value.text(port.protocol()));
  }
}
