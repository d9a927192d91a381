package io.sekisho.console.flows;

import io.sekisho.api.v1.HistoryResponse;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Background;
import io.sekisho.console.ui.Code;
import io.sekisho.console.ui.ConsoleView;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Scope.Topic;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Sheet;
import io.sekisho.console.ui.StatePage;
import io.sekisho.console.ui.ViewHead;
import io.sekisho.console.ui.ViewState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.ScrolledComposite;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;

/** What is selected, and why it is so; with no selection, what needs attention. */
public final class DetailsView extends ConsoleView {
  private final AttentionPage attention = new AttentionPage();
  private Optional<Pieces> pieces = Optional.empty();
  private Optional<Sheet> sheet = Optional.empty();
  private Object key = "";

  /** What is made anew with the theme. */
  private record Pieces(
      Look look,
      ViewHead head,
      StatePage page,
      ScrolledComposite scroll,
      Whys whys,
      Selecting selecting) {}

  @Override
  protected void createContents(Composite root, Look look) {
    root.setBackground(look.theme().panel());
    GridLayout layout = new GridLayout(1, false);
    layout.marginWidth = 0;
    layout.marginHeight = 0;
    layout.verticalSpacing = 0;
    root.setLayout(layout);
    ViewHead head = new ViewHead(root, look, look.theme().panel(), Texts.title_details);
    head.done();
    StatePage page = new StatePage(root, look, look.theme().panel());
    ScrolledComposite scroll = new ScrolledComposite(page.contents(), SWT.V_SCROLL);
    scroll.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    scroll.setBackground(look.theme().panel());
    scroll.setExpandHorizontal(true);
    scroll.setExpandVertical(true);
    scroll.addListener(SWT.Resize, e -> sheet.ifPresent(s -> fit(scroll, s)));
    pieces =
        Optional.of(
            new Pieces(
                look,
                head,
                page,
                scroll,
                new Whys(scroll, this::refresh),
                new Selecting(scroll, this::refresh)));
    sheet = Optional.empty();
    key = "";
    refresh();
    lastChange();
  }

  @Override
  protected void changed(Topic topic) {
    switch (topic) {
      case SESSION, REVISIONS -> {
        refresh();
        lastChange();
      }
      case SELECTION, LINK, INVENTORY, TRAFFIC -> refresh();
      case FILTER, PAUSE, FLOWS -> {}
    }
  }

  private void lastChange() {
    pieces.ifPresent(
        p ->
            scope()
                .session()
                .ifPresent(
                    s ->
                        Background.onUiIfDone(
                            s.revisions().history(), p.scroll(), this::lastChange)));
  }

  private void lastChange(HistoryResponse history) {
    attention.lastChange(history.getRevisionsList().stream().findFirst());
    refresh();
  }

  private Page page(Pieces from) {
    Whys whys = from.whys();
    return switch (scope().selected()) {
      case Selected.Nothing n -> attention;
      case Selected.Workload w -> new WorkloadPage(w.key());
      case Selected.Pod p -> new PodPage(p, from.selecting());
      case Selected.Service s -> new ServicePage(s);
      case Selected.Namespace n -> new NamespacePage(n.name());
      case Selected.Connection c -> new EdgePage(c, whys);
      case Selected.Flows f -> f.ends().<Page>map(c -> new EdgePage(c, whys)).orElse(attention);
      case Selected.Flow f -> new FlowPage(f.flow(), whys);
      case Selected.Node n -> new NodePage(n.name());
    };
  }

  private void refresh() {
    pieces.filter(p -> !p.scroll().isDisposed()).ifPresent(this::refresh);
  }

  private void refresh(Pieces p) {
    ViewState state = ViewState.of(scope(), System.currentTimeMillis());
    p.page().show(state, scope());
    p.head().state(state instanceof ViewState.Old ? state : new ViewState.Live(), "");
    Optional<ClusterSession> session = scope().session();
    if (session.isEmpty()) {
      return;
    }
    Page page = page(p);
    Object now = List.of(page.getClass(), page.key(scope(), session.get()));
    if (sheet.isPresent() && now.equals(key)) {
      sheet.get().redraw();
      return;
    }
    key = now;
    p.scroll().setRedraw(false);
    sheet.map(Sheet::box).ifPresent(Control::dispose);
    Sheet made = new Sheet(p.scroll(), p.look());
    page.write(made, scope(), session.get());
    sheet = Optional.of(made);
    p.scroll().setContent(made.box());
    fit(p.scroll(), made);
    p.scroll().setRedraw(true);
  }

  private static void fit(ScrolledComposite scroll, Sheet sheet) {
    int width = scroll.getClientArea().width;
    scroll.setMinSize(width, sheet.box().computeSize(width, SWT.DEFAULT).y);
    sheet.box().layout(true, true);
  }

  /** Every text on the sheet, for tests and screen readers' summaries. */
  public List<String> texts() {
    List<String> texts = new ArrayList<>();
    sheet.ifPresent(s -> collect(s.box(), texts));
    return texts;
  }

  private static void collect(Composite parent, List<String> texts) {
    for (Control child : parent.getChildren()) {
      switch (child) {
        case Label l -> texts.add(l.getText());
        case Button b -> texts.add(b.getText());
        case Code c -> texts.add(c.text());
        case Composite c -> {
          if (c.getToolTipText() != null) {
            texts.add(c.getToolTipText());
          }
          collect(c, texts);
        }
        default -> {}
      }
    }
  }
}
