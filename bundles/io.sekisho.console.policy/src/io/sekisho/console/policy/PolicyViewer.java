package io.sekisho.console.policy;

import io.sekisho.console.core.kubernetes.KubernetesContext.Target;
import io.sekisho.console.policy.editor.view.PicturePanel;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Themes;
import java.util.Optional;
import org.eclipse.jface.text.Document;
import org.eclipse.jface.text.DocumentEvent;
import org.eclipse.jface.text.IDocument;
import org.eclipse.jface.text.IDocumentListener;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.eclipse.ui.IEditorInput;
import org.eclipse.ui.IEditorSite;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PartInitException;

/**
 * Shows a document in force that the draft does not hold, as the editor does, and says above it why
 * it can't be changed here. An object of the API server is followed.
 */
public final class PolicyViewer extends DocumentPart {
  /** Id of the editor. */
  public static final String ID = "io.sekisho.console.policy.viewer";

  private static final String TO_KUBERNETES = "io.sekisho.console.app.policiesToKubernetes";
  private static final String TO_AGENTS = "io.sekisho.console.app.policiesToAgents";

  private final Scope.Listener inventory = this::changed;
  private final SessionEnd end = new SessionEnd(this);
  private final IDocument text = new Document();
  private Optional<Pieces> pieces = Optional.empty();

  /** What is made anew with the theme. */
  private record Pieces(Composite root, Label why, PolicyPanes panes) {}

  @Override
  public void init(IEditorSite site, IEditorInput input) throws PartInitException {
    if (!(input instanceof ViewerInput)) {
      throw new PartInitException("This viewer opens documents in force only.");
    }
    setSite(site);
    setInput(input);
    setPartName(input.getName());
  }

  private ViewerInput input() {
    return (ViewerInput) getEditorInput();
  }

  /** The picture. */
  public PicturePanel picture() {
    return pieces.orElseThrow().panes().picture();
  }

  /** The text as it is in force. */
  public IDocument text() {
    return text;
  }

  /** Why it can't be changed here. */
  public String why() {
    return input().document().why(input().session().profile().name());
  }

  @Override
  public void createPartControl(Composite parent) {
    parent.setLayout(new FillLayout());
    text.set(input().document().text().orElse(""));
    text.addDocumentListener(new TextListener());
    build(parent);
    Themes.onChange(parent, () -> build(parent));
    end.of(input().session());
    Scopes.of(getSite().getWorkbenchWindow()).addListener(inventory);
  }

  private void build(Composite parent) {
    Look look = Look.of(parent.getDisplay());
    Composite root = look.box(parent, look.theme().ground(), 1, 0, 0, 0);
    Composite bar = look.row(root, look.theme().panel(), 3, 12, 8, 8);
    look.canvas(bar, 16, 16, (gc, w, h) -> Icons.DEGRADED.draw(gc, 0, 0, look.theme().audit()));
    Label why = look.wrapped(bar, why(), look.fonts().normal(), look.theme().text());
    ((GridData) why.getLayoutData()).verticalAlignment = SWT.CENTER;
    boolean objects = input().document().home() == Target.KUBERNETES;
    Button change = new Button(bar, SWT.PUSH);
    change.setText(objects ? Texts.read_only_to_kubernetes : Texts.read_only_to_agents);
    change.setEnabled(Commands.handled(command()));
    change.addListener(SWT.Selection, e -> changeHere());
    Composite body = new Composite(root, SWT.NONE);
    body.setLayout(new FillLayout());
    body.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    ((GridLayout) root.getLayout()).verticalSpacing = 0;
    PolicyPanes panes = new PolicyPanes(body, look, text, pieces.map(Pieces::panes), false);
    pieces.ifPresent(p -> p.root().dispose());
    pieces = Optional.of(new Pieces(root, why, panes));
    panes.live(input().session());
    parent.layout(true, true);
  }

  private String command() {
    return input().document().home() == Target.KUBERNETES ? TO_KUBERNETES : TO_AGENTS;
  }

  /** Lets policies go where this one is, and opens it there: another session, another draft. */
  private void changeHere() {
    IWorkbenchPage page = getSite().getPage();
    RuleSubject subject = input().document().subject();
    Commands.fire(command());
    Scopes.of(page.getWorkbenchWindow())
        .session()
        .filter(s -> s != input().session())
        .ifPresent(s -> new RuleOpening(page, s, subject).run());
  }

  private void changed(Scope.Topic topic) {
    if (topic == Scope.Topic.INVENTORY) {
      pieces.filter(p -> p.panes().shown()).ifPresent(this::follow);
    }
  }

  private void follow(Pieces p) {
    p.panes().live(input().session());
    input().document().text().filter(t -> !t.equals(text.get())).ifPresent(text::set);
    String why = why().replace("&", "&&");
    if (!why.equals(p.why().getText())) {
      p.why().setText(why);
      p.root().layout(true, true);
    }
  }

  /** Puts the caret on a line, from 1, and shows it. */
  void reveal(int line) {
    pieces.ifPresent(p -> p.panes().reveal(line, 0));
    setFocus();
  }

  @Override
  public void setFocus() {
    pieces.ifPresent(p -> p.panes().setFocus());
  }

  @Override
  public void dispose() {
    end.dispose();
    Scopes.of(getSite().getWorkbenchWindow()).removeListener(inventory);
    super.dispose();
  }

  /** The picture follows what is new in the text. */
  private final class TextListener implements IDocumentListener {
    @Override
    public void documentAboutToBeChanged(DocumentEvent event) {}

    @Override
    public void documentChanged(DocumentEvent event) {
      pieces.ifPresent(p -> p.panes().textChanged());
    }
  }
}
