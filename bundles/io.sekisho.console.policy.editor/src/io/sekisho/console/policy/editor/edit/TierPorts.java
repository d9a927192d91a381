package io.sekisho.console.policy.editor.edit;

import io.sekisho.console.policy.editor.model.EditException;
import io.sekisho.console.policy.editor.model.PortForm;
import io.sekisho.console.policy.editor.yaml.Value;
import io.sekisho.console.policy.editor.yaml.Value.Fields;
import io.sekisho.console.policy.editor.yaml.Value.Items;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Ports of the administrators' kinds.
 *
 * @param cluster whether as {@code protocols} of the new kind, else as {@code ports} of the others
 */
record TierPorts(boolean cluster) {
  private static final String NAMED = "destinationNamedPort";

  private String field() {
    return cluster ? "protocols" : "ports";
  }

  List<PortForm> read(Fields rule) {
    return rule.list(field()).stream().map(this::port).toList();
  }

  private PortForm port(Value value) {
    Fields f = value instanceof Fields m ? m : Fields.NONE;
    return cluster ? protocol(f) : old(f);
  }

  private static PortForm protocol(Fields f) {
    if (f.has(NAMED)) {
      return new PortForm("ANY", f.text(NAMED), "");
    }
    String name = f.fields().keySet().stream().findFirst().orElse("tcp");
    Fields port = f.map(name).flatMap(p -> p.map("destinationPort")).orElse(Fields.NONE);
    return numbers(name.toUpperCase(Locale.ROOT), port, port.map("range"), "number");
  }

  private static PortForm old(Fields f) {
    if (f.has("namedPort")) {
      return new PortForm("ANY", f.text("namedPort"), "");
    }
    Fields number = f.map("portNumber").orElse(Fields.NONE);
    Fields any = f.map("portRange").orElse(number);
    String protocol = any.has("protocol") ? any.text("protocol") : "TCP";
    return numbers(protocol, number, f.map("portRange"), "port");
  }

  private static PortForm numbers(
      String protocol, Fields single, java.util.Optional<Fields> range, String field) {
    return range
        .map(r -> new PortForm(protocol, r.text("start"), r.text("end")))
        .orElseGet(() -> new PortForm(protocol, single.text(field), ""));
  }

  Fields write(Fields rule, List<PortForm> wanted) throws EditException {
    if (wanted.isEmpty()) {
      return rule.without(field());
    }
    List<PortForm> left = new ArrayList<>(wanted);
    List<Value> items = new ArrayList<>();
    rule.list(field()).stream().filter(p -> left.remove(port(p))).forEach(items::add);
    for (PortForm port : left) {
      items.add(value(port));
    }
    return rule.with(field(), new Items(items));
  }

  private Value value(PortForm port) throws EditException {
    if (port.named()) {
      return Value.field(cluster ? NAMED : "namedPort", Value.text(port.port()));
    }
    if (port.icmp() || port.port().isEmpty() || port.protocol().equals("ANY")) {
      throw new EditException(EditException.Code.PORT_OF_KIND, port.toString());
    }
    Value first = Value.number(Integer.parseInt(port.port()));
    boolean single = port.last().isEmpty();
    Fields range =
        single
            ? Fields.NONE
            : Value.field("start", first).with("end", Value.number(Integer.parseInt(port.last())));
    if (cluster) {
      Fields inner = single ? Value.field("number", first) : Value.field("range", range);
      return Value.field(
          port.protocol().toLowerCase(Locale.ROOT), Value.field("destinationPort", inner));
    }
    Fields protocol = Value.field("protocol", Value.text(port.protocol()));
    if (single) {
      return Value.field("portNumber", protocol.with("port", first));
    }
    Fields whole = protocol;
    for (var entry : range.fields().entrySet()) {
      whole = whole.with(entry.getKey(), entry.getValue());
    }
    return Value.field("portRange", whole);
  }
}
