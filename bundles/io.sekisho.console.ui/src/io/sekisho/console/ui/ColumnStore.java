package io.sekisho.console.ui;

import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.core.runtime.ILog;
import org.eclipse.core.runtime.preferences.IEclipsePreferences;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.osgi.service.prefs.BackingStoreException;

/** Order and widths of a table's columns in the preferences, as {@code name:100,state:90}. */
final class ColumnStore {
  private static final int NARROWEST = 24;
  private static final int WIDEST = 1200;

  private ColumnStore() {}

  /** What is stored, in order: width in pixels by column; empty where nothing is. */
  static Map<String, Integer> load(String table) {
    return parse(node().get(key(table), ""));
  }

  /** Reads the text; what is no column is left out. */
  static Map<String, Integer> parse(String text) {
    Map<String, Integer> widths = new LinkedHashMap<>();
    for (String part : text.split(",")) {
      String[] pair = part.split(":");
      if (pair.length == 2 && pair[1].matches("[0-9]{1,4}")) {
        widths.putIfAbsent(pair[0], Math.clamp(Integer.parseInt(pair[1]), NARROWEST, WIDEST));
      }
    }
    return widths;
  }

  static void store(String table, Map<String, Integer> widths) {
    IEclipsePreferences node = node();
    node.put(
        key(table),
        String.join(
            ",", widths.entrySet().stream().map(e -> e.getKey() + ":" + e.getValue()).toList()));
    try {
      node.flush();
    } catch (BackingStoreException e) {
      ILog.of(ColumnStore.class).error("The columns of " + table + " were not stored.", e);
    }
  }

  private static String key(String table) {
    return "columns." + table;
  }

  private static IEclipsePreferences node() {
    return InstanceScope.INSTANCE.getNode("io.sekisho.console.ui");
  }
}
