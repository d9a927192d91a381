package io.sekisho.console.ui;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.core.runtime.ILog;
import org.eclipse.core.runtime.preferences.IEclipsePreferences;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.osgi.service.prefs.BackingStoreException;

/** Filters that the operator keeps, one a line, in the preferences. */
final class SavedFilters {
  private static final String KEY = "filters";

  private SavedFilters() {}

  static List<String> load() {
    return node().get(KEY, "").lines().filter(l -> !l.isBlank()).toList();
  }

  static void add(String filter) {
    List<String> all = new ArrayList<>(load());
    if (!filter.isBlank() && !all.contains(filter)) {
      all.add(filter.replace('\n', ' '));
    }
    store(String.join("\n", all));
  }

  static void clear() {
    store("");
  }

  private static void store(String text) {
    IEclipsePreferences node = node();
    node.put(KEY, text);
    try {
      node.flush();
    } catch (BackingStoreException e) {
      ILog.of(SavedFilters.class).error("The filters were not stored.", e);
    }
  }

  private static IEclipsePreferences node() {
    return InstanceScope.INSTANCE.getNode("io.sekisho.console.ui");
  }
}
