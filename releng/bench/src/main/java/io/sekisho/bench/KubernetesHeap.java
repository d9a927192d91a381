package io.sekisho.bench;

import io.sekisho.lab.LabException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What lives in the agent's heap: jcmd's {@code GC.class_histogram}, which collects all else first
 * and counts before the program goes on.
 *
 * @param bytes of all objects that are somebody's
 * @param classes bytes of each class's objects
 */
record KubernetesHeap(long bytes, Map<String, Long> classes) {
  private static final int TOLD = 12;

  /** Places that a collection leaves empty rather than move all behind them: nobody's objects. */
  private static final Pattern FILLER =
      Pattern.compile("(\\[L)?jdk\\.internal\\.vm\\.Filler(Element|Object|Array);?");

  private static final double MEGABYTE = 1024 * 1024;

  /** {@code 3: 4711 123456 java.lang.String (java.base@25)}. */
  private static final Pattern LINE =
      Pattern.compile("(?m)^ *[0-9]+: +[0-9]+ +([0-9]+) +([^ \\n]+)");

  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +[0-9]+ +([0-9]+)");

  /** Out of what jcmd says. */
  static KubernetesHeap of(String histogram) {
    var classes = new HashMap<String, Long>();
    LINE.matcher(histogram)
        .results()
        .forEach(r -> classes.merge(r.group(2), Long.parseLong(r.group(1)), Long::sum));
    MatchResult total =
        TOTAL
            .matcher(histogram)
            .results()
            .findFirst()
            .orElseThrow(
                () -> new LabException(LabException.Code.AGENT, "no histogram: " + histogram));
    long fillers =
        classes.entrySet().stream()
            .filter(e -> FILLER.matcher(e.getKey()).matches())
            .mapToLong(Map.Entry::getValue)
            .sum();
    classes.keySet().removeIf(c -> FILLER.matcher(c).matches());
    return new KubernetesHeap(Long.parseLong(total.group(1)) - fillers, classes);
  }

  double megabytes() {
    return bytes / MEGABYTE;
  }

  /** How much more there is than before, in percent. */
  double growthSince(KubernetesHeap before) {
    return 100.0 * (bytes - before.bytes) / before.bytes;
  }

  /** The classes of which there is most more than before, in kilobytes. */
  String grownSince(KubernetesHeap before) {
    return classes.entrySet().stream()
        .map(e -> Map.entry(e.getKey(), e.getValue() - before.classes.getOrDefault(e.getKey(), 0L)))
        .filter(e -> e.getValue() >= 1024)
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(TOLD)
        .map(e -> e.getKey() + " +" + e.getValue() / 1024)
        .collect(Collectors.joining(", ", "most grown, KB: ", ""));
  }
}
