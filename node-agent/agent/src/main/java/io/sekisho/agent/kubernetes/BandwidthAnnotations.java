package io.sekisho.agent.kubernetes;

import io.sekisho.agent.endpoint.Bandwidth;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The annotations of Kubernetes by which a pod is limited.
 *
 * @param bandwidth what they say; a value that cannot be used is no limit
 * @param problem what is wrong with values, empty if nothing is
 */
record BandwidthAnnotations(Bandwidth bandwidth, String problem) {
  static final String EGRESS = "kubernetes.io/egress-bandwidth";
  static final String INGRESS = "kubernetes.io/ingress-bandwidth";

  /** What the kubelet's own bandwidth shaping takes: 1k to 1P bits a second. */
  private static final BigDecimal LEAST = new BigDecimal("1e3");

  private static final BigDecimal MOST = new BigDecimal("1e15");

  /** Quantities of the API: a decimal number with a suffix or an exponent. */
  private static final Pattern QUANTITY =
      Pattern.compile(
          "([+-]?[0-9]{1,30}(?:[.][0-9]{0,30})?)(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?[0-9]{1,2}))?");

  private static final String BINARY = "KMGTPE";
  private static final Map<String, Integer> DECIMAL =
      Map.of("n", -9, "u", -6, "m", -3, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15, "E", 18);

  static BandwidthAnnotations of(Map<String, String> annotations) {
    var problems = new ArrayList<String>();
    long egress = rate(annotations, EGRESS, problems);
    long ingress = rate(annotations, INGRESS, problems);
    Bandwidth bandwidth =
        egress == 0 && ingress == 0 ? Bandwidth.UNLIMITED : new Bandwidth(egress, ingress);
    return new BandwidthAnnotations(bandwidth, String.join("; ", problems));
  }

  private static long rate(Map<String, String> annotations, String key, List<String> problems) {
    Optional<String> text = Optional.ofNullable(annotations.get(key));
    if (text.isEmpty()) {
      return 0;
    }
    Optional<BigDecimal> value = quantity(text.get().strip());
    if (value.isEmpty()) {
      problems.add(
          key + " '" + text.get() + "' is no quantity such as 10M: the pod is not limited");
      return 0;
    }
    if (value.get().compareTo(LEAST) < 0 || value.get().compareTo(MOST) > 0) {
      problems.add(
          key + " '" + text.get() + "' is not between 1k and 1P bits/s: the pod is not limited");
      return 0;
    }
    return value.get().setScale(0, RoundingMode.CEILING).longValueExact();
  }

  /** The number that a text stands for. */
  static Optional<BigDecimal> quantity(String text) {
    Matcher matcher = QUANTITY.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var number = new BigDecimal(matcher.group(1));
    String suffix = Optional.ofNullable(matcher.group(2)).orElse("");
    String exponent = Optional.ofNullable(matcher.group(3)).orElse("0");
    if (suffix.endsWith("i")) {
      int power = BINARY.indexOf(suffix.charAt(0)) + 1;
      return Optional.of(number.multiply(new BigDecimal(1024).pow(power)));
    }
    return Optional.of(
        number.scaleByPowerOfTen(DECIMAL.getOrDefault(suffix, Integer.parseInt(exponent))));
  }
}
