package io.sekisho.console.app;

import java.util.List;
import org.eclipse.ui.IFolderLayout;
import org.eclipse.ui.IPageLayout;
import org.eclipse.ui.IPerspectiveFactory;

/** Changing: documents at the left, the editor, impact and rollout at the right, problems below. */
public final class ConfigurePerspective implements IPerspectiveFactory {
  /** Id of the perspective. */
  public static final String ID = "io.sekisho.console.app.configure";

  private static final String POLICY = "io.sekisho.console.policy.";
  static final String DOCUMENTS = POLICY + "documents";
  static final List<String> RIGHT = List.of(POLICY + "impact", POLICY + "rollout");
  static final List<String> BOTTOM =
      List.of(POLICY + "problems", POLICY + "revisions", POLICY + "reach");

  @Override
  public void createInitialLayout(IPageLayout layout) {
    layout.setEditorAreaVisible(true);
    String area = layout.getEditorArea();
    OperatePerspective.single(layout, DOCUMENTS, IPageLayout.LEFT, 0.17f, area);
    folder(layout, "right", IPageLayout.RIGHT, 0.7f, RIGHT);
    folder(layout, "bottom", IPageLayout.BOTTOM, 0.72f, BOTTOM);
  }

  private static void folder(
      IPageLayout layout, String name, int side, float ratio, List<String> views) {
    List<String> known = views.stream().filter(OperatePerspective::exists).toList();
    if (known.isEmpty()) {
      return;
    }
    IFolderLayout folder = layout.createFolder(name, side, ratio, layout.getEditorArea());
    for (String view : known) {
      folder.addView(view);
      layout.getViewLayout(view).setCloseable(false);
      layout.addShowViewShortcut(view);
    }
  }
}
