package io.sekisho.console.policy.editor.view;

import io.sekisho.console.policy.editor.Texts;
import io.sekisho.console.policy.editor.draw.ElementId;
import io.sekisho.console.policy.editor.draw.Marks;
import io.sekisho.console.policy.editor.draw.Places;
import io.sekisho.console.policy.editor.draw.Rect;
import io.sekisho.console.policy.editor.edit.PolicyText;
import io.sekisho.console.policy.editor.model.Edit;
import io.sekisho.console.policy.editor.model.EditException;
import io.sekisho.console.policy.editor.model.Effect;
import io.sekisho.console.policy.editor.model.Finding;
import io.sekisho.console.policy.editor.model.Live;
import io.sekisho.console.policy.editor.model.PeerForm;
import io.sekisho.console.policy.editor.model.PortForm;
import io.sekisho.console.policy.editor.model.RulePicture;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.console.policy.editor.yaml.Path;
import io.sekisho.console.ui.Dragged;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Menus;
import io.sekisho.console.ui.StatePage;
import io.sekisho.policy.Direction;
import java.util.List;
import java.util.Optional;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StackLayout;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Menu;

/**
 * The picture with its head: which spec, one-click rules, the palette, and the same as a table. It
 * changes nothing itself: every edit goes to the owner of the text, and the new text comes back.
 */
public final class PicturePanel {
  private final Owner owner;
  private final Look look;
  private final Composite root;
  private final PanelHead head;
  private final StatePage page;
  private final Composite stack;
  private final StackLayout layout = new StackLayout();
  private final PictureCanvas canvas;
  private final PictureTable table;
  private final Palette palette;
  private Optional<PolicyText> text = Optional.empty();
  private Optional<Path> chosen = Optional.empty();
  private List<Finding> findings = List.of();
  private Live live = Live.UNKNOWN;
  private Places places = Places.NONE;

  /** Makes the widgets. */
  public PicturePanel(Composite parent, Look look, Owner owner) {
    this.owner = owner;
    this.look = look;
    root = new Composite(parent, SWT.NONE);
    root.setBackground(look.theme().ground());
    root.setLayout(grid(1));
    head = new PanelHead(root, look, new HeadDeeds(), this::canvas, owner.editable());
    page = new StatePage(root, look, look.theme().ground());
    Composite both = new Composite(page.contents(), SWT.NONE);
    both.setLayout(grid(2));
    both.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    stack = new Composite(both, SWT.NONE);
    stack.setLayout(layout);
    stack.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    canvas = new PictureCanvas(stack, look, new Input());
    table = new PictureTable(stack, look, this::selectedInTable, this::open);
    layout.topControl = canvas.control();
    palette = new Palette(both, look, this::paletteMenu);
    GridData side = new GridData(SWT.FILL, SWT.FILL, false, true);
    side.widthHint = 170;
    side.exclude = true;
    palette.control().setLayoutData(side);
    palette.control().setVisible(false);
  }

  private static GridLayout grid(int columns) {
    GridLayout grid = new GridLayout(columns, false);
    grid.marginWidth = 0;
    grid.marginHeight = 0;
    grid.verticalSpacing = 0;
    grid.horizontalSpacing = 0;
    return grid;
  }

  /** The widget. */
  public Composite control() {
    return root;
  }

  /** The picture. */
  public PictureCanvas canvas() {
    return canvas;
  }

  /** The same as a table. */
  public PictureTable table() {
    return table;
  }

  /** What can be dragged. */
  public Palette palette() {
    return palette;
  }

  /** What the head says beside the title. */
  public String note() {
    return head.note();
  }

  /** The sentence in place of the picture, empty while there is one. */
  public String sentence() {
    return page.sentence();
  }

  /** The spec that is drawn. */
  public Optional<SpecPicture> spec() {
    return text.flatMap(
        t ->
            t.specs().stream()
                .filter(s -> chosen.filter(s.path()::equals).isPresent())
                .findFirst()
                .or(() -> t.specs().stream().findFirst()));
  }

  /** The text that is drawn, or was before one that can't be. */
  public Optional<String> drawn() {
    return text.map(t -> t.yaml().text());
  }

  /** Shows a text that could be read. */
  public void show(PolicyText next) {
    text = Optional.of(next);
    draw();
  }

  /** The text can't be read: the last picture stays, faded, and says so. */
  public void stale(String why) {
    canvas.stale(true);
    say(Texts.of("panel.stale", why));
    if (text.isEmpty()) {
      page.sentence(Texts.of("panel.unreadable", why));
    }
  }

  /** What exists now is new. */
  public void live(Live next) {
    if (!next.equals(live)) {
      live = next;
      if (!canvas.stale() && text.isPresent()) {
        draw();
      }
    }
  }

  /** What is wrong is new. */
  public void findings(List<Finding> next) {
    findings = List.copyOf(next);
    if (!canvas.stale() && spec().isPresent()) {
      marks();
    }
  }

  /** Selects what stands at an offset of the text. */
  public void selectAt(int offset) {
    if (canvas.stale() || text.isEmpty()) {
      return;
    }
    text.get().specs().stream()
        .filter(s -> text.get().yaml().span(s.path()).filter(p -> p.holds(offset)).isPresent())
        .findFirst()
        .filter(s -> !s.path().equals(spec().map(SpecPicture::path).orElse(Path.TEXT)))
        .ifPresent(s -> choose(s.path()));
    places.at(offset).ifPresent(id -> canvas.select(Optional.of(id)));
  }

  private void say(String next) {
    head.note(next);
  }

  private void choose(Path spec) {
    chosen = Optional.of(spec);
    draw();
  }

  private void draw() {
    Optional<SpecPicture> spec = spec();
    int count = text.map(t -> t.specs().size()).orElse(0);
    head.specs(count);
    if (spec.isEmpty()) {
      page.sentence(Texts.of("panel.nothing"));
      say("");
      return;
    }
    page.contentsShown();
    canvas.show(spec.get(), live);
    places = canvas.plan().flatMap(p -> text.map(t -> Places.of(t.yaml(), p))).orElse(Places.NONE);
    palette.show(spec.get(), live);
    marks();
  }

  private void marks() {
    Marks marks = text.map(t -> Marks.of(findings, t.yaml().text(), places)).orElse(Marks.NONE);
    canvas.marks(marks);
    tabulate();
    say(noteOf(marks));
  }

  /** The table, while it is what is seen. */
  private void tabulate() {
    if (layout.topControl == table.control()) {
      canvas.plan().ifPresent(p -> table.show(p, canvas.marks(), canvas.selected()));
    }
  }

  private String noteOf(Marks marks) {
    SpecPicture spec = spec().orElseThrow();
    List<SpecPicture> all = text.map(PolicyText::specs).orElse(List.of());
    String which =
        all.size() > 1
            ? Texts.of("panel.which", spec.head().title(), all.indexOf(spec) + 1, all.size())
            : spec.head().title();
    if (!spec.undrawn().isEmpty()) {
      which += "  ·  " + Texts.of("tip.undrawn", String.join(", ", spec.undrawn()));
    }
    if (!marks.elsewhere().isEmpty()) {
      which += "  ·  " + marks.elsewhere().getFirst().message();
    }
    return which;
  }

  private void togglePalette() {
    GridData data = (GridData) palette.control().getLayoutData();
    data.exclude = !data.exclude;
    palette.control().setVisible(!data.exclude);
    palette.control().getParent().layout();
  }

  private void toggleTable() {
    boolean drawn = layout.topControl == canvas.control();
    layout.topControl = drawn ? table.control() : canvas.control();
    stack.layout();
    tabulate();
    layout.topControl.setFocus();
  }

  private void selectedInTable(ElementId id) {
    canvas.select(Optional.of(id));
    owner.reveal(id.path());
  }

  /** Makes edits as one step; what can't be made is said in the head. */
  public void make(List<Edit> edits) {
    owner.edit(edits, this::told);
  }

  private void told(Optional<EditException> refused) {
    refused.ifPresent(e -> say(sentence(e)));
  }

  /** Why an edit was not made. */
  static String sentence(EditException e) {
    return Texts.of("refused." + e.code().name().toLowerCase(java.util.Locale.ROOT), e.detail());
  }

  /** Adds what was dragged: to a rule where it was dropped on its ports, else as a new rule. */
  public void add(Dragged what, Optional<ElementId> on, Direction side, Effect effect) {
    spec()
        .ifPresent(
            s -> {
              try {
                PeerForm peer = Peers.of(what, s, live);
                Optional<RulePicture> joined =
                    on.filter(i -> !(i instanceof ElementId.Peer)).flatMap(i -> menus().rule(i));
                make(
                    List.of(
                        joined
                            .<Edit>map(r -> new Edit.AddPeer(r.id(), peer))
                            .orElseGet(
                                () -> new Edit.AddRule(s.path(), side, effect, peer, List.of()))));
              } catch (EditException e) {
                say(sentence(e));
              }
            });
  }

  /** Whether nothing can be changed now. */
  private boolean fixed() {
    return !owner.editable() || canvas.stale() || spec().isEmpty();
  }

  private Entries entries() {
    return new Entries(canvas, look, owner, spec().orElseThrow(), live);
  }

  private PictureMenu menus() {
    return new PictureMenu(spec().orElseThrow(), canvas.marks(), live, new Deeds());
  }

  private void paletteMenu(MenuManager menu, Dragged what) {
    if (fixed()) {
      return;
    }
    for (Direction direction : Direction.values()) {
      String key = direction == Direction.INGRESS ? ".in" : ".out";
      for (Effect effect : List.of(Effect.ALLOW, Effect.DENY)) {
        if (effect == Effect.ALLOW || Peers.canDeny(spec().get())) {
          String word = effect == Effect.ALLOW ? "allow" : "deny";
          menu.add(
              Menus.action(
                  Texts.of("palette." + word + key),
                  () -> add(what, Optional.empty(), direction, effect)));
        }
      }
    }
  }

  /** Opens what can be edited in place; what can be added, as a menu. */
  public void open(ElementId id) {
    if (fixed()) {
      return;
    }
    if (!entries().open(id)) {
      popup(Optional.of(id), menus().side(id));
    }
  }

  private void popup(Optional<ElementId> id, Direction side) {
    Optional<Rect> box = id.flatMap(canvas::bounds);
    var at =
        canvas.control().toDisplay(box.map(Rect::x).orElse(20), box.map(Rect::bottom).orElse(20));
    popup(id, side, at.x, at.y);
  }

  private void popup(Optional<ElementId> id, Direction side, int x, int y) {
    if (fixed()) {
      return;
    }
    MenuManager manager = menu(id, side);
    Menu menu = manager.createContextMenu(canvas.control());
    menu.setLocation(x, y);
    menu.addListener(SWT.Hide, e -> menu.getDisplay().asyncExec(manager::dispose));
    menu.setVisible(true);
  }

  /** The menu of an element, or of a side. */
  public MenuManager menu(Optional<ElementId> id, Direction side) {
    MenuManager manager = new MenuManager();
    menus().fill(manager, id, side);
    return manager;
  }

  /** What the line over the picture calls. */
  private final class HeadDeeds implements PanelHead.Deeds {
    @Override
    public List<SpecPicture> specs() {
      return text.map(PolicyText::specs).orElse(List.of());
    }

    @Override
    public Optional<SpecPicture> spec() {
      return PicturePanel.this.spec();
    }

    @Override
    public void choose(Path spec) {
      PicturePanel.this.choose(spec);
    }

    @Override
    public void make(List<Edit> edits) {
      PicturePanel.this.make(edits);
    }

    @Override
    public void palette() {
      togglePalette();
    }

    @Override
    public void table() {
      toggleTable();
    }
  }

  /** What menus call. */
  private final class Deeds implements PictureMenu.Deeds {
    @Override
    public void make(List<Edit> edits) {
      PicturePanel.this.make(edits);
    }

    @Override
    public void open(ElementId id) {
      PicturePanel.this.open(id);
    }

    @Override
    public void fix(Finding finding) {
      owner.fix(finding);
    }

    @Override
    public void type(Direction direction, Effect effect, PeerForm like) {
      entries().type(direction, effect, like);
    }

    @Override
    public void add(Dragged what, Direction direction, Effect effect) {
      PicturePanel.this.add(what, Optional.empty(), direction, effect);
    }
  }

  /** Mouse, keys and drops of the canvas. */
  private final class Input implements PictureCanvas.Listener {
    @Override
    public boolean editable() {
      return owner.editable();
    }

    @Override
    public void selected(Optional<ElementId> id) {
      id.ifPresent(i -> owner.reveal(i.path()));
    }

    @Override
    public void opened(ElementId id) {
      open(id);
    }

    @Override
    public void menu(Optional<ElementId> id, Direction side, int x, int y) {
      popup(id, side, x, y);
    }

    @Override
    public void dropped(Dragged what, Optional<ElementId> on, Direction side) {
      add(what, on, side, Effect.ALLOW);
    }

    @Override
    public void key(Event e) {
      boolean mod = (e.stateMask & SWT.MOD1) != 0;
      boolean shift = (e.stateMask & SWT.SHIFT) != 0;
      if (mod && e.keyCode == 'z' && !shift) {
        owner.undo();
      } else if (mod && (e.keyCode == 'y' || e.keyCode == 'z')) {
        owner.redo();
      } else if (!mod && !canvas.stale()) {
        keys(e);
      }
    }

    private void keys(Event e) {
      Optional<ElementId> id = canvas.selected();
      switch (e.keyCode) {
        case SWT.DEL, SWT.BS -> id.ifPresent(PicturePanel.this::remove);
        case SWT.INSERT, '+' ->
            popup(Optional.empty(), id.map(i -> menus().side(i)).orElse(Direction.INGRESS));
        case 'd' -> id.flatMap(i -> menus().rule(i)).ifPresent(PicturePanel.this::toggle);
        case 'p' -> id.flatMap(i -> menus().rule(i)).ifPresent(this::openPorts);
        default -> {}
      }
    }

    private void openPorts(RulePicture rule) {
      boolean icmp = !rule.ports().isEmpty() && rule.ports().stream().allMatch(PortForm::icmp);
      open(icmp ? new ElementId.Icmp(rule.id()) : new ElementId.Ports(rule.id()));
    }
  }

  private void remove(ElementId id) {
    spec().map(s -> Removing.of(s, id)).filter(e -> !e.isEmpty()).ifPresent(this::make);
  }

  private void toggle(RulePicture rule) {
    Effect other = rule.effect() == Effect.DENY ? Effect.ALLOW : Effect.DENY;
    make(List.of(new Edit.SetEffect(rule.id(), other)));
  }
}
