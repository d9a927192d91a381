package io.sekisho.console.policy;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Problem;
import io.sekisho.api.v1.Severity;
import io.sekisho.console.core.ClusterInventory;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.policy.editor.draw.Plan;
import io.sekisho.console.policy.editor.edit.PolicyText;
import io.sekisho.console.policy.editor.model.Edit;
import io.sekisho.console.policy.editor.model.EditException;
import io.sekisho.console.policy.editor.model.Finding;
import io.sekisho.console.policy.editor.model.Live;
import io.sekisho.console.policy.editor.model.LivePod;
import io.sekisho.console.policy.editor.view.Owner;
import io.sekisho.console.policy.editor.view.PicturePanel;
import io.sekisho.console.policy.editor.yaml.Path;
import io.sekisho.console.policy.editor.yaml.YamlException;
import io.sekisho.console.ui.Background;
import io.sekisho.console.ui.Latest;
import io.sekisho.console.ui.Look;
import io.sekisho.policy.Labels;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jface.text.BadLocationException;
import org.eclipse.jface.text.IDocument;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Display;

/**
 * Keeps picture and text in step: a text is read on a worker once typing has paused, the newest
 * wins; an edit of the picture is worked out there too, and is a replacement in the text. UI thread
 * only.
 */
final class PicturePane implements Owner {
  private static final int PAUSE_MS = 150;

  private final Display display;
  private final PicturePanel panel;
  private final IDocument text;
  private final boolean editable;
  private Optional<YamlPane> yaml = Optional.empty();
  private Optional<PolicyText> last;
  private Live live = Live.UNKNOWN;
  private boolean revealing;
  private final Latest<Asked, Read> reading;
  private final Latest<ClusterInventory, Live> counting;
  private final Deque<Wanted> wanted = new ArrayDeque<>();
  private boolean editing;

  /** A text, and against what its pods are counted. */
  private record Asked(String text, Live live) {}

  /** What reading a text came to. */
  private record Read(Optional<PolicyText> text, String failure) {}

  /** Edits that wait for those before them. */
  private record Wanted(List<Edit> edits, Consumer<Optional<EditException>> told) {}

  /** What edits came to. */
  private record Edited(Optional<PolicyText> text, Optional<EditException> refused) {}

  /**
   * Makes the picture.
   *
   * @param before the text as it was read last, to begin with
   * @param editable whether the text may be changed here
   */
  PicturePane(
      Composite parent, Look look, IDocument text, Optional<PolicyText> before, boolean editable) {
    this.text = text;
    this.editable = editable;
    this.last = before;
    this.panel = new PicturePanel(parent, look, this);
    this.display = parent.getDisplay();
    reading = new Latest<>(display, PAUSE_MS, PicturePane::read, this::taken);
    counting = new Latest<>(display, 0, PicturePane::of, (inventory, now) -> counted(now));
    if (isDrawn(text.get())) {
      before.ifPresent(panel::show);
    } else {
      reading.now(new Asked(text.get(), live));
    }
  }

  /** The text as it was read last. */
  Optional<PolicyText> last() {
    return last;
  }

  PicturePanel panel() {
    return panel;
  }

  /** The text that stands beside. */
  void beside(YamlPane pane) {
    yaml = Optional.of(pane);
    pane.onCaret(
        offset -> {
          if (!revealing && isDrawn(text.get())) {
            panel.selectAt(offset);
          }
        });
  }

  private static Read read(Asked asked) {
    try {
      PolicyText read = Reading.picture(asked.text());
      // whom its selectors mean is remembered, so that drawing need not look for them
      read.specs().forEach(s -> Plan.of(s, asked.live(), Plan.LEAST_WIDTH));
      return new Read(Optional.of(read), "");
    } catch (YamlException e) {
      return new Read(Optional.empty(), e.getMessage());
    }
  }

  private void taken(Asked asked, Read read) {
    if (!panel.control().isDisposed() && asked.text().equals(text.get())) {
      read.text().ifPresentOrElse(this::show, () -> panel.stale(read.failure()));
    }
  }

  private void show(PolicyText next) {
    last = Optional.of(next);
    panel.show(next);
  }

  private boolean isDrawn(String now) {
    return last.filter(t -> t.yaml().text().equals(now)).isPresent();
  }

  /** The text is new: the picture follows. */
  void textChanged() {
    String now = text.get();
    if (isDrawn(now)) {
      if (panel.canvas().stale()) {
        last.ifPresent(panel::show);
      }
      return;
    }
    reading.put(new Asked(now, live));
  }

  /** What exists now. */
  void live(ClusterSession session) {
    counting.put(session.inventory());
  }

  private void counted(Live now) {
    live = now;
    if (!panel.control().isDisposed()) {
      panel.live(now);
    }
  }

  private static Live of(ClusterInventory inventory) {
    List<LivePod> pods = new ArrayList<>();
    for (Endpoint endpoint : inventory.endpoints().values()) {
      List<String> labels = new ArrayList<>(endpoint.getLabelsList());
      labels.add("k8s:" + Labels.NAMESPACE + "=" + endpoint.getNamespace());
      pods.add(
          new LivePod(
              endpoint.getNamespace(),
              endpoint.getWorkload(),
              endpoint.getPod(),
              Labels.of(labels)));
    }
    return new Live(inventory.synced(), pods);
  }

  /** What the agent says of the text. */
  void problems(List<Problem> problems) {
    panel.findings(problems.stream().map(PicturePane::finding).toList());
  }

  private static Finding finding(Problem p) {
    return new Finding(
        p.getSeverity() == Severity.ERROR,
        p.getLine(),
        p.getColumn(),
        p.getMessage(),
        p.getSuggestion());
  }

  @Override
  public boolean editable() {
    return editable;
  }

  @Override
  public void edit(List<Edit> edits, Consumer<Optional<EditException>> told) {
    if (!editable) {
      told.accept(Optional.of(new EditException(EditException.Code.READ_ONLY, "")));
      return;
    }
    wanted.add(new Wanted(edits, told));
    next();
  }

  private void next() {
    if (editing || wanted.isEmpty()) {
      return;
    }
    Wanted now = wanted.remove();
    if (!isDrawn(text.get())) {
      refuse(now, new EditException(EditException.Code.GONE, ""));
      return;
    }
    editing = true;
    PolicyText from = last.orElseThrow();
    Background.onUi(
        Background.supply(() -> edited(from, now.edits())),
        display,
        (edited, failure) -> {
          editing = false;
          if (panel.control().isDisposed()) {
            leave(from, Optional.ofNullable(edited));
          } else if (failure != null) {
            refuse(now, new EditException(EditException.Code.BY_HAND, failure.toString()));
          } else if (!from.yaml().text().equals(text.get())) {
            refuse(now, new EditException(EditException.Code.GONE, ""));
          } else {
            edited.refused().ifPresent(r -> refuse(now, r));
            edited.text().ifPresent(t -> made(now, t));
          }
        });
  }

  /** The picture is gone, the text may be shown by another one: no edit is lost. */
  private void leave(PolicyText from, Optional<Edited> edited) {
    if (from.yaml().text().equals(text.get())) {
      edited.flatMap(Edited::text).ifPresent(t -> text.set(t.yaml().text()));
      last = edited.flatMap(Edited::text).or(() -> last);
    }
    next();
  }

  private static Edited edited(PolicyText from, List<Edit> edits) {
    try {
      return new Edited(Optional.of(Reading.edited(from, edits)), Optional.empty());
    } catch (EditException e) {
      return new Edited(Optional.empty(), Optional.of(e));
    }
  }

  private void refuse(Wanted edits, EditException why) {
    if (!panel.control().isDisposed()) {
      edits.told().accept(Optional.of(why));
    }
    next();
  }

  private void made(Wanted edits, PolicyText next) {
    last = Optional.of(next);
    replace(next.yaml().text());
    panel.show(next);
    edits.told().accept(Optional.empty());
    next();
  }

  /** Makes the text another one, touching only what lies between what is the same at both ends. */
  private void replace(String next) {
    String old = text.get();
    int most = Math.min(old.length(), next.length());
    int head = 0;
    while (head < most && old.charAt(head) == next.charAt(head)) {
      head++;
    }
    int tail = 0;
    while (tail < most - head
        && old.charAt(old.length() - 1 - tail) == next.charAt(next.length() - 1 - tail)) {
      tail++;
    }
    step(head, old.length() - head - tail, next.substring(head, next.length() - tail));
  }

  private void step(int offset, int length, String with) {
    revealing = true;
    yaml.orElseThrow()
        .asOneStep(
            () -> {
              try {
                text.replace(offset, length, with);
              } catch (BadLocationException e) {
                throw new IllegalStateException("the place was measured in the same text", e);
              }
            });
    revealing = false;
  }

  @Override
  public void reveal(Path path) {
    last.filter(t -> isDrawn(text.get()))
        .flatMap(t -> t.yaml().span(path))
        .ifPresent(
            s -> {
              revealing = true;
              yaml.ifPresent(y -> y.reveal(s.start(), s.end() - s.start()));
              revealing = false;
            });
  }

  @Override
  public void fix(Finding finding) {
    Fixes.place(text.get(), finding)
        .ifPresent(w -> step(w.start(), w.end() - w.start(), finding.suggestion()));
  }

  @Override
  public void undo() {
    yaml.ifPresent(YamlPane::undo);
  }

  @Override
  public void redo() {
    yaml.ifPresent(YamlPane::redo);
  }
}
