package io.sekisho.flow.filter;

import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowRecords;
import io.sekisho.flow.Party;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What filters can ask for.
 *
 * @param name as written, for example {@code to.namespace}
 * @param type how its values compare
 * @param values the values that a record has for it: of a field of both ends two, else one or more
 *     names for the same
 * @param words the values that there are; empty if any text or number is one
 * @param meaning one line for people
 */
record Field(
    String name,
    Type type,
    Function<FlowRecord, List<String>> values,
    List<String> words,
    String meaning) {

  /** How values compare. */
  enum Type {
    TEXT,
    NUMBER
  }

  private static final List<String> BOOLEAN = List.of("true", "false");
  private static final Map<String, Field> ALL = all();

  /** The field of a name; letters of any case. */
  static Optional<Field> of(String name) {
    return Optional.ofNullable(ALL.get(name.toLowerCase(Locale.ROOT)));
  }

  /** Every field, in the order in which they are proposed. */
  static List<Field> list() {
    return List.copyOf(ALL.values());
  }

  static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  private static Map<String, Field> all() {
    var fields = new ArrayList<Field>();
    fields.add(
        new Field(
            "verdict",
            Type.TEXT,
            r -> List.of(FlowRecords.word(r.verdict())),
            List.of("forwarded", "dropped", "audited", "unknown"),
            "what became of it"));
    addEnd(fields, "from", "who opened the connection", FlowRecord::client);
    addEnd(fields, "to", "who serves the connection", FlowRecord::server);
    addBoth(fields);
    fields.add(number("from.port", r -> r.clientPort(), "port of the opener"));
    fields.add(number("to.port", r -> r.serverPort(), "port of the server"));
    fields.add(number("port", r -> r.serverPort(), "port of the server"));
    fields.add(
        new Field(
            "protocol",
            Type.TEXT,
            r -> List.of(r.protocol()),
            List.of("TCP", "UDP", "SCTP", "ICMPv4", "ICMPv6"),
            "transport protocol"));
    fields.add(text("rule", FlowRecord::rule, "rule that decided"));
    fields.add(text("reason", FlowRecord::dropReason, "why it was dropped"));
    fields.add(text("node", FlowRecord::node, "where it was seen"));
    fields.add(flag("reply", FlowRecord::reply, "from server to opener"));
    fields.add(flag("opened", FlowRecord::opened, "first packet of a connection"));
    var out = new LinkedHashMap<String, Field>();
    fields.forEach(f -> out.put(f.name(), f));
    return out;
  }

  private static void addEnd(
      List<Field> fields, String end, String meaning, Function<FlowRecord, Party> party) {
    fields.add(new Field(end, Type.TEXT, r -> namesOf(party.apply(r)), List.of(), meaning));
    fields.add(text(end + ".namespace", r -> party.apply(r).namespace(), "namespace: " + meaning));
    fields.add(text(end + ".workload", r -> party.apply(r).workload(), "workload: " + meaning));
    fields.add(text(end + ".pod", r -> party.apply(r).pod(), "pod: " + meaning));
    fields.add(text(end + ".address", r -> party.apply(r).address(), "address: " + meaning));
    fields.add(number(end + ".identity", r -> party.apply(r).identity(), "identity: " + meaning));
    fields.add(
        new Field(
            end + ".kind",
            Type.TEXT,
            r -> List.of(kind(party.apply(r))),
            List.of("workload", "outside", "node", "unknown"),
            "what it is: " + meaning));
  }

  private static void addBoth(List<Field> fields) {
    fields.add(both("namespace", Party::namespace));
    fields.add(both("workload", Party::workload));
    fields.add(both("pod", Party::pod));
    fields.add(both("address", Party::address));
  }

  private static Field both(String name, Function<Party, String> part) {
    return new Field(
        name,
        Type.TEXT,
        r -> List.of(part.apply(r.client()), part.apply(r.server())),
        List.of(),
        name + " of either end");
  }

  private static Field text(String name, Function<FlowRecord, String> value, String meaning) {
    return new Field(name, Type.TEXT, r -> List.of(value.apply(r)), List.of(), meaning);
  }

  private static Field number(String name, Function<FlowRecord, Integer> value, String meaning) {
    return new Field(
        name,
        Type.NUMBER,
        r -> List.of(Integer.toUnsignedString(value.apply(r))),
        List.of(),
        meaning);
  }

  private static Field flag(String name, Function<FlowRecord, Boolean> value, String meaning) {
    return new Field(name, Type.TEXT, r -> List.of(value.apply(r).toString()), BOOLEAN, meaning);
  }

  private static String kind(Party party) {
    return party.kind().name().toLowerCase(Locale.ROOT);
  }

  /** Everything that an end goes by. */
  private static List<String> namesOf(Party party) {
    return List.of(party.workload(), party.key(), party.pod(), party.address());
  }
}
