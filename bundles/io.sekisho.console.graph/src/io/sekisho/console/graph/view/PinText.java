package io.sekisho.console.graph.view;

import io.sekisho.console.graph.layout.Pins.Place;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A pinned place as text: {@code x,y} in pixels. */
public final class PinText {
  private static final Pattern FORM = Pattern.compile("(-?\\d{1,6}),(-?\\d{1,6})");

  private PinText() {}

  /** The text of a place. */
  public static String of(Place place) {
    return place.x() + "," + place.y();
  }

  /** The place of a text, empty for any other form. */
  public static Optional<Place> parse(String text) {
    Matcher m = FORM.matcher(text);
    return m.matches()
        ? Optional.of(new Place(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2))))
        : Optional.empty();
  }
}
