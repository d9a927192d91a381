package io.sekisho.console.graph.view;

import io.sekisho.console.graph.Texts;
import java.util.function.BooleanSupplier;
import org.eclipse.jface.action.Action;

/**
 * One thing that the operator can tell the graph to do; the same in the context menu, the view menu
 * and behind a key.
 */
final class GraphCommand extends Action {
  private final Runnable act;
  private final BooleanSupplier possible;

  /**
   * Makes a command.
   *
   * @param key of its text; its accelerator is shown after a tab there
   */
  GraphCommand(String key, Runnable act, BooleanSupplier possible) {
    super(Texts.of(key));
    setId("io.sekisho.console.graph." + key);
    this.act = act;
    this.possible = possible;
  }

  /** Asks again whether it is possible now. */
  GraphCommand asked() {
    setEnabled(possible.getAsBoolean());
    return this;
  }

  @Override
  public void run() {
    act.run();
  }
}
