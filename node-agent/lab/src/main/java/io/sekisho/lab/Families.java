package io.sekisho.lab;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Which addresses the lab's pods get. */
public enum Families {
  /** IPv4 alone. */
  V4("4", List.of(0)),
  /** IPv6 alone. */
  V6("6", List.of(1)),
  /** One of each. */
  BOTH("both", List.of(0, 1));

  private final String word;
  private final List<Integer> places;

  Families(String word, List<Integer> places) {
    this.word = word;
    this.places = places;
  }

  /** The word of the command line: 4, 6 or both. */
  public String word() {
    return word;
  }

  /**
   * By its word.
   *
   * @throws LabException with UNKNOWN
   */
  public static Families of(String word) {
    return Stream.of(values())
        .filter(families -> families.word.equals(word.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new LabException(
                    LabException.Code.UNKNOWN, "\"" + word + "\" is neither 4, 6 nor both"));
  }

  /** Of a list with IPv4 first and IPv6 second, those that are wanted. */
  <T> List<T> of(List<T> both) {
    return places.stream().map(both::get).toList();
  }
}
