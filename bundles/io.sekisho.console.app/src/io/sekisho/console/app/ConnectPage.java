package io.sekisho.console.app;

import io.sekisho.console.core.ConnectionProfile;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;

/** One way to say which cluster; a tab of the connect dialog. UI thread only. */
interface ConnectPage {
  /** On the tab. */
  String title();

  /** What the dialog says while nothing is wrong. */
  String message();

  /**
   * Makes the widgets.
   *
   * @param changed to be called when what was entered has changed
   */
  Control create(Composite parent, Runnable changed);

  /** The cluster, once enough is entered. */
  Optional<ConnectionProfile> profile();

  /** Why there is none, one sentence; empty where the operator sees it. */
  default String problem() {
    return "";
  }

  /**
   * Tries the cluster; cancelling ends the try.
   *
   * @param progress told of each step in words, on any thread
   * @return what to say when it works; fails with a sentence
   */
  CompletableFuture<String> test(ConnectionProfile profile, Consumer<String> progress);

  /** Shows on the page what the test has found; after {@link #test}, whatever its outcome. */
  default void tested() {}
}
