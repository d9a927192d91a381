package io.sekisho.agent.metrics;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What the agent counts: counters by name and label, gauges that are asked when somebody looks, and
 * how long things took. Any thread may. The text form is Prometheus' (text format 0.0.4).
 */
public final class Metrics {
  private final Map<String, LongAdder> counters = new ConcurrentSkipListMap<>();
  private final Map<String, LongSupplier> gauges = new ConcurrentSkipListMap<>();
  private final Histogram apply = new Histogram();
  private final Histogram realize = new Histogram();
  private final Histogram add = new Histogram();

  /** The counter of a name with one label; the same for the same texts. */
  public LongAdder counter(String name, String label, String value) {
    String clean = value.toLowerCase(Locale.ROOT).replaceAll("[\"\\\\\n]", "_");
    return counters.computeIfAbsent(
        name + "{" + label + "=\"" + clean + "\"}", key -> new LongAdder());
  }

  /** A number that is asked for when somebody looks; must not block. */
  public void gauge(String name, LongSupplier value) {
    gauges.put(name, value);
  }

  /** A plan was written to the datapath. */
  public void applied(Duration took, int errors) {
    apply.add(took);
    counter("sekisho_apply_total", "result", errors == 0 ? "ok" : "failed").increment();
  }

  /** A revision was realized, so long after this node learned of it. */
  public void realized(Duration took) {
    realize.add(took);
  }

  /** A CNI call was answered. */
  public void cni(String command, Duration took, int errorCode) {
    counter("sekisho_cni_" + command.toLowerCase(Locale.ROOT) + "_total", "code", "" + errorCode)
        .increment();
    if (command.equals("ADD") && errorCode == 0) {
      add.add(took);
    }
  }

  /** All of it as text. */
  public String render() {
    var out = new StringBuilder(8192);
    counters.forEach((key, value) -> out.append(key).append(' ').append(value.sum()).append('\n'));
    gauges.forEach(
        (key, value) -> out.append(key).append(' ').append(value.getAsLong()).append('\n'));
    apply.render("sekisho_apply_seconds", out);
    realize.render("sekisho_realize_seconds", out);
    add.render("sekisho_cni_add_seconds", out);
    return out.toString();
  }
}
