package io.sekisho.console.policy;

import io.sekisho.console.core.kubernetes.KubernetesContext.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.ui.IEditorReference;
import org.eclipse.ui.IWorkbenchPage;

/**
 * What the tab of a document says. Its title alone where no other tab has the same; else also what
 * tells them apart: the kind, where it is kept, the cluster.
 *
 * @param title {@code namespace/name}
 * @param kind empty while it is not known
 * @param home where it is kept
 * @param cluster name of its cluster
 */
public record TabName(String title, String kind, Target home, String cluster) {
  /** The tab among all open ones, itself among them. */
  public String among(List<TabName> open) {
    List<TabName> same = open.stream().filter(o -> o.title.equals(title)).toList();
    var parts = new ArrayList<String>();
    for (Function<TabName, String> part :
        List.<Function<TabName, String>>of(TabName::kind, TabName::origin, TabName::cluster)) {
      boolean differs = same.stream().map(part).distinct().count() > 1;
      if (differs && !part.apply(this).isEmpty()) {
        parts.add(part.apply(this));
      }
    }
    return parts.isEmpty()
        ? title
        : Texts.bind(Texts.tab_apart, title, parts.stream().collect(Collectors.joining(", ")));
  }

  /** All of it, for a tooltip. */
  public String whole() {
    return Texts.bind(Texts.tab_whole, new Object[] {kind, title, origin(), cluster}).strip();
  }

  private String origin() {
    return home == Target.KUBERNETES ? Texts.tab_kubernetes : Texts.tab_agents;
  }

  /** Names all tabs of a page anew. UI thread only. */
  static void all(IWorkbenchPage page) {
    var parts = new ArrayList<DocumentPart>();
    for (IEditorReference reference : page.getEditorReferences()) {
      if (reference.getEditor(false) instanceof DocumentPart part) {
        parts.add(part);
      }
    }
    List<TabName> names = parts.stream().map(DocumentPart::tab).toList();
    parts.forEach(p -> p.named(p.tab().among(names)));
  }
}
