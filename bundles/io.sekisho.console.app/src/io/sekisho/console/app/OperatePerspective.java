package io.sekisho.console.app;

import java.util.List;
import org.eclipse.ui.IFolderLayout;
import org.eclipse.ui.IPageLayout;
import org.eclipse.ui.IPerspectiveFactory;
import org.eclipse.ui.PlatformUI;

/** Seeing: clusters at the left, graph above flows, nodes and path, details at the right. */
public final class OperatePerspective implements IPerspectiveFactory {
  /** Id of the perspective. */
  public static final String ID = "io.sekisho.console.app.operate";

  static final String CLUSTERS = "io.sekisho.console.nodes.clusters";
  static final String GRAPH = "io.sekisho.console.graph.view";
  static final String REACH = "io.sekisho.console.policy.reach";
  static final String DETAILS = "io.sekisho.console.flows.details";
  static final List<String> LOWER =
      List.of(
          "io.sekisho.console.flows.table",
          "io.sekisho.console.nodes.table",
          "io.sekisho.console.path.view");

  @Override
  public void createInitialLayout(IPageLayout layout) {
    layout.setEditorAreaVisible(false);
    String area = layout.getEditorArea();
    single(layout, CLUSTERS, IPageLayout.LEFT, 0.18f, area);
    single(layout, DETAILS, IPageLayout.RIGHT, 0.77f, area);
    single(layout, GRAPH, IPageLayout.TOP, 0.66f, area);
    IFolderLayout lower =
        layout.createFolder("lower", IPageLayout.BOTTOM, 0.6f, exists(GRAPH) ? GRAPH : area);
    for (String view : LOWER) {
      if (exists(view)) {
        lower.addView(view);
        layout.getViewLayout(view).setCloseable(false);
        layout.addShowViewShortcut(view);
      }
    }
    lower.addPlaceholder(REACH);
  }

  /** A view without a tab: it has its own title line. */
  static void single(IPageLayout layout, String id, int side, float ratio, String beside) {
    if (exists(id)) {
      layout.addStandaloneView(id, false, side, ratio, beside);
      layout.getViewLayout(id).setCloseable(false);
      layout.addShowViewShortcut(id);
    }
  }

  static boolean exists(String view) {
    return PlatformUI.getWorkbench().getViewRegistry().find(view) != null;
  }
}
