package io.sekisho.console.policy;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.FlowClient.Recorded;
import io.sekisho.console.ui.Background;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Refusals;
import io.sekisho.impact.propose.PolicyFromFlows;
import io.sekisho.impact.propose.Proposal;
import io.sekisho.impact.propose.Wish;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Kind;
import io.sekisho.policy.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jface.dialogs.Dialog;
import org.eclipse.jface.dialogs.IDialogConstants;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Spinner;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;
import org.eclipse.ui.IWorkbenchWindow;

/** Asks for endpoints and a time, and drafts the smallest policy that allows what was seen. */
final class FromFlowsDialog extends Dialog {
  private static final int WIDTH = 460;
  private static final int ROWS = 10;
  private static final List<Duration> SPANS =
      List.of(Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofHours(24));

  private final IWorkbenchWindow window;
  private final ClusterSession session;
  private final Set<String> chosen;
  private Optional<Fields> fields = Optional.empty();

  private record Fields(
      Table workloads,
      Combo span,
      Button ingress,
      Button egress,
      Button dropped,
      Spinner width,
      Button kubernetes) {}

  private FromFlowsDialog(IWorkbenchWindow window, ClusterSession session, Set<String> chosen) {
    super(window.getShell());
    this.window = window;
    this.session = session;
    this.chosen = chosen;
    setBlockOnOpen(false);
  }

  /**
   * Opens the dialog, and returns at once.
   *
   * @param chosen keys of workloads, or {@code namespace/}, that are chosen beforehand
   */
  static void open(IWorkbenchWindow window, ClusterSession session, Set<String> chosen) {
    new FromFlowsDialog(window, session, chosen).open();
  }

  @Override
  protected void configureShell(Shell shell) {
    super.configureShell(shell);
    shell.setText(Texts.from_flows_title);
  }

  @Override
  protected boolean isResizable() {
    return true;
  }

  @Override
  protected Control createDialogArea(Composite parent) {
    Look look = Look.of(parent.getDisplay());
    var theme = look.theme();
    parent.setBackground(theme.ground());
    Composite area = look.box(parent, theme.ground(), 1, 16, 16, 8);
    GridData fill = new GridData(SWT.FILL, SWT.FILL, true, true);
    fill.widthHint = WIDTH;
    area.setLayoutData(fill);
    look.wrapped(area, Texts.from_flows_text, look.fonts().normal(), theme.text());
    Table workloads = workloads(area, look);
    Composite row = look.row(area, theme.ground(), 2, 0, 0, 8);
    look.label(row, Texts.from_flows_span, look.fonts().normal(), theme.faint());
    Combo span = new Combo(row, SWT.READ_ONLY);
    SPANS.forEach(s -> span.add(new FlowSpan.Last(s).words()));
    span.select(0);
    look.label(row, Texts.from_flows_width, look.fonts().normal(), theme.faint());
    Spinner width = new Spinner(row, SWT.BORDER);
    width.setValues(32, 0, 32, 0, 1, 8);
    Button ingress = check(area, look, Texts.from_flows_ingress, true);
    Button egress = check(area, look, Texts.from_flows_egress, true);
    Button dropped = check(area, look, Texts.from_flows_dropped, false);
    Button kubernetes = kubernetes(area, look);
    fields = Optional.of(new Fields(workloads, span, ingress, egress, dropped, width, kubernetes));
    return area;
  }

  private Button check(Composite area, Look look, String text, boolean on) {
    Button check = new Button(area, SWT.CHECK);
    check.setText(text);
    check.setSelection(on);
    check.setBackground(look.theme().ground());
    check.setForeground(look.theme().text());
    check.addListener(SWT.Selection, e -> changed());
    return check;
  }

  /** The kind of the policies; where only one kind may be put in force, that one is proposed. */
  private Button kubernetes(Composite area, Look look) {
    Optional<String> cilium = Refusals.ofPolicies(session, Kind.CILIUM);
    Optional<String> network = Refusals.ofPolicies(session, Kind.NETWORK_POLICY);
    Optional<String> refused = cilium.or(() -> network);
    Button check =
        check(area, look, Texts.from_flows_kubernetes, cilium.isPresent() && network.isEmpty());
    check.setToolTipText(refused.orElse(null));
    refused.ifPresent(r -> look.wrapped(area, r, look.fonts().small(), look.theme().faint()));
    return check;
  }

  private Table workloads(Composite area, Look look) {
    Table table = new Table(area, SWT.CHECK | SWT.BORDER | SWT.V_SCROLL);
    GridData data = new GridData(SWT.FILL, SWT.FILL, true, true);
    data.heightHint = ROWS * table.getItemHeight();
    table.setLayoutData(data);
    table.setBackground(look.theme().ground());
    table.setForeground(look.theme().text());
    var all = new TreeMap<String, List<Labels>>();
    for (Endpoint endpoint : session.inventory().endpoints().values()) {
      all.computeIfAbsent(
              endpoint.getNamespace() + "/" + endpoint.getWorkload(), k -> new ArrayList<>())
          .add(Labels.of(endpoint.getLabelsList()));
    }
    all.forEach(
        (key, labels) -> {
          TableItem item = new TableItem(table, SWT.NONE);
          item.setText(key);
          item.setData(labels);
          boolean wanted =
              chosen.contains(key) || chosen.contains(key.substring(0, key.indexOf('/') + 1));
          item.setChecked(wanted);
          if (wanted) {
            table.setSelection(item);
          }
        });
    table.addListener(SWT.Selection, e -> changed());
    return table;
  }

  @Override
  protected void createButtonsForButtonBar(Composite parent) {
    parent.setBackground(Look.of(parent.getDisplay()).theme().ground());
    createButton(parent, IDialogConstants.OK_ID, Texts.from_flows_verb, true);
    createButton(parent, IDialogConstants.CANCEL_ID, Texts.action_cancel, false);
    changed();
  }

  private void changed() {
    Button ok = getButton(IDialogConstants.OK_ID);
    if (ok != null && !ok.isDisposed()) {
      ok.setEnabled(!subjects().isEmpty() && !directions().isEmpty());
    }
  }

  @SuppressWarnings("unchecked") // put there by workloads
  private Collection<Labels> subjects() {
    var out = new ArrayList<Labels>();
    for (TableItem item : fields.orElseThrow().workloads().getItems()) {
      if (item.getChecked()) {
        out.addAll((List<Labels>) item.getData());
      }
    }
    return out;
  }

  private Set<Direction> directions() {
    Fields f = fields.orElseThrow();
    var out = EnumSet.noneOf(Direction.class);
    if (f.ingress().getSelection()) {
      out.add(Direction.INGRESS);
    }
    if (f.egress().getSelection()) {
      out.add(Direction.EGRESS);
    }
    return out;
  }

  @Override
  protected void okPressed() {
    Fields f = fields.orElseThrow();
    int width = f.width().getSelection();
    Wish wish =
        new Wish(
            "",
            subjects(),
            session.inventory().endpoints().values().stream()
                .map(e -> Labels.of(e.getLabelsList()))
                .distinct()
                .toList(),
            directions(),
            width,
            Math.min(128, width * 4),
            f.dropped().getSelection(),
            f.kubernetes().getSelection());
    FlowSpan span = new FlowSpan.Last(SPANS.get(f.span().getSelectionIndex()));
    close();
    propose(wish, span);
  }

  private void propose(Wish wish, FlowSpan span) {
    CompletableFuture<Recorded> flows = span.read(session, n -> {});
    CompletableFuture<List<Proposal>> call =
        flows.thenApplyAsync(r -> PolicyFromFlows.propose(wish, r.traffic()));
    call.whenComplete(
        (value, failure) -> {
          if (call.isCancelled()) {
            flows.cancel(true);
          }
        });
    Background.follow(
        Texts.from_flows_job,
        call,
        window.getShell(),
        (proposals, failure) -> {
          if (failure != null) {
            Background.fail(window.getShell(), Texts.from_flows_failed, failure);
          } else {
            Draft draft = Drafts.of(session);
            draft.whenLoaded(window.getShell(), () -> open(draft, proposals));
          }
        });
  }

  private void open(Draft draft, List<Proposal> proposals) {
    Handlers.showConfigure(window)
        .ifPresent(page -> proposals.forEach(p -> Editors.open(page, draft, draft.add(p.yaml()))));
  }
}
