package io.sekisho.console.ui;

import io.sekisho.flow.FlowVerdict;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.RGB;

/**
 * Every colour that painting code may use, by meaning. No other class names an RGB value; {@link
 * Themes#current()} says which of the two is in force.
 *
 * @param dark whether the ground is dark
 * @param forwarded let through, healthy
 * @param dropped denied or lost
 * @param audit let through though policy denies; degraded
 * @param error something is broken
 * @param unknown no longer seen, not known
 * @param accent selection, links, what the operator narrowed
 * @param ground behind content
 * @param panel behind side panels and bars
 * @param line thin lines and frames
 * @param text what is read first
 * @param faint what is read second
 */
public record Theme(
    boolean dark,
    Color forwarded,
    Color dropped,
    Color audit,
    Color error,
    Color unknown,
    Color accent,
    Color ground,
    Color panel,
    Color line,
    Color text,
    Color faint) {

  /** Dark text on white. */
  public static final Theme LIGHT =
      new Theme(
          false,
          rgb(0x1A7A74),
          rgb(0xC8401E),
          rgb(0x8F5E00),
          rgb(0xA4262C),
          rgb(0x6A727A),
          rgb(0x2B5FB3),
          rgb(0xFFFFFF),
          rgb(0xF5F6F8),
          rgb(0xD5D9DE),
          rgb(0x1F2328),
          rgb(0x5B646E));

  /** Light text on near black. */
  public static final Theme DARK =
      new Theme(
          true,
          rgb(0x4FC3B8),
          rgb(0xFF8A65),
          rgb(0xF2C14E),
          rgb(0xFF6B6B),
          rgb(0x9AA4AE),
          rgb(0x7FB0FF),
          rgb(0x1E2227),
          rgb(0x262B31),
          rgb(0x3A4149),
          rgb(0xE6E8EA),
          rgb(0xA0A8B1));

  private static final double FADE_LIGHT = 0.22;
  private static final double FADE_DARK = 0.26;

  /**
   * A share of {@code over} laid on {@code under}; used in place of alpha, so that crossings do not
   * add up.
   *
   * @param share 0 for all {@code under}, 1 for all {@code over}
   */
  public static Color mix(Color over, Color under, double share) {
    RGB a = over.getRGB();
    RGB b = under.getRGB();
    return new Color(
        channel(a.red, b.red, share),
        channel(a.green, b.green, share),
        channel(a.blue, b.blue, share));
  }

  /** The colour of something on the ground that is not part of the selection. */
  public Color faded(Color colour) {
    return mix(colour, ground, dark ? FADE_DARK : FADE_LIGHT);
  }

  /** A pale fill that keeps {@link #text} readable. */
  public Color tint(Color colour, Color under) {
    return mix(colour, under, 0.14);
  }

  /** The colour of a verdict; glyph or word must go with it. */
  public Color of(FlowVerdict verdict) {
    return switch (verdict) {
      case FORWARDED -> forwarded;
      case DROPPED -> dropped;
      case AUDITED -> audit;
      case UNKNOWN -> unknown;
    };
  }

  /** Contrast of two colours by WCAG 2.2, section 1.4.3: from 1 to 21. */
  public static double contrast(Color a, Color b) {
    double x = luminance(a.getRGB());
    double y = luminance(b.getRGB());
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
  }

  private static double luminance(RGB c) {
    return 0.2126 * linear(c.red) + 0.7152 * linear(c.green) + 0.0722 * linear(c.blue);
  }

  private static double linear(int channel) {
    double v = channel / 255.0;
    return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
  }

  private static int channel(int a, int b, double share) {
    return (int) Math.round(a * share + b * (1 - share));
  }

  private static Color rgb(int value) {
    return new Color(value >> 16 & 255, value >> 8 & 255, value & 255);
  }
}
