package io.sekisho.console.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.app.ConnectDialog;
import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.kubernetes.KubernetesContext.Target;
import io.sekisho.console.ui.Theme;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The connect dialog's list of contexts; pictures are kept. */
class ConnectDialogTest {
  private static List<Path> kubeconfigs(Path folder) throws Exception {
    Path own =
        Files.writeString(
            folder.resolve("config"),
            """
            clusters:
            - {name: prod, cluster: {server: "https://shop.example:6443"}}
            - {name: silent, cluster: {server: "https://192.0.2.1:6443"}}
            users:
            - {name: alice, user: {client-certificate: alice.crt, client-key: alice.key}}
            - {name: id, user: {auth-provider: {name: oidc, config: {idp-issuer-url: "https://id.example"}}}}
            - {name: robot, user: {token: abc}}
            contexts:
            - {name: shop-prod, context: {cluster: prod, user: alice}}
            - {name: shop-oidc, context: {cluster: prod, user: id}}
            - {name: silent, context: {cluster: silent, user: robot}}
            current-context: shop-prod
            """);
    Path more =
        Files.writeString(
            folder.resolve("more"),
            """
            users: [{name: plugin, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: aws}}}]
            clusters: [{name: far, cluster: {server: "https://far.example:6443"}}]
            contexts:
            - {name: shop-dr, context: {cluster: far, user: plugin}}
            - {name: old, context: {cluster: gone, user: plugin}}
            """);
    Path broken = Files.writeString(folder.resolve("broken"), "contexts: 5\n");
    return List.of(own, more, broken);
  }

  private static ConnectDialog open(Window window, List<Path> files) {
    ConnectDialog dialog = new ConnectDialog(window.shell(), files);
    dialog.setBlockOnOpen(false);
    dialog.open();
    return dialog;
  }

  private static void select(Table table, int row) {
    table.setSelection(row);
    table.notifyListeners(SWT.Selection, new Event());
  }

  @Test
  void contexts_ofSeveralFiles_areListedAndBrokenOnesSayWhy(@TempDir Path folder) throws Exception {
    for (Theme theme : List.of(Theme.LIGHT, Theme.DARK)) {
      try (Window window = new Window(theme)) {
        ConnectDialog dialog = open(window, kubeconfigs(folder));
        Shell shell = dialog.getShell();
        Table table = (Table) Window.find(shell, c -> c instanceof Table).orElseThrow();
        window.await("contexts", () -> table.getItemCount() == 5);
        assertEquals("client certificate", table.getItem(0).getText(2));
        assertEquals("OIDC https://id.example", table.getItem(1).getText(2));
        assertEquals("plugin aws", table.getItem(3).getText(2));
        assertEquals("No file has the cluster gone.", table.getItem(4).getText(1));
        assertTrue(Window.texts(shell).contains("broken has something else"), Window.texts(shell));
        assertEquals(0, table.getSelectionIndex());
        Button connect = Window.button(shell, "Connect");
        assertTrue(connect.isEnabled());
        window.screenshot("connect-" + (theme.dark() ? "dark" : "light"), shell);
        select(table, 4);
        assertFalse(connect.isEnabled());
        assertTrue(
            Window.texts(shell).contains("No file has the cluster gone."), Window.texts(shell));
        dialog.close();
      }
    }
  }

  @Test
  void policies_whereTheyGo_isInTheProfileAndAgentsAreTheDefault(@TempDir Path folder)
      throws Exception {
    for (Target target : Target.values()) {
      try (Window window = new Window(Theme.LIGHT)) {
        ConnectDialog dialog = open(window, kubeconfigs(folder));
        Shell shell = dialog.getShell();
        Table table = (Table) Window.find(shell, c -> c instanceof Table).orElseThrow();
        window.await("contexts", () -> table.getItemCount() == 5);
        assertTrue(Window.button(shell, "to the agents").getSelection(), "the default");
        if (target == Target.KUBERNETES) {
          Window.press(Window.button(shell, "to Kubernetes"));
        }
        Window.press(Window.button(shell, "Connect"));
        ConnectionProfile profile = dialog.chosen().orElseThrow();
        assertEquals("shop-prod", profile.name());
        assertEquals(target, profile.kubernetes().orElseThrow().target());
      }
    }
  }

  @Test
  void contexts_none_saysWhatToDo(@TempDir Path folder) throws Exception {
    try (Window window = new Window(Theme.LIGHT)) {
      Path missing = folder.resolve("missing");
      ConnectDialog dialog = open(window, List.of(missing));
      Shell shell = dialog.getShell();
      window.await(
          "what to do", () -> Window.texts(shell).contains("No kubeconfig has a context."));
      assertTrue(Window.texts(shell).contains(missing + " is not there."));
      assertFalse(Window.button(shell, "Connect").isEnabled());
      window.screenshot("connect-empty", shell);
      dialog.close();
    }
  }

  @Test
  void test_stopped_endsAtOnceAndSaysSo(@TempDir Path folder) throws Exception {
    // accepts connections, and never says a word
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Window window = new Window(Theme.LIGHT)) {
      List<Path> files = kubeconfigs(folder);
      String server = "https://127.0.0.1:" + silent.getLocalPort();
      Path first = files.getFirst();
      Files.writeString(first, Files.readString(first).replace("https://192.0.2.1:6443", server));
      ConnectDialog dialog = open(window, files);
      Shell shell = dialog.getShell();
      Table table = (Table) Window.find(shell, c -> c instanceof Table).orElseThrow();
      window.await("contexts", () -> table.getItemCount() == 5);
      select(table, 2);
      Button test = Window.button(shell, "Test connection");
      Window.press(test);
      assertEquals("Stop", test.getText());
      window.await("progress", () -> Window.texts(shell).contains("Calling the API server"));
      window.screenshot("connect-testing", shell);
      Window.press(test);
      window.await("the end", () -> Window.texts(shell).contains("The test was stopped."));
      assertEquals("Test connection", test.getText());
      dialog.close();
    }
  }
}
