package io.sekisho.console.policy.editor;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** Words of the picture in the operator's language, from {@code messages.properties}. */
public final class Texts {
  private static final ResourceBundle BUNDLE =
      ResourceBundle.getBundle(
          Texts.class.getPackageName() + ".messages",
          Locale.getDefault(),
          Texts.class.getClassLoader());

  private Texts() {}

  /** The text of a key with its places filled; a key without a text is a bug and throws. */
  public static String of(String key, Object... arguments) {
    String text = BUNDLE.getString(key);
    return arguments.length == 0 ? text : MessageFormat.format(text, arguments);
  }
}
