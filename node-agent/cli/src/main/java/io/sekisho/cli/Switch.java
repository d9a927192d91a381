package io.sekisho.cli;

import java.util.Locale;

/** Something that is on or off. */
enum Switch {
  ON,
  OFF;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
