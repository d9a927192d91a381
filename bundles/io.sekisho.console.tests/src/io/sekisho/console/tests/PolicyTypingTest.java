package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.policy.PolicyEditor;
import io.sekisho.console.policy.editor.draw.ElementId;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.core.runtime.ILogListener;
import org.eclipse.core.runtime.Platform;
import org.eclipse.swt.custom.StyledText;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.FrameworkUtil;

/**
 * Typing in a long document: it is read by workers only. {@code Reading} refuses to read on the UI
 * thread, and no other class of the bundle calls the parsers; so a picture that follows was read by
 * a worker, and no key stroke can have waited for it.
 */
class PolicyTypingTest extends PolicyEditorFixture {
  private static final int RULES = 1_400;
  private static final String EDITOR = "io/sekisho/console/policy/editor/";
  private static final Set<String> PARSERS =
      Set.of(
          "io/sekisho/policy/Documents.parse",
          EDITOR + "edit/PolicyText.read",
          EDITOR + "edit/PolicyText.after",
          EDITOR + "yaml/YamlText.read",
          EDITOR + "yaml/Patch.apply");

  private final List<String> logged = new ArrayList<>();
  private final ILogListener log = (status, plugin) -> logged.add(status.toString());

  @BeforeEach
  void listen() {
    Platform.addLogListener(log);
  }

  @AfterEach
  void leave() {
    Platform.removeLogListener(log);
  }

  /** Over 10,000 lines. */
  private static String large() {
    StringBuilder out =
        new StringBuilder(
            """
            # who may do what
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata:
              name: payment-in
              namespace: shop
            spec:
              endpointSelector:
                matchLabels:
                  app: payment
              ingress:
            """);
    for (int i = 0; i < RULES; i++) {
      out.append(
          """
              - fromEndpoints:
                  - matchLabels:
                      app: client-%d
                toPorts:
                  - ports:
                      - port: "%d"
                        protocol: TCP
          """
              .formatted(i, 1000 + i));
    }
    return out.append("      # the end\n").toString();
  }

  @Test
  void type_longDocument_picturesAndProblemsFollowAndNothingIsReadOnTheUiThread() {
    String text = large();
    assertTrue(text.lines().count() > 9_800, "lines: " + text.lines().count());
    write(text);
    assertEquals(RULES, Ui.call(() -> spec().rules().size()));
    StyledText yaml = Ui.call(this::yaml);
    Ui.run(() -> yaml.setCaretOffset(text.indexOf("client-700") + "client-".length()));
    for (String letter : "abcdefghij".split("")) {
      Ui.run(() -> yaml.insert(letter)); // as typed: the display is free between two of them
    }
    assertTrue(
        text().contains("jihgfedcba700") || text().contains("abcdefghij700"), "all is there");
    awaitStep();
    assertFalse(Ui.call(() -> panel().canvas().stale()));

    Ui.run(() -> editor().text().set(text().replace("port: \"1700\"", "port: \"x_y\"")));
    Ui.await(
        "a problem at its box",
        () ->
            panel().canvas().marks().of().keySet().stream()
                .anyMatch(i -> !(i instanceof ElementId.Subject)));
    assertEquals(List.of(), logged.stream().filter(l -> l.contains("UI thread")).toList());
  }

  @Test
  void bundle_classes_readTextsInOnePlaceOnly() throws Exception {
    var bundle = FrameworkUtil.getBundle(PolicyEditor.class);
    List<String> readers = new ArrayList<>();
    var entries = bundle.findEntries("/", "*.class", true);
    while (entries.hasMoreElements()) {
      var entry = entries.nextElement();
      String name = entry.getPath().replaceFirst(".*/", "").replaceFirst("\\.class", "");
      if (callsAParser(entry.openStream())) {
        readers.add(name);
      }
    }
    assertEquals(List.of("Reading"), readers);
  }

  /** By the methods that its class file names. */
  private static boolean callsAParser(InputStream file) throws IOException {
    try (file) {
      for (PoolEntry entry : ClassFile.of().parse(file.readAllBytes()).constantPool()) {
        if (entry instanceof MemberRefEntry member
            && PARSERS.contains(
                member.owner().asInternalName() + "." + member.name().stringValue())) {
          return true;
        }
      }
      return false;
    }
  }
}
