package io.sekisho.console.policy;

import io.sekisho.console.ui.Format;
import io.sekisho.impact.run.BlastRadius;
import io.sekisho.impact.run.Outcome;
import io.sekisho.impact.seen.Traffic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** What a dry run says, in sentences. */
final class ImpactWords {
  private static final int MAX_NAMES = 8;

  private ImpactWords() {}

  /** Against which flows, and what is missing in them. */
  static String against(DryRuns.Result result) {
    Traffic traffic = result.flows().recorded().traffic();
    List<String> out = new ArrayList<>();
    out.add(
        Texts.bind(
            Texts.impact_against,
            Format.counted(traffic.flows(), Texts.impact_flow),
            result.flows().span().words()));
    if (result.run().audited() > 0) {
      out.add(Texts.bind(Texts.impact_audited, Format.count(result.run().audited())));
    }
    if (traffic.lost() > 0) {
      out.add(Texts.bind(Texts.impact_lost, Format.count(traffic.lost())));
    }
    if (traffic.leftOut() > 0) {
      out.add(Texts.bind(Texts.impact_left_out, Format.count(traffic.leftOut())));
    }
    if (result.flows().recorded().damagedBytes() > 0) {
      out.add(
          Texts.bind(Texts.impact_damaged, Format.count(result.flows().recorded().damagedBytes())));
    }
    if (!result.flows().recorded().missing().isEmpty()) {
      out.add(
          Texts.bind(Texts.impact_missing, String.join(", ", result.flows().recorded().missing())));
    }
    return String.join(" · ", out);
  }

  /** Whose tables differ, and by how many entries. */
  static String touched(DryRuns.Result result) {
    BlastRadius radius = result.radius();
    if (radius.touched().isEmpty()) {
      return Texts.impact_no_table;
    }
    String sentence =
        Texts.bind(
            Texts.impact_touched,
            new Object[] {
              Format.counted(radius.touched().size(), Texts.impact_endpoint),
              Format.counted(radius.nodes().size(), Texts.impact_node),
              Format.count(radius.added()),
              Format.count(radius.removed()),
              Format.count(radius.changed())
            });
    String overflow =
        radius.overflowing().isEmpty()
            ? ""
            : "\n"
                + Texts.bind(
                    Texts.impact_overflow,
                    Format.counted(radius.overflowing().size(), Texts.impact_endpoint));
    return sentence + overflow + "\n" + names(radius.workloads());
  }

  /** Whom changed documents select, while nothing was compiled yet. */
  static String selected(Impact impact) {
    if (impact.endpoints() == 0) {
      return Texts.impact_none;
    }
    return Texts.bind(
            Texts.impact_selects,
            Format.counted(impact.endpoints(), Texts.impact_endpoint),
            Format.counted(impact.nodes().size(), Texts.impact_node))
        + "\n"
        + names(impact.workloads());
  }

  private static String names(Collection<String> workloads) {
    String first = workloads.stream().limit(MAX_NAMES).collect(Collectors.joining(", "));
    int more = workloads.size() - MAX_NAMES;
    return more > 0 ? first + " " + Texts.bind(Texts.impact_more, Format.count(more)) : first;
  }

  /** One line for each outcome that matters, for a dialog. */
  static String summary(DryRuns.Result result) {
    return List.of(Outcome.NEWLY_DENIED, Outcome.NEWLY_ALLOWED, Outcome.UNDECIDABLE).stream()
        .map(
            o ->
                Texts.bind(
                    Texts.impact_summary,
                    new Object[] {
                      ImpactTree.title(o),
                      Format.counted(result.run().flows(o), Texts.impact_flow),
                      Format.counted(result.run().pairs(o).size(), Texts.impact_pair)
                    }))
        .collect(Collectors.joining("\n"));
  }
}
