package io.sekisho.console.graph.view;

import java.util.function.Supplier;
import org.eclipse.swt.accessibility.AccessibleAdapter;
import org.eclipse.swt.accessibility.AccessibleEvent;

/** What screen readers are told of drawn controls. */
final class Spoken {
  private Spoken() {}

  /** Tells a name. */
  static AccessibleAdapter name(Supplier<String> name) {
    return nameAndDescription(name, () -> "");
  }

  /** Tells a name and what is to be seen. */
  static AccessibleAdapter nameAndDescription(Supplier<String> name, Supplier<String> what) {
    return new AccessibleAdapter() {
      @Override
      public void getName(AccessibleEvent e) {
        e.result = name.get();
      }

      @Override
      public void getDescription(AccessibleEvent e) {
        e.result = what.get();
      }
    };
  }
}
