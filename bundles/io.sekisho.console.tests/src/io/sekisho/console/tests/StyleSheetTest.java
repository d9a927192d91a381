package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.ui.Theme;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.core.runtime.FileLocator;
import org.eclipse.core.runtime.Path;
import org.eclipse.core.runtime.Platform;
import org.junit.jupiter.api.Test;

/** The platform's style sheets use the tokens of the theme, and no other colour. */
class StyleSheetTest {
  private static final Pattern COLOUR = Pattern.compile("#[0-9A-Fa-f]{3,8}\\b");

  @Test
  void light_everyColour_isAToken() throws Exception {
    check("css/light.css", Theme.LIGHT);
  }

  @Test
  void dark_everyColour_isAToken() throws Exception {
    check("css/dark.css", Theme.DARK);
  }

  private static void check(String file, Theme theme) throws Exception {
    Set<String> tokens =
        Stream.of(theme.ground(), theme.panel(), theme.line(), theme.text(), theme.faint())
            .map(
                c ->
                    String.format(
                        Locale.ROOT, "#%02X%02X%02X", c.getRed(), c.getGreen(), c.getBlue()))
            .collect(Collectors.toSet());
    String css;
    try (InputStream in =
        FileLocator.openStream(
            Platform.getBundle("io.sekisho.console.app"), new Path(file), false)) {
      css = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Matcher matcher = COLOUR.matcher(css);
    int found = 0;
    while (matcher.find()) {
      found++;
      String colour = matcher.group().toUpperCase(Locale.ROOT);
      assertTrue(tokens.contains(colour), () -> colour + " in " + file + " is no token");
    }
    assertTrue(found > 5, "colours were found");
  }
}
