package io.sekisho.console.policy;

import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Menus;
import io.sekisho.console.ui.Press;
import io.sekisho.console.ui.StatePage;
import io.sekisho.console.ui.Theme;
import io.sekisho.console.ui.ViewHead;
import io.sekisho.console.ui.ViewState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jface.action.Action;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;

/** The documents of the draft, changed ones marked; a double click opens one. */
public final class DocumentsView extends DraftView {
  /** Id of the view. */
  public static final String ID = "io.sekisho.console.policy.documents";

  private final RemovalRights removals = new RemovalRights();
  private Optional<Pieces> pieces = Optional.empty();

  private record Pieces(Look look, ViewHead head, StatePage page, Table table) {}

  @Override
  protected void fill(Composite root, Look look) {
    Color ground = look.theme().ground();
    ViewHead head = new ViewHead(root, look, ground, Texts.title_documents);
    Press add = Press.menu(head.right(), look, Texts.action_new, () -> {});
    add.control().addListener(SWT.MouseUp, e -> newMenu(add));
    add.control()
        .addListener(
            SWT.KeyDown,
            e -> {
              if (e.character == ' ' || e.character == SWT.CR) {
                newMenu(add);
              }
            });
    head.done();
    StatePage page = new StatePage(root, look, ground);
    Table table =
        Rows.table(
            page.contents(),
            look,
            new Rows.Column(Texts.column_document, 110).wide(),
            new Rows.Column(Texts.column_change, 70));
    LongNames.in(table, 0);
    table.addListener(SWT.DefaultSelection, e -> open((DraftDocument) e.item.getData()));
    MenuManager menu = new MenuManager();
    menu.setRemoveAllWhenShown(true);
    menu.addMenuListener(
        m -> {
          if (table.getSelectionCount() == 1) {
            rowActions((DraftDocument) table.getSelection()[0].getData()).forEach(m::add);
          }
        });
    table.setMenu(menu.createContextMenu(table));
    pieces = Optional.of(new Pieces(look, head, page, table));
  }

  private void newMenu(Press below) {
    Menus.open(templates(), below.control());
  }

  /** What can be made; a draft is for everybody, so nothing is greyed. */
  public MenuManager templates() {
    MenuManager menu = new MenuManager();
    Template.Subject subject = Template.Subject.of(scope().selected());
    for (Template template : Template.values()) {
      menu.add(Menus.action(template.title(), () -> create(template.text(subject))));
    }
    return menu;
  }

  private void create(String text) {
    draft().ifPresent(d -> Editors.open(getSite().getPage(), d, d.add(text)));
  }

  /** What can be done with the document of a title; for tests, too. */
  public List<Action> rowActions(String title) {
    return draft().stream()
        .flatMap(d -> d.documents().stream())
        .filter(d -> d.title().equals(title))
        .findFirst()
        .map(this::rowActions)
        .orElse(List.of());
  }

  private List<Action> rowActions(DraftDocument document) {
    Draft draft = draft().orElseThrow();
    List<Action> out = new ArrayList<>();
    out.add(Menus.action(Texts.action_open, () -> open(document)));
    out.add(
        Menus.action(
            Texts.action_save_as,
            () -> DocumentFile.ask(getSite().getShell(), document.title(), document.text())));
    if (document.state() != DraftDocument.State.REMOVED) {
      out.add(removal(draft, document));
    }
    if (document.state() != DraftDocument.State.UNCHANGED) {
      out.add(Menus.action(Texts.action_discard, () -> draft.discard(document)));
    }
    return out;
  }

  /**
   * Greyed where the document may not go, in an open menu, too, once the API server has said so.
   */
  private Action removal(Draft draft, DraftDocument document) {
    Action action = Menus.action(Texts.action_remove, () -> draft.remove(document));
    Menus.refuse(
        action,
        Texts.action_remove,
        removals.refusal(
            draft,
            document,
            pieces.orElseThrow().table(),
            why -> Menus.refuse(action, Texts.action_remove, why)));
    return action;
  }

  private void open(DraftDocument document) {
    draft().ifPresent(d -> Editors.open(getSite().getPage(), d, document));
  }

  @Override
  protected void show() {
    pieces.filter(p -> !p.table().isDisposed()).ifPresent(this::show);
  }

  private void show(Pieces p) {
    ViewState state = ViewState.of(scope(), System.currentTimeMillis());
    List<DraftDocument> all = draft().map(Draft::documents).orElse(List.of());
    int changed = draft().map(d -> d.changes().size()).orElse(0);
    p.head().state(state, changed == 0 ? "" : Texts.bind(Texts.note_changed, changed));
    if (!draft().map(Draft::loaded).orElse(false)) {
      p.page().show(state);
      return;
    }
    if (all.isEmpty()) {
      p.page().sentence(Texts.no_documents);
      return;
    }
    p.page().contentsShown();
    p.table().setItemCount(all.size());
    for (int i = 0; i < all.size(); i++) {
      put(p.table().getItem(i), all.get(i), p.look().theme());
    }
  }

  private static void put(TableItem item, DraftDocument document, Theme theme) {
    item.setData(document);
    String word =
        switch (document.state()) {
          case UNCHANGED -> "";
          case ADDED -> Texts.change_added;
          case CHANGED -> Texts.change_changed;
          case REMOVED -> Texts.change_removed;
        };
    item.setText(new String[] {document.title(), word});
    boolean gone = document.state() == DraftDocument.State.REMOVED;
    item.setForeground(gone ? theme.faint() : theme.text());
    boolean same = document.state() == DraftDocument.State.UNCHANGED;
    item.setImage(
        0,
        (same ? Icons.GOOD : Icons.DEGRADED)
            .image(item.getDisplay(), same ? theme.line() : theme.accent()));
  }
}
