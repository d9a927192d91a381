package io.sekisho.console.policy.editor.view;

import io.sekisho.console.policy.editor.Texts;
import io.sekisho.console.policy.editor.model.Live;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.console.ui.Dragged;
import io.sekisho.console.ui.Look;
import io.sekisho.policy.Entity;
import io.sekisho.policy.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.swt.SWT;
import org.eclipse.swt.dnd.DND;
import org.eclipse.swt.dnd.DragSource;
import org.eclipse.swt.dnd.DragSourceAdapter;
import org.eclipse.swt.dnd.DragSourceEvent;
import org.eclipse.swt.dnd.TextTransfer;
import org.eclipse.swt.dnd.Transfer;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Menu;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;
import org.eclipse.swt.widgets.Text;

/**
 * Whom a rule could speak of: workloads, namespaces, entities, to be dragged into the picture. Rows
 * are made as they are shown, for a cluster has thousands.
 */
public final class Palette {
  private final Composite box;
  private final Look look;
  private final Text filter;
  private final Table table;
  private Live live = Live.UNKNOWN;
  private Optional<SpecPicture> spec = Optional.empty();
  private List<Item> shown = List.of();

  /** What a menu of the palette offers for an item. */
  interface Offers extends BiConsumer<MenuManager, Dragged> {}

  private record Item(String text, Supplier<String> note, Dragged dragged) {}

  Palette(Composite parent, Look look, Offers offers) {
    this.look = look;
    box = new Composite(parent, SWT.NONE);
    box.setBackground(look.theme().panel());
    GridLayout layout = new GridLayout(1, false);
    layout.marginWidth = 8;
    layout.marginHeight = 8;
    layout.verticalSpacing = 8;
    box.setLayout(layout);
    filter = new Text(box, SWT.SEARCH | SWT.ICON_SEARCH);
    filter.setMessage(Texts.of("palette.filter"));
    filter.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
    table = new Table(box, SWT.FULL_SELECTION | SWT.SINGLE | SWT.VIRTUAL);
    table.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    table.setBackground(look.theme().panel());
    table.setForeground(look.theme().text());
    table.setToolTipText(Texts.of("palette.name"));
    table.addListener(SWT.SetData, e -> put((TableItem) e.item, shown.get(e.index)));
    filter.addListener(SWT.Modify, e -> fill());
    filter.addListener(
        SWT.KeyDown,
        e -> {
          if (e.keyCode == SWT.ARROW_DOWN && table.getItemCount() > 0) {
            table.setFocus();
            table.setSelection(0);
          }
        });
    MenuManager menu = new MenuManager();
    menu.setRemoveAllWhenShown(true);
    menu.addMenuListener(m -> selected().ifPresent(d -> offers.accept(menu, d)));
    Menu made = menu.createContextMenu(table);
    table.setMenu(made);
    table.addListener(
        SWT.DefaultSelection,
        e -> {
          made.setLocation(table.toDisplay(20, ((TableItem) e.item).getBounds().y));
          made.setVisible(true);
        });
    drag();
  }

  /** The widget. */
  Composite control() {
    return box;
  }

  /** The table of what can be dragged. */
  public Table table() {
    return table;
  }

  private Optional<Dragged> selected() {
    return Optional.of(table.getSelectionIndex())
        .filter(i -> i >= 0)
        .map(i -> shown.get(i).dragged());
  }

  private void drag() {
    DragSource source = new DragSource(table, DND.DROP_COPY);
    source.setTransfer(new Transfer[] {TextTransfer.getInstance()});
    source.addDragListener(
        new DragSourceAdapter() {
          @Override
          public void dragStart(DragSourceEvent e) {
            e.doit = selected().isPresent();
          }

          @Override
          public void dragSetData(DragSourceEvent e) {
            e.data = selected().map(Dragged::text).orElse("");
          }
        });
  }

  void show(SpecPicture next, Live now) {
    boolean same = spec.isPresent() && now.equals(live) && next.head().equals(spec.get().head());
    spec = Optional.of(next);
    live = now;
    if (!same) {
      fill();
    }
  }

  private List<Item> items() {
    List<Item> out = new ArrayList<>();
    String own = spec.map(s -> s.head().namespace()).orElse("");
    Live.workloads(live.pods())
        .forEach(
            (w, pods) -> {
              String namespace = w.substring(0, w.indexOf('/'));
              String name = w.substring(w.indexOf('/') + 1);
              String label = namespace.equals(own) ? name : w;
              out.add(
                  new Item(
                      label,
                      () -> Texts.of("count.pods", pods),
                      new Dragged.Workload(namespace, name)));
            });
    live.namespaces()
        .forEach(
            n ->
                out.add(
                    new Item(n, () -> Texts.of("palette.namespace"), new Dragged.Namespace(n))));
    Kind kind = spec.map(s -> s.head().kind()).orElse(Kind.CILIUM);
    boolean entities =
        kind == Kind.CILIUM || kind == Kind.CILIUM_CLUSTERWIDE || kind == Kind.EXPECTATION;
    if (entities) {
      for (String word : Entity.words()) {
        out.add(new Item(word, () -> Texts.of("entity." + word), new Dragged.Entity(word)));
      }
    }
    for (String cidr : List.of("0.0.0.0/0", "10.0.0.0/8", "192.168.0.0/16")) {
      out.add(new Item(cidr, () -> Texts.of("palette.cidr"), new Dragged.Prefix(cidr)));
    }
    return out;
  }

  private void fill() {
    String wanted = filter.getText().strip().toLowerCase(Locale.ROOT);
    shown =
        items().stream().filter(i -> i.text().toLowerCase(Locale.ROOT).contains(wanted)).toList();
    table.deselectAll();
    table.setItemCount(shown.size());
    table.clearAll();
  }

  private void put(TableItem row, Item item) {
    row.setText(item.text() + "  ·  " + item.note().get());
    row.setForeground(look.theme().text());
  }
}
