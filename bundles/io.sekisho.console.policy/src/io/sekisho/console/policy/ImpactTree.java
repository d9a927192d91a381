package io.sekisho.console.policy;

import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Theme;
import io.sekisho.impact.run.DryRun;
import io.sekisho.impact.run.Line;
import io.sekisho.impact.run.Outcome;
import io.sekisho.impact.run.Pair;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.eclipse.swt.SWT;
import org.eclipse.swt.accessibility.AccessibleAdapter;
import org.eclipse.swt.accessibility.AccessibleEvent;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.swt.widgets.TreeColumn;
import org.eclipse.swt.widgets.TreeItem;

/** What becomes of recorded flows: one row for each outcome, below it one for each pair. */
final class ImpactTree {
  /** More pairs than people read; the rest is counted. */
  private static final int MAX_PAIRS = 200;

  private static final int MAX_PORTS = 3;
  private static final int FLOW_WIDTH = 64;

  private final Look look;
  private final Tree tree;

  /** What is selected: pairs of one outcome. */
  record Chosen(Outcome outcome, List<Pair> pairs) {
    /** How many flows. */
    long flows() {
      return pairs.stream().mapToLong(Pair::flows).sum();
    }
  }

  /** Calls back when something is selected, and when it is opened. */
  ImpactTree(
      Composite parent, Look look, Consumer<Optional<Chosen>> selected, Consumer<Chosen> open) {
    this.look = look;
    Theme theme = look.theme();
    tree = new Tree(parent, SWT.FULL_SELECTION | SWT.SINGLE | SWT.V_SCROLL);
    GridData data = new GridData(SWT.FILL, SWT.FILL, true, true);
    data.heightHint = 140;
    tree.setLayoutData(data);
    tree.setBackground(theme.ground());
    tree.setForeground(theme.text());
    TreeColumn what = new TreeColumn(tree, SWT.LEFT);
    TreeColumn flows = new TreeColumn(tree, SWT.RIGHT);
    tree.addListener(
        SWT.Resize,
        e -> {
          flows.setWidth(FLOW_WIDTH);
          what.setWidth(Math.max(120, tree.getClientArea().width - FLOW_WIDTH));
        });
    tree.addListener(SWT.Selection, e -> selected.accept(selection()));
    tree.addListener(
        SWT.DefaultSelection, e -> selection().filter(c -> !c.pairs().isEmpty()).ifPresent(open));
    tree.getAccessible()
        .addAccessibleListener(
            new AccessibleAdapter() {
              @Override
              public void getName(AccessibleEvent e) {
                e.result = Texts.impact_tree;
              }
            });
  }

  Tree widget() {
    return tree;
  }

  /** What is selected: one pair, or all of an outcome. */
  Optional<Chosen> selection() {
    Object data = tree.getSelectionCount() == 1 ? tree.getSelection()[0].getData() : null;
    return switch (data) {
      case Pair pair -> Optional.of(new Chosen(pair.outcome(), List.of(pair)));
      case Chosen all -> Optional.of(all);
      case null, default -> Optional.empty();
    };
  }

  /** Shows another result; what is given is selected if it is there. */
  void show(DryRun run, Optional<Chosen> before) {
    tree.setRedraw(false);
    tree.removeAll();
    for (Outcome outcome : Outcome.values()) {
      group(outcome, run.pairs(outcome), run.flows(outcome));
    }
    before.ifPresent(this::select);
    tree.setRedraw(true);
  }

  /** Forgets what it shows. */
  void clear() {
    tree.removeAll();
  }

  private void group(Outcome outcome, List<Pair> pairs, long flows) {
    TreeItem group = new TreeItem(tree, SWT.NONE);
    group.setData(new Chosen(outcome, pairs));
    group.setText(
        new String[] {
          pairs.isEmpty()
              ? title(outcome)
              : Texts.bind(
                  Texts.impact_group,
                  title(outcome),
                  Format.counted(pairs.size(), Texts.impact_pair)),
          Format.count(flows)
        });
    group.setFont(0, look.fonts().bold());
    group.setImage(0, icon(outcome).image(tree.getDisplay(), colour(outcome, pairs.isEmpty())));
    for (Pair pair : pairs.subList(0, Math.min(MAX_PAIRS, pairs.size()))) {
      TreeItem item = new TreeItem(group, SWT.NONE);
      item.setData(pair);
      item.setText(new String[] {names(pair), Format.count(pair.flows())});
    }
    if (pairs.size() > MAX_PAIRS) {
      TreeItem more = new TreeItem(group, SWT.NONE);
      more.setText(Texts.bind(Texts.impact_more, Format.count(pairs.size() - MAX_PAIRS)));
      more.setForeground(look.theme().faint());
    }
    group.setExpanded(outcome != Outcome.UNCHANGED);
  }

  private void select(Chosen wanted) {
    for (TreeItem group : tree.getItems()) {
      if (group.getData() instanceof Chosen all && all.outcome() == wanted.outcome()) {
        tree.setSelection(group);
        for (TreeItem item : group.getItems()) {
          if (item.getData() instanceof Pair pair
              && wanted.pairs().size() == 1
              && pair.client().equals(wanted.pairs().getFirst().client())
              && pair.server().equals(wanted.pairs().getFirst().server())) {
            tree.setSelection(item);
          }
        }
      }
    }
  }

  static String title(Outcome outcome) {
    return switch (outcome) {
      case NEWLY_DENIED -> Texts.impact_denied;
      case NEWLY_ALLOWED -> Texts.impact_allowed;
      case UNDECIDABLE -> Texts.impact_undecidable;
      case UNCHANGED -> Texts.impact_unchanged;
    };
  }

  private static Icons icon(Outcome outcome) {
    return switch (outcome) {
      case NEWLY_DENIED -> Icons.DROPPED;
      case NEWLY_ALLOWED -> Icons.FORWARDED;
      case UNDECIDABLE -> Icons.UNKNOWN;
      case UNCHANGED -> Icons.GOOD;
    };
  }

  private Color colour(Outcome outcome, boolean none) {
    Theme theme = look.theme();
    if (none) {
      return theme.unknown();
    }
    return switch (outcome) {
      case NEWLY_DENIED -> theme.dropped();
      case NEWLY_ALLOWED -> theme.forwarded();
      case UNDECIDABLE, UNCHANGED -> theme.unknown();
    };
  }

  /** What was chosen, in words: the outcome, and the pair where it is one. */
  static String words(Chosen chosen) {
    return chosen.pairs().size() == 1
        ? Texts.bind(
            Texts.impact_flows_title, title(chosen.outcome()), names(chosen.pairs().getFirst()))
        : title(chosen.outcome());
  }

  /** {@code cart → payment}, with namespaces where they differ. */
  static String names(Pair pair) {
    String client = pair.client();
    String server = pair.server();
    boolean same = namespace(client).equals(namespace(server));
    return same ? name(client) + " → " + name(server) : whole(client) + " → " + whole(server);
  }

  private static String namespace(String key) {
    return key.substring(0, Math.max(0, key.indexOf('/')));
  }

  private static String name(String key) {
    return key.substring(key.indexOf('/') + 1);
  }

  private static String whole(String key) {
    return key.startsWith("/") ? key.substring(1) : key;
  }

  /** Why it is so, for each of the first ports. */
  static String reasons(Pair pair) {
    return pair.lines().stream()
        .limit(MAX_PORTS)
        .map(ImpactTree::reason)
        .distinct()
        .collect(Collectors.joining("\n"));
  }

  private static String reason(Line line) {
    if (!line.reason().isEmpty()) {
      return Texts.bind(Texts.impact_because, line.port(), line.reason());
    }
    String before = line.before().map(Object::toString).orElse(Format.UNKNOWN);
    String after = line.after().map(Object::toString).orElse(Format.UNKNOWN);
    return before.equals(after)
        ? Texts.bind(Texts.impact_as_before, line.port(), before)
        : Texts.bind(Texts.impact_before_after, new Object[] {line.port(), before, after});
  }
}
