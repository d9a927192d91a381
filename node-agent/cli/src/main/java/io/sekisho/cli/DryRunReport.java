package io.sekisho.cli;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.sekisho.impact.run.BlastRadius;
import io.sekisho.impact.run.DryRun;
import io.sekisho.impact.run.Line;
import io.sekisho.impact.run.Outcome;
import io.sekisho.impact.run.Pair;
import io.sekisho.impact.seen.Traffic;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A dry run for people and for programs.
 *
 * @param all whether to show what stays as it is
 */
record DryRunReport(DryRun run, BlastRadius radius, Traffic traffic, boolean all) {
  private List<Pair> shown() {
    return run.pairs().stream().filter(p -> all || p.outcome() != Outcome.UNCHANGED).toList();
  }

  private static String word(Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** A table of what changes, and sums. */
  String text() {
    var out = new StringBuilder();
    var table = new TextTable("OUTCOME", "FLOWS", "FROM", "TO", "PORT", "NOW", "THEN");
    for (Pair pair : shown()) {
      for (Line line : pair.lines()) {
        table.row(
            word(pair.outcome()),
            line.talk().flows(),
            line.talk().client().name(),
            line.talk().server().name(),
            line.port(),
            line.before().map(Object::toString).orElse(""),
            line.reason().isEmpty()
                ? line.after().map(Object::toString).orElse("")
                : line.reason());
      }
    }
    if (!shown().isEmpty()) {
      out.append(table).append('\n');
    }
    out.append(Texts.plural(traffic.flows(), "flow")).append(": ");
    out.append(
        List.of(Outcome.values()).stream()
            .map(o -> run.flows(o) + " " + word(o))
            .collect(Collectors.joining(", ")));
    if (run.audited() > 0) {
      out.append("; ").append(run.audited()).append(" would pass only under audit");
    }
    out.append('\n')
        .append(Texts.plural(radius.touched().size(), "endpoint"))
        .append(" on ")
        .append(Texts.plural(radius.nodes().size(), "node"))
        .append(
            String.format(
                ": %d map entries added, %d removed, %d changed%n",
                radius.added(), radius.removed(), radius.changed()));
    radius
        .overflowing()
        .forEach(
            t ->
                out.append(
                    String.format(
                        "%s would need %d map entries, more than the %d that there are%n",
                        t.endpoint().pod(), t.difference().entries(), BlastRadius.CAPACITY)));
    return out.toString();
  }

  /** The same for programs. */
  Struct message() {
    var flows = Struct.newBuilder();
    for (Outcome outcome : Outcome.values()) {
      flows.putFields(word(outcome).replace(' ', '_'), number(run.flows(outcome)));
    }
    var pairs = ListValue.newBuilder();
    shown().forEach(p -> p.lines().forEach(l -> pairs.addValues(value(line(p, l)))));
    return Struct.newBuilder()
        .putFields("flows", value(flows.build()))
        .putFields("audited", number(run.audited()))
        .putFields("lost", number(traffic.lost() + traffic.leftOut()))
        .putFields("changes", Value.newBuilder().setListValue(pairs).build())
        .putFields("endpoints", number(radius.touched().size()))
        .putFields("nodes", number(radius.nodes().size()))
        .putFields("entries_added", number(radius.added()))
        .putFields("entries_removed", number(radius.removed()))
        .putFields("entries_changed", number(radius.changed()))
        .build();
  }

  private static Struct line(Pair pair, Line line) {
    return Struct.newBuilder()
        .putFields("outcome", text(word(pair.outcome()).replace(' ', '_')))
        .putFields("from", text(line.talk().client().name()))
        .putFields("to", text(line.talk().server().name()))
        .putFields("port", text(line.port()))
        .putFields("flows", number(line.talk().flows()))
        .putFields("before", text(line.before().map(Object::toString).orElse("")))
        .putFields("after", text(line.after().map(Object::toString).orElse("")))
        .putFields("reason", text(line.reason()))
        .build();
  }

  private static Value number(long number) {
    return Value.newBuilder().setNumberValue(number).build();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  private static Value value(Struct struct) {
    return Value.newBuilder().setStructValue(struct).build();
  }
}
