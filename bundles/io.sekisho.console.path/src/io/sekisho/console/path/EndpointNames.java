package io.sekisho.console.path;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.console.ui.Scope;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.eclipse.jface.fieldassist.ContentProposal;
import org.eclipse.jface.fieldassist.ContentProposalAdapter;
import org.eclipse.jface.fieldassist.IContentProposal;
import org.eclipse.jface.fieldassist.TextContentAdapter;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Text;

/** A field for an endpoint: proposes those of the cluster whose name or address holds the text. */
final class EndpointNames {
  private static final int MOST = 50;

  private EndpointNames() {}

  static Text field(Composite parent, Scope scope, String hint) {
    Text text = new Text(parent, SWT.BORDER | SWT.SINGLE);
    text.setMessage(hint);
    GridData data = new GridData(SWT.FILL, SWT.CENTER, true, false);
    data.widthHint = 120;
    text.setLayoutData(data);
    ContentProposalAdapter adapter =
        new ContentProposalAdapter(
            text,
            new TextContentAdapter(),
            (typed, position) -> proposals(scope, typed),
            null,
            null);
    adapter.setProposalAcceptanceStyle(ContentProposalAdapter.PROPOSAL_REPLACE);
    adapter.setPropagateKeys(true);
    return text;
  }

  private static IContentProposal[] proposals(Scope scope, String typed) {
    return matching(scope, typed).stream()
        .map(e -> new ContentProposal(name(e), label(e), null))
        .toArray(IContentProposal[]::new);
  }

  /** Endpoints that fit what was typed, those first whose name begins so. */
  static List<Endpoint> matching(Scope scope, String typed) {
    String wanted = typed.strip().toLowerCase(Locale.ROOT);
    return scope.session().map(s -> s.inventory().endpoints().values()).stream()
        .flatMap(java.util.Collection::stream)
        .filter(e -> !e.getPod().isEmpty())
        .filter(e -> label(e).toLowerCase(Locale.ROOT).contains(wanted))
        .sorted(
            Comparator.comparing((Endpoint e) -> !e.getPod().startsWith(wanted))
                .thenComparing(EndpointNames::name))
        .limit(MOST)
        .toList();
  }

  static String name(Endpoint e) {
    return e.getNamespace() + "/" + e.getPod();
  }

  private static String label(Endpoint e) {
    return name(e) + "   " + e.getNode() + "   " + String.join(" ", e.getAddressesList());
  }
}
