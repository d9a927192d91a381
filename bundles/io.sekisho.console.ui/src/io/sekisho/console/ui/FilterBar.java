package io.sekisho.console.ui;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jface.action.Action;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.jface.action.Separator;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Text;

/**
 * The window's filter: one chip per term that is in force, an entry for the next one, what is wrong
 * with it, and filters that were saved. Terms are joined by "and".
 */
public final class FilterBar {
  private static final String AND = " and ";

  private final Look look;
  private final Scope scope;
  private final Composite row;
  private final Composite chips;
  private final Text entry;
  private final Label problem;
  private List<String> terms = new ArrayList<>();

  /** Fills the rest of a row. */
  public FilterBar(Composite parent, Look look, Scope scope) {
    this.look = look;
    this.scope = scope;
    row = look.row(parent, look.theme().panel(), 4, 0, 0, 8);
    ((GridData) row.getLayoutData()).verticalAlignment = SWT.CENTER;
    chips = look.box(row, look.theme().panel(), 1, 0, 0, 8);
    entry = new Text(row, SWT.SEARCH | SWT.ICON_SEARCH | SWT.ICON_CANCEL);
    entry.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
    entry.addListener(SWT.Modify, e -> check());
    entry.addListener(SWT.DefaultSelection, e -> entered(e.detail));
    entry.addListener(SWT.KeyDown, e -> backspace(e.character));
    problem = look.label(row, "", look.fonts().small(), look.theme().error());
    GridData hidden = new GridData(SWT.BEGINNING, SWT.CENTER, false, false);
    hidden.exclude = true;
    problem.setLayoutData(hidden);
    Press[] saved = new Press[1];
    saved[0] = Press.menu(row, look, Texts.filter_saved, () -> savedMenu(saved[0].control()));
    show();
  }

  /** Takes the filter of the scope. */
  public void show() {
    if (!joined(terms).equals(scope.filter())) {
      terms = new ArrayList<>();
      if (!scope.filter().isEmpty()) {
        terms.add(scope.filter());
      }
    }
    for (Control old : chips.getChildren()) {
      old.dispose();
    }
    for (String term : List.copyOf(terms)) {
      Press.chip(chips, look, term, () -> remove(term));
    }
    ((GridLayout) chips.getLayout()).numColumns = Math.max(1, terms.size());
    GridData data = new GridData(SWT.BEGINNING, SWT.CENTER, false, false);
    data.exclude = terms.isEmpty();
    chips.setLayoutData(data);
    chips.setVisible(!terms.isEmpty());
    entry.setMessage(terms.isEmpty() ? Texts.filter_hint : Texts.filter_more);
    row.layout(true, true);
  }

  /** Puts the cursor into the entry. */
  public void focus() {
    entry.setFocus();
    entry.selectAll();
  }

  private void check() {
    String text = entry.getText().strip();
    say(text.isEmpty() ? Optional.empty() : Filters.parse(text).problem());
  }

  private void say(Optional<String> wrong) {
    String text = wrong.orElse("");
    if (!problem.getText().equals(text)) {
      problem.setText(text);
      ((GridData) problem.getLayoutData()).exclude = text.isEmpty();
      problem.setVisible(!text.isEmpty());
      row.layout(true, true);
    }
  }

  private void entered(int detail) {
    String text = entry.getText().strip();
    if (detail == SWT.ICON_CANCEL || text.isEmpty()) {
      entry.setText("");
      return;
    }
    if (Filters.parse(text).problem().isPresent()) {
      check();
      return;
    }
    if (!terms.contains(text)) {
      terms.add(text);
    }
    entry.setText("");
    apply();
  }

  private void backspace(char key) {
    if (key == SWT.BS && entry.getText().isEmpty() && !terms.isEmpty()) {
      remove(terms.getLast());
    }
  }

  private void remove(String term) {
    terms.remove(term);
    apply();
  }

  private void apply() {
    scope.filter(joined(terms));
    show();
  }

  private static String joined(List<String> terms) {
    if (terms.size() == 1) {
      return terms.getFirst();
    }
    return String.join(
        AND, terms.stream().map(t -> t.contains(" or ") ? "(" + t + ")" : t).toList());
  }

  private void savedMenu(Control at) {
    MenuManager menu = new MenuManager();
    List<String> saved = SavedFilters.load();
    if (saved.isEmpty()) {
      Action none = action(Texts.filter_none_saved, () -> {});
      none.setEnabled(false);
      menu.add(none);
    }
    for (String each : saved) {
      menu.add(action(each, () -> use(each)));
    }
    menu.add(new Separator());
    Action save = action(Texts.filter_save, () -> SavedFilters.add(scope.filter()));
    save.setEnabled(!scope.filter().isEmpty());
    menu.add(save);
    Action clear = action(Texts.filter_clear, () -> use(""));
    clear.setEnabled(!scope.filter().isEmpty());
    menu.add(clear);
    Action forget = action(Texts.filter_forget, SavedFilters::clear);
    forget.setEnabled(!saved.isEmpty());
    menu.add(forget);
    Menus.open(menu, at);
  }

  private void use(String filter) {
    terms = new ArrayList<>();
    scope.filter(filter);
    show();
  }

  private static Action action(String text, Runnable run) {
    return Menus.action(text, run);
  }
}
