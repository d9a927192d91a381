package io.sekisho.console.graph.input;

import io.sekisho.console.graph.figures.Camera;
import io.sekisho.console.graph.figures.Picture;
import io.sekisho.console.graph.figures.Seen;
import io.sekisho.console.graph.figures.Stage;
import io.sekisho.console.graph.layout.Scene;
import java.util.Optional;
import java.util.Set;
import org.eclipse.swt.widgets.Canvas;

/** What mouse and keys act on. UI thread only. */
public interface Steered {
  /** Where events come from. */
  Canvas canvas();

  /** What shows the picture. */
  Stage stage();

  /** What lies where. */
  Picture picture();

  /** What is selected and hovered. */
  Seen seen();

  /** The scene on screen, if there is one yet. */
  Optional<Scene> scene();

  /** The operator moves the camera: it no longer follows the picture by itself. */
  void look(Camera camera);

  /** Selects ids; none clears. */
  void select(Set<String> ids);

  /** The pointer is over an id, empty text for nothing. */
  void hover(String id);

  /** Folds or opens what an id stands for, if it can. */
  void unfold(String id);

  /** A node is under way with the mouse: its corner, in world pixels. */
  void drag(String id, int x, int y);

  /** A node was let go where it is: it is pinned there. */
  void drop(String id);

  /** Shows the whole picture. */
  void fit();

  /** One step nearer or farther. */
  void zoom(boolean in);

  /** Lays everything out again. */
  void layOut();

  /** Brings an id into sight. */
  void reveal(String id);

  /** Opens what tells more about the selection. */
  void details();
}
