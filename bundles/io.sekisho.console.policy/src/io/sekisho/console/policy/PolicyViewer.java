package io.sekisho.console.policy;

import io.sekisho.console.core.kubernetes.KubernetesContext.Target;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.Refusals;
import io.sekisho.console.ui.Scopes;
import io.sekisho.policy.Kind;
import java.util.Optional;
import org.eclipse.ui.IEditorInput;
import org.eclipse.ui.IWorkbenchPage;

/**
 * Shows a document in force that the draft does not hold, as the editor does, and says why it can't
 * be changed here. An object of the API server is followed.
 */
public final class PolicyViewer extends DocumentPart {
  /** Id of the editor. */
  public static final String ID = "io.sekisho.console.policy.viewer";

  private static final String TO_KUBERNETES = "io.sekisho.console.app.policiesToKubernetes";
  private static final String TO_AGENTS = "io.sekisho.console.app.policiesToAgents";

  @Override
  boolean opens(IEditorInput input) {
    return input instanceof ViewerInput;
  }

  @Override
  ViewerInput input() {
    return (ViewerInput) getEditorInput();
  }

  @Override
  String kept() {
    return input().document().text().orElse("");
  }

  @Override
  Optional<Notice> notice() {
    boolean objects = input().document().home() == Target.KUBERNETES;
    Optional<String> refusal = refusal();
    var remedy =
        new Remedy(
            objects ? Texts.read_only_to_kubernetes : Texts.read_only_to_agents,
            Commands.handled(command()), // a draft is for everybody
            this::changeHere);
    String why = input().document().why(session().profile().name());
    return Optional.of(
        new Notice(
            refusal.map(r -> why + " " + r).orElse(why),
            true,
            Optional.of(remedy).filter(r -> input().document().movable())));
  }

  @Override
  TabName tab() {
    return new TabName(
        input().document().title(),
        input().document().subject().kind(),
        input().document().home(),
        session().profile().name());
  }

  /** Why it could not be put in force there either. */
  private Optional<String> refusal() {
    String kind = input().document().subject().kind();
    return input().document().home() == Target.KUBERNETES
        ? session().kubernetes().flatMap(k -> Kind.of(kind).flatMap(k.access()::refusal))
        : Refusals.ofRevisions(session());
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
        .filter(s -> s != session())
        .ifPresent(s -> new RuleOpening(page, s, subject).run());
  }

  @Override
  void inventoryChanged() {
    input().document().text().filter(t -> !t.equals(text().get())).ifPresent(text()::set);
  }
}
