package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.core.runtime.ILogListener;
import org.eclipse.core.runtime.Platform;
import org.eclipse.swt.widgets.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Texts that are no policies, pasted into the editor: it says what is wrong and stays usable. */
class PolicyBrokenTextTest extends PolicyEditorFixture {
  private static final int LONG = 10 << 20;

  private final List<String> logged = new ArrayList<>();
  private final ILogListener log = (status, plugin) -> logged.add(status.toString());

  @BeforeEach
  void listen() {
    Platform.addLogListener(log);
    Ui.call(() -> Ui.page().showView("io.sekisho.console.policy.problems"));
  }

  @AfterEach
  void leave() {
    Platform.removeLogListener(log);
  }

  /** Texts with what is said of them instead of a picture. */
  private static Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(TEXT + "  ingress: []\n", "twice");
    texts.put(TEXT.replace("- world # never", "- &a world\n        - *a"), "alias");
    texts.put("a: " + "[".repeat(20_000), "deeper");
    texts.put("a: " + "{b: ".repeat(10_000), "deeper");
    texts.put(bomb(), "alias");
    texts.put("kind: 'open\n" + "x".repeat(100_000), "Line");
    texts.put("kind: \"" + "x'".repeat(50_000), "Line");
    return texts;
  }

  private static String bomb() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 20; i++) {
      text.append("a").append(i).append(": &a").append(i).append(" [");
      text.append(("*a" + (i - 1) + ", ").repeat(9)).append("]\n");
    }
    return text.toString();
  }

  @Test
  void text_malformed_isSaidOnceInThePictureAndAmongProblems() {
    texts()
        .forEach(
            (text, words) -> {
              write(text);
              Ui.await(words, () -> panel().canvas().stale());
              String note = Ui.call(() -> panel().note());
              assertTrue(note.contains(words), words + ": " + note);
              if (!text.contains("- *a")) { // which is drawn by nobody, but no error
                Ui.await("a problem of " + words, () -> problems() > 0);
              }
              write(TEXT);
              Ui.await("fresh after " + words, () -> !panel().canvas().stale());
              Ui.await("no problem after " + words, () -> problems() == 0);
            });
    assertEquals(List.of(), logged);
  }

  @Test
  void text_tenMegabytes_isSaidAndTheDocumentComesBack() {
    String lines = TEXT + "      # a long comment\n".repeat(LONG / 23);
    Ui.run(() -> editor().text().set(lines));
    Ui.await("too long", () -> panel().note().contains("longer"));
    Ui.await("a problem", () -> problems() > 0);
    key('z', org.eclipse.swt.SWT.MOD1);
    Ui.await("as before", () -> editor().text().get().equals(TEXT));
    Ui.await("fresh", () -> !panel().canvas().stale());
    assertEquals(List.of(), logged.stream().filter(l -> l.contains("Exception")).toList());
  }

  private static int problems() {
    return Ui.find(
            Ui.shell(),
            c ->
                c instanceof Table t
                    && t.isVisible()
                    && t.getColumnCount() == 3
                    && t.getColumn(0).getText().equals("Problem"))
        .map(t -> ((Table) t).getItemCount())
        .orElse(0);
  }
}
