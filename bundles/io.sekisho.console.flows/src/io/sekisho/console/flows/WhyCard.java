package io.sekisho.console.flows;

import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Sheet;
import io.sekisho.console.ui.Theme;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import io.sekisho.impact.why.Why;
import io.sekisho.policy.Direction;
import io.sekisho.policy.RuleReference;
import java.util.Optional;
import org.eclipse.swt.widgets.Composite;

/** Says which rule decided on a flow, as the datapath named it. */
final class WhyCard {
  private static final String DEFAULT_DENY = "default deny";
  private static final String LOCAL_HOST = "local host";

  private WhyCard() {}

  static void write(Sheet sheet, FlowRecord flow, Optional<Why> why) {
    Theme theme = sheet.look().theme();
    boolean denied = flow.verdict() != FlowVerdict.FORWARDED;
    Composite card = sheet.card(denied ? theme.of(flow.verdict()) : theme.forwarded());
    sheet.cardTitle(card, Texts.why_title);
    String rule = flow.rule();
    String subject =
        flow.egress() ? FlowColumn.name(flow.client()) : FlowColumn.name(flow.server());
    if (rule.equals(DEFAULT_DENY)) {
      sheet.cardLine(card, Texts.why_default, theme.of(flow.verdict()));
      sheet.cardLine(card, Texts.bind(Texts.why_default_text, subject), theme.faint());
    } else if (rule.equals(LOCAL_HOST)) {
      sheet.cardLine(card, Texts.why_local, theme.text());
      sheet.cardLine(card, Texts.why_local_text, theme.faint());
    } else if (rule.isEmpty() || rule.equals(Format.NONE)) {
      nothing(sheet, card, flow, theme);
    } else {
      named(sheet, card, flow, denied, theme);
    }
    if (!flow.dropReason().isEmpty()) {
      sheet.cardLine(card, Texts.bind(Texts.why_reason, words(flow.dropReason())), theme.faint());
    }
    why.ifPresent(w -> ends(sheet, card, flow, w));
    sheet.cardLine(card, Texts.bind(Texts.why_last, Format.time(flow.timeNanos())), theme.faint());
  }

  /** What each end decides by the documents in force, with the text of what decides. */
  private static void ends(Sheet sheet, Composite card, FlowRecord flow, Why why) {
    Theme theme = sheet.look().theme();
    boolean denied = flow.verdict() == FlowVerdict.DROPPED;
    if (why.passes() == denied) {
      sheet.cardLine(card, Texts.why_changed, theme.audit());
    }
    for (Why.End end : why.ends()) {
      boolean client = end.direction() == Direction.EGRESS;
      String name = FlowColumn.name(client ? flow.client() : flow.server());
      String decision = end.decision().text() + end.rule().map(r -> " " + r.kind()).orElse("");
      sheet.cardLine(
          card,
          Texts.bind(client ? Texts.why_client : Texts.why_server, name, decision),
          end.decision().allows() ? theme.faint() : theme.text());
      end.rule().ifPresent(r -> rule(sheet, card, r));
      if (!end.text().isEmpty()) {
        sheet.cardCode(card, String.join("\n", end.text()));
      }
    }
    why.against()
        .flatMap(Why.End::miss)
        .ifPresent(
            m -> {
              sheet.cardLine(card, Texts.why_miss, theme.faint());
              rule(sheet, card, m.rule());
              sheet.cardLine(card, m.reason(), theme.faint());
            });
  }

  /** A rule by its name; a click opens it. Its kind is read aloud, for two may share a name. */
  private static void rule(Sheet sheet, Composite card, RuleReference rule) {
    String words = Texts.bind(Texts.why_rule, rule.kind(), rule);
    if (Actions.opensRules()) {
      sheet.cardLink(card, rule.toString(), words, () -> Actions.open(rule));
    } else {
      sheet.cardLine(card, words, sheet.look().theme().text());
    }
  }

  private static void nothing(Sheet sheet, Composite card, FlowRecord flow, Theme theme) {
    if (flow.verdict() == FlowVerdict.FORWARDED) {
      sheet.cardLine(card, Texts.why_not_enforced, theme.text());
      sheet.cardLine(card, Texts.why_not_enforced_text, theme.faint());
    }
  }

  private static void named(
      Sheet sheet, Composite card, FlowRecord flow, boolean denied, Theme theme) {
    int colon = flow.rule().lastIndexOf(':');
    String document = colon < 0 ? flow.rule() : flow.rule().substring(0, colon);
    String index = colon < 0 ? Format.UNKNOWN : flow.rule().substring(colon + 1);
    String words = Texts.bind(denied ? Texts.why_denied : Texts.why_allowed, index, document);
    sheet.cardLine(card, words, denied ? theme.of(flow.verdict()) : theme.text());
    if (flow.ruleLine() > 0) {
      String kind = flow.ruleKind().isEmpty() ? "" : flow.ruleKind() + ", ";
      sheet.cardLine(card, kind + Texts.bind(Texts.why_line, flow.ruleLine()), theme.faint());
    }
  }

  private static String words(String reason) {
    return reason.toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
