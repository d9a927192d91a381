package io.sekisho.console.tests;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Clusters;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Selected;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Certificates made once, and a window that looks at a cluster or at none. */
final class ShopFixture {
  private static final Object LOCK = new Object();
  private static TestPki pki;

  private ShopFixture() {}

  static TestPki pki() throws Exception {
    synchronized (LOCK) {
      if (pki == null) {
        Path folder = Files.createTempDirectory("sekisho-console-pki");
        pki = TestPki.create(folder);
      }
      return pki;
    }
  }

  /** The window looks at the session, with nothing narrowed. */
  static void look(ClusterSession session) {
    Ui.run(
        () -> {
          Clusters.shared().adopt(session);
          var scope = Scopes.of(Ui.window());
          scope.filter("");
          scope.pause(false);
          scope.select(new Selected.Nothing());
          scope.show(Optional.of(session));
        });
  }

  /** The window looks at nothing, and no cluster is known. */
  static void lookAway() {
    Ui.run(
        () -> {
          Scopes.of(Ui.window()).show(Optional.empty());
          Clusters.shared()
              .profiles()
              .forEach(profile -> Clusters.shared().remove(profile.name()));
        });
  }
}
