package io.sekisho.console.graph;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** Words of the graph in the operator's language, from {@code messages.properties}. */
public final class Texts {
  private static final ResourceBundle BUNDLE =
      ResourceBundle.getBundle(
          Texts.class.getPackageName() + ".messages", Locale.getDefault(), loader());

  private Texts() {}

  /** The text of a key with its places filled; a key without a text is a bug and throws. */
  public static String of(String key, Object... arguments) {
    String text = BUNDLE.getString(key);
    return arguments.length == 0 ? text : MessageFormat.format(text, arguments);
  }

  private static ClassLoader loader() {
    return Texts.class.getClassLoader();
  }
}
