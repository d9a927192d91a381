package io.sekisho.console.ui;

import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Numbers and times as people read them: {@code 1,204 flows/s}, {@code 12.4 Mbit/s}, {@code 3.2
 * ms}. None is "–", unknown is "?", and unknown is never 0.
 */
public final class Format {
  /** There is none. */
  public static final String NONE = "–";

  /** Not known. */
  public static final String UNKNOWN = "?";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ENGLISH);
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSSSS 'UTC'", Locale.ROOT);
  private static final long NANOS = 1_000_000_000L;

  private Format() {}

  /** A whole number with separators: {@code 1,204}. */
  public static String count(long value) {
    return NumberFormat.getIntegerInstance(Locale.ENGLISH).format(value);
  }

  /** Events per second: {@code 1,204/s}, {@code 44/s}, {@code 1.6/s}, {@code < 0.1/s}. */
  public static String rate(double perSecond) {
    return rateNumber(perSecond) + "/s";
  }

  /** The same without the unit; at most one decimal, and never 0 for what is more. */
  public static String rateNumber(double perSecond) {
    if (Double.isNaN(perSecond) || perSecond < 0) {
      return UNKNOWN;
    }
    if (perSecond == 0) {
      return "0";
    }
    if (perSecond < 0.05) {
      return "< 0.1";
    }
    return perSecond < 9.95
        ? String.format(Locale.ENGLISH, "%.1f", perSecond)
        : count(Math.round(perSecond));
  }

  /** Bits per second from bytes per second: {@code 12.4 Mbit/s}; below 0 unknown. */
  public static String bitRate(double bytesPerSecond) {
    if (Double.isNaN(bytesPerSecond) || bytesPerSecond < 0) {
      return UNKNOWN;
    }
    return scaled(bytesPerSecond * 8, 1000, "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s");
  }

  /** Bytes with binary units: {@code 37.1 KiB}; below 0 unknown. */
  public static String bytes(long bytes) {
    return bytes < 0 ? UNKNOWN : scaled(bytes, 1024, "B", "KiB", "MiB", "GiB", "TiB");
  }

  private static String scaled(double value, int step, String... units) {
    double v = value;
    int unit = 0;
    while (v >= step * 0.9995 && unit < units.length - 1) {
      v /= step;
      unit++;
    }
    String number =
        unit == 0 || v >= 99.95 ? count(Math.round(v)) : String.format(Locale.ENGLISH, "%.1f", v);
    return number + " " + units[unit];
  }

  /** A span of time: {@code 3.2 ms}, {@code 12 s}, {@code 29 min}, {@code 3 h}, {@code 2 d}. */
  public static String span(long nanos) {
    double ms = nanos / 1e6;
    if (ms < 9.95) {
      return String.format(Locale.ENGLISH, "%.1f ms", ms);
    }
    if (ms < 999.5) {
      return Math.round(ms) + " ms";
    }
    long seconds = Math.round(ms / 1000);
    if (seconds < 100) {
      return seconds + " s";
    }
    if (seconds < 100 * 60) {
      return seconds / 60 + " min";
    }
    return seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / 86400 + " d";
  }

  /** A round trip: as a span, with two decimals below 10 ms: {@code 0.21 ms}. */
  public static String latency(long nanos) {
    return nanos < 9_995_000 ? String.format(Locale.ENGLISH, "%.2f ms", nanos / 1e6) : span(nanos);
  }

  /** A share of 0 to 1 in per cent: {@code 28 %}, {@code < 1 %}; never 0 for what is more. */
  public static String share(double share) {
    if (Double.isNaN(share) || share < 0) {
      return UNKNOWN;
    }
    return share > 0 && share < 0.01 ? "< 1 %" : Math.round(share * 100) + " %";
  }

  /** Local time with milliseconds. */
  public static String time(long nanosSinceEpoch) {
    return TIME.format(instant(nanosSinceEpoch).atZone(ZoneId.systemDefault()));
  }

  /** Local time with seconds. */
  public static String second(long secondsSinceEpoch) {
    return SECOND.format(Instant.ofEpochSecond(secondsSinceEpoch).atZone(ZoneId.systemDefault()));
  }

  /** Local hour and minute. */
  public static String minute(long secondsSinceEpoch) {
    return MINUTE.format(Instant.ofEpochSecond(secondsSinceEpoch).atZone(ZoneId.systemDefault()));
  }

  /**
   * Local hour and minute, with the day unless it is today's, with the year unless it is this one.
   *
   * @param nowSecond seconds since the epoch
   */
  public static String moment(long secondsSinceEpoch, long nowSecond) {
    ZonedDateTime then = Instant.ofEpochSecond(secondsSinceEpoch).atZone(ZoneId.systemDefault());
    ZonedDateTime now = Instant.ofEpochSecond(nowSecond).atZone(ZoneId.systemDefault());
    if (then.toLocalDate().equals(now.toLocalDate())) {
      return MINUTE.format(then);
    }
    return (then.getYear() == now.getYear() ? DAY : DATE).format(then);
  }

  /** Date and time in UTC with nanoseconds: for tooltips and exports. */
  public static String utc(long nanosSinceEpoch) {
    return UTC.format(instant(nanosSinceEpoch).atZone(ZoneOffset.UTC));
  }

  /** {@code 1 pod}, {@code 3 pods}: the plural is the word with an s. */
  public static String counted(long number, String word) {
    return count(number) + " " + word + (number == 1 ? "" : "s");
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
  }
}
