package io.sekisho.console.flows;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.PathEnds;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Sheet;
import io.sekisho.flow.FlowRecord;
import io.sekisho.policy.Direction;
import io.sekisho.policy.RuleReference;
import java.util.Map;
import java.util.Optional;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PlatformUI;

/**
 * Buttons that fire commands of the policy views by id; the handlers act on what is selected in the
 * window's scope. A command that nobody handles gives a button that can't be pressed.
 */
final class Actions {
  static final String OPEN_RULE = "io.sekisho.console.policy.openRule";
  static final String ALLOW = "io.sekisho.console.policy.draftAllow";
  static final String DENY = "io.sekisho.console.policy.draftDeny";
  static final String REACH = "io.sekisho.console.policy.showReach";
  static final String FROM_FLOWS = "io.sekisho.console.policy.fromFlows";
  static final String GRAPH = "io.sekisho.console.graph.view";
  static final String FLOWS = "io.sekisho.console.flows.table";

  private Actions() {}

  /**
   * Two rows: what can be done about the selection, and where to look further.
   *
   * @param deciding the flow whose rule is shown
   */
  static void buttons(
      Sheet sheet,
      Scope scope,
      ClusterSession session,
      boolean dropped,
      Optional<FlowRecord> deciding) {
    Composite act = sheet.buttons();
    Optional<FlowRecord> ruled =
        deciding.filter(f -> f.hasDocument() && Commands.handled(OPEN_RULE));
    sheet.button(act, Texts.button_open, ruled.isPresent(), () -> ruled.ifPresent(Actions::open));
    String change = dropped ? ALLOW : DENY;
    if (Commands.handled(change)) {
      sheet.button(
          act, dropped ? Texts.button_allow : Texts.button_deny, true, () -> Commands.fire(change));
    }
    look(sheet, scope, session);
  }

  /** Where to look further: the flows of what is selected, and its path. */
  static void look(Sheet sheet, Scope scope, ClusterSession session) {
    path(sheet, flows(sheet), scope, session);
  }

  /** The flows of what is selected, which narrows the table. */
  static Composite flows(Sheet sheet) {
    Composite row = sheet.buttons();
    sheet.button(row, Texts.button_flows, true, Actions::showFlows);
    return row;
  }

  /** What can be asked about a workload, pod, or something outside. */
  static void reach(Sheet sheet, ClusterSession session) {
    Composite row = sheet.buttons();
    sheet.button(row, Texts.button_reach, Commands.handled(REACH), () -> Commands.fire(REACH));
    if (Commands.handled(FROM_FLOWS)) {
      sheet.button(row, Texts.button_from_flows, true, () -> Commands.fire(FROM_FLOWS));
    }
  }

  private static void open(FlowRecord flow) {
    open(flow.rule(), flow.ruleKind(), flow.ruleLine());
  }

  /** Opens the document of a rule, at the rule. */
  static void open(RuleReference rule) {
    open(rule.toString(), rule.kind(), rule.line());
  }

  private static void open(String rule, String kind, int line) {
    Commands.fire(OPEN_RULE, Map.of("rule", rule, "kind", kind, "line", Integer.toString(line)));
  }

  /** Whether somebody opens rules. */
  static boolean opensRules() {
    return Commands.handled(OPEN_RULE);
  }

  /** Opens the document of a policy. */
  static void open(Selecting.Selects policy) {
    if (Commands.handled(OPEN_RULE)) {
      Commands.fire(OPEN_RULE, Map.of("rule", policy.title(), "kind", policy.kind()));
    }
  }

  /** A direction in a word. */
  static String word(Direction direction) {
    return direction == Direction.INGRESS ? Texts.direction_in : Texts.direction_out;
  }

  /** The way that packets of the selection take; it begins at an endpoint of the cluster. */
  private static void path(Sheet sheet, Composite row, Scope scope, ClusterSession session) {
    boolean inside = PathEnds.of(scope.selected(), session).isPresent();
    sheet
        .button(
            row,
            Texts.button_path,
            inside && Commands.handled(PathEnds.OF_SELECTION),
            () -> Commands.fire(PathEnds.OF_SELECTION))
        .setToolTipText(inside ? null : Texts.path_outside);
  }

  private static void showFlows() {
    IWorkbenchWindow window = PlatformUI.getWorkbench().getActiveWorkbenchWindow();
    if (window != null && window.getActivePage() != null) {
      try {
        window.getActivePage().showView(FLOWS);
      } catch (org.eclipse.ui.PartInitException e) {
        org.eclipse.core.runtime.ILog.of(Actions.class).error("The flows did not open.", e);
      }
    }
  }
}
