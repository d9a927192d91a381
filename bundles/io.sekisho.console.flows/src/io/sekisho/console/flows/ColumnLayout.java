package io.sekisho.console.flows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.eclipse.core.runtime.ILog;
import org.eclipse.core.runtime.preferences.IEclipsePreferences;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.osgi.service.prefs.BackingStoreException;

/**
 * Which columns are shown, in which order and how wide; kept in the preferences as {@code
 * TIME:108,VERDICT:104,…}, hidden ones left out.
 */
final class ColumnLayout {
  private static final String KEY = "columns";

  private ColumnLayout() {}

  /** Shown columns in their order with widths in pixels. */
  static Map<FlowColumn, Integer> usual() {
    Map<FlowColumn, Integer> widths = new EnumMap<>(FlowColumn.class);
    Arrays.stream(FlowColumn.values())
        .filter(FlowColumn::usual)
        .forEach(c -> widths.put(c, c.width()));
    return widths;
  }

  /** What is stored, in order; the usual ones where nothing or nonsense is stored. */
  static List<Map.Entry<FlowColumn, Integer>> load() {
    List<Map.Entry<FlowColumn, Integer>> shown = parse(node().get(KEY, ""));
    return shown.isEmpty() ? new ArrayList<>(usual().entrySet()) : shown;
  }

  static List<Map.Entry<FlowColumn, Integer>> parse(String text) {
    List<Map.Entry<FlowColumn, Integer>> shown = new ArrayList<>();
    for (String part : text.split(",")) {
      String[] pair = part.split(":");
      for (FlowColumn column : FlowColumn.values()) {
        boolean wellFormed = pair.length == 2 && pair[1].matches("[0-9]{1,4}");
        if (wellFormed
            && column.name().equals(pair[0])
            && shown.stream().noneMatch(e -> e.getKey() == column)) {
          shown.add(Map.entry(column, Math.clamp(Integer.parseInt(pair[1]), 24, 1200)));
        }
      }
    }
    return shown;
  }

  static void store(List<Map.Entry<FlowColumn, Integer>> shown) {
    IEclipsePreferences node = node();
    node.put(
        KEY,
        String.join(",", shown.stream().map(e -> e.getKey().name() + ":" + e.getValue()).toList()));
    try {
      node.flush();
    } catch (BackingStoreException e) {
      ILog.of(ColumnLayout.class).error("The columns were not stored.", e);
    }
  }

  private static IEclipsePreferences node() {
    return InstanceScope.INSTANCE.getNode("io.sekisho.console.flows");
  }
}
