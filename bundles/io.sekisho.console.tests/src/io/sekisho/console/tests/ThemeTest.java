package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.ui.Theme;
import java.util.Map;
import org.eclipse.swt.graphics.Color;
import org.junit.jupiter.api.Test;

/** Colours can be read. */
class ThemeTest {
  private static final double READABLE = 4.5;

  @Test
  void contrast_allTokensButLine_readableOnGroundAndPanel() {
    for (Theme theme : new Theme[] {Theme.LIGHT, Theme.DARK}) {
      tokens(theme)
          .forEach(
              (name, colour) -> {
                assertReadable(theme, name, colour, theme.ground());
                assertReadable(theme, name, colour, theme.panel());
              });
    }
  }

  @Test
  void contrast_textOnEveryTint_readable() {
    for (Theme theme : new Theme[] {Theme.LIGHT, Theme.DARK}) {
      tokens(theme)
          .forEach(
              (name, colour) ->
                  assertReadable(
                      theme, "text on " + name, theme.text(), theme.tint(colour, theme.ground())));
    }
  }

  @Test
  void contrast_blackOnWhite_is21() {
    assertEquals(21.0, Theme.contrast(new Color(0, 0, 0), new Color(255, 255, 255)), 0.01);
  }

  @Test
  void mix_half_isBetween() {
    Color grey = Theme.mix(new Color(0, 0, 0), new Color(255, 255, 255), 0.5);
    assertEquals(128, grey.getRed());
  }

  private static void assertReadable(Theme theme, String name, Color over, Color under) {
    double contrast = Theme.contrast(over, under);
    assertTrue(
        contrast >= READABLE,
        () -> name + (theme.dark() ? " (dark)" : " (light)") + " has contrast " + contrast);
  }

  private static Map<String, Color> tokens(Theme t) {
    return Map.of(
        "forwarded", t.forwarded(),
        "dropped", t.dropped(),
        "audit", t.audit(),
        "error", t.error(),
        "unknown", t.unknown(),
        "accent", t.accent(),
        "text", t.text(),
        "faint", t.faint());
  }
}
