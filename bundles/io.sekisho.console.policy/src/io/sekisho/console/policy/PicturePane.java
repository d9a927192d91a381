package io.sekisho.console.policy;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Problem;
import io.sekisho.api.v1.Severity;
import io.sekisho.console.core.ClusterInventory;
import io.sekisho.console.core.ClusterSession;
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
import io.sekisho.console.ui.Look;
import io.sekisho.policy.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jface.text.BadLocationException;
import org.eclipse.jface.text.IDocument;
import org.eclipse.swt.widgets.Composite;

/**
 * Keeps picture and text in step: a text is read on a worker, the newest wins; an edit of the
 * picture is a replacement in the text. UI thread only.
 */
final class PicturePane implements Owner {
  private final PicturePanel panel;
  private final IDocument text;
  private Optional<YamlPane> yaml = Optional.empty();
  private Optional<PolicyText> last = Optional.empty();
  private boolean revealing;

  /** What reading a text came to. */
  private record Read(Optional<PolicyText> text, String failure) {}

  PicturePane(Composite parent, Look look, IDocument text) {
    this.text = text;
    this.panel = new PicturePanel(parent, look, this);
    Read first = read(text.get());
    first.text().ifPresentOrElse(this::show, () -> panel.stale(first.failure()));
  }

  PicturePanel panel() {
    return panel;
  }

  /** The text that stands beside. */
  void beside(YamlPane pane) {
    yaml = Optional.of(pane);
    pane.onCaret(
        offset -> {
          if (!revealing) {
            panel.selectAt(offset);
          }
        });
  }

  private static Read read(String text) {
    try {
      return new Read(Optional.of(PolicyText.read(text)), "");
    } catch (YamlException e) {
      return new Read(Optional.empty(), e.getMessage());
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
    Background.onUiIfDone(
        CompletableFuture.supplyAsync(() -> read(now)),
        panel.control(),
        read -> {
          if (now.equals(text.get())) {
            read.text().ifPresentOrElse(this::show, () -> panel.stale(read.failure()));
          }
        });
  }

  /** What exists now. */
  void live(ClusterSession session) {
    ClusterInventory inventory = session.inventory();
    Background.onUiIfDone(
        CompletableFuture.supplyAsync(() -> of(inventory)), panel.control(), panel::live);
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
  public void edit(List<Edit> edits) throws EditException {
    if (!isDrawn(text.get())) {
      throw new EditException(EditException.Code.GONE, "");
    }
    PolicyText next = last.orElseThrow().after(edits);
    last = Optional.of(next);
    replace(next.yaml().text());
    panel.show(next);
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
