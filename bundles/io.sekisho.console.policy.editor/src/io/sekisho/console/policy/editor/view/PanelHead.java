package io.sekisho.console.policy.editor.view;

import io.sekisho.console.policy.editor.Texts;
import io.sekisho.console.policy.editor.model.Edit;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.console.policy.editor.yaml.Path;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Menus;
import io.sekisho.console.ui.Press;
import io.sekisho.console.ui.ViewHead;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jface.action.Action;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;

/** The line over a picture: its title and note, which spec, rules by one click, zoom. */
final class PanelHead {
  /** What its menus call. */
  interface Deeds {
    List<SpecPicture> specs();

    /** The spec that is drawn. */
    Optional<SpecPicture> spec();

    void choose(Path spec);

    void make(List<Edit> edits);

    void palette();

    void table();
  }

  private final ViewHead head;
  private final Press specs;
  private final Press zoom;
  private final Deeds deeds;
  private final Supplier<PictureCanvas> picture;
  private String note = "";

  /**
   * Makes the widgets.
   *
   * @param picture asked for when a menu opens
   * @param editable whether there is something to change with
   */
  PanelHead(
      Composite root, Look look, Deeds deeds, Supplier<PictureCanvas> picture, boolean editable) {
    this.deeds = deeds;
    this.picture = picture;
    head = new ViewHead(root, look, look.theme().ground(), Texts.of("panel.title"));
    specs = Press.menu(head.right(), look, Texts.of("panel.spec"), () -> {});
    opens(specs, this::specMenu);
    if (editable) {
      Press quick = Press.menu(head.right(), look, Texts.of("panel.quick"), () -> {});
      opens(quick, () -> quickMenu(quick));
    }
    zoom = Press.menu(head.right(), look, Texts.of("panel.zoom"), () -> {});
    opens(zoom, this::zoomMenu);
    if (editable) {
      Press.word(head.right(), look, Texts.of("panel.palette"), deeds::palette);
    }
    Press.word(head.right(), look, Texts.of("panel.table"), deeds::table);
    head.done();
  }

  private static void opens(Press press, Runnable menu) {
    press.control().addListener(SWT.MouseUp, e -> menu.run());
    press
        .control()
        .addListener(
            SWT.KeyDown,
            e -> {
              if (e.character == ' ' || e.character == SWT.CR) {
                menu.run();
              }
            });
  }

  /** What is said beside the title. */
  String note() {
    return note;
  }

  void note(String next) {
    note = next;
    head.note(next);
  }

  /** How many specs there are to choose from. */
  void specs(int count) {
    specs.control().setVisible(count > 1);
  }

  private void specMenu() {
    MenuManager menu = new MenuManager();
    List<SpecPicture> all = deeds.specs();
    for (int i = 0; i < all.size(); i++) {
      SpecPicture spec = all.get(i);
      String name = Texts.of("panel.spec.of", i + 1, spec.head().title(), spec.subject().line());
      boolean now = deeds.spec().filter(spec::equals).isPresent();
      menu.add(Menus.checked(name, now, () -> deeds.choose(spec.path())));
    }
    Menus.open(menu, specs.control());
  }

  private void quickMenu(Press quick) {
    MenuManager menu = new MenuManager();
    deeds
        .spec()
        .filter(s -> !picture.get().stale())
        .ifPresent(
            s ->
                Quick.of(s)
                    .forEach(
                        q ->
                            menu.add(
                                Menus.action(Texts.of(q.key()), () -> deeds.make(q.edits(s))))));
    if (menu.getItems().length == 0) {
      Action none = Menus.action(Texts.of("quick.none"), () -> {});
      none.setEnabled(false);
      menu.add(none);
    }
    Menus.open(menu, quick.control());
  }

  private void zoomMenu() {
    MenuManager menu = new MenuManager();
    for (double step : Zoom.STEPS) {
      String words = Texts.of("panel.zoom.of", Math.round(step * 100));
      menu.add(Menus.checked(words, step == picture.get().zoom(), () -> picture.get().zoom(step)));
    }
    Menus.open(menu, zoom.control());
  }
}
