package io.sekisho.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands against a cluster, as far as they come without one. */
final class InstallCliTest {
  private record Said(int exit, String out, String err) {}

  private static Said run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exit = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new Said(exit, out.toString(), err.toString());
  }

  @Test
  void install_kubeconfigMissing_namesTheFile() {
    Said said = run("install", "--kubeconfig", "/does/not/exist");
    assertEquals(2, said.exit(), said::toString);
    assertTrue(said.err().contains("/does/not/exist cannot be read"), said::toString);
  }

  @Test
  void install_nobodyAnswers_saysSo(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("config");
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: u, user: {token: t}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """);
    Said said = run("install", "--kubeconfig", file.toString());
    assertEquals(3, said.exit(), said::toString);
  }

  @Test
  void install_apiServerWithoutPort_isWrong() {
    Said said = run("install", "--api-server", "192.0.2.1", "--kubeconfig", "/x");
    assertEquals(2, said.exit(), said::toString);
    assertTrue(said.err().contains("not like 192.0.2.1:6443"), said::toString);
  }

  @Test
  void install_manifestWithoutAgents_isRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("other.yaml");
    Files.writeString(file, "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n");
    Said said = run("install", "--manifest", file.toString(), "--kubeconfig", "/x");
    assertEquals(1, said.exit(), said::toString);
    assertTrue(said.err().contains("no DaemonSet sekisho-agent"), said::toString);
  }

  @Test
  void install_brokenManifest_isWrong(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("broken.yaml");
    Files.writeString(file, "a: [");
    assertEquals(2, run("install", "--manifest", file.toString()).exit());
  }

  @Test
  void uninstall_nodeAndCluster_isWrong() {
    Said said = run("uninstall", "--config", "/x", "--kubeconfig", "/y");
    assertEquals(2, said.exit(), said::toString);
  }

  @Test
  void cni_noProducts_namesWhatIsMissing(@TempDir Path folder) throws IOException {
    Path config = folder.resolve("agent.yaml");
    Files.writeString(
        config,
        "node: {name: n1}\nunderlay: {deviceOf: 127.0.0.1}\npods: {cidrs: [10.244.1.0/24]}\n");
    Said said = run("cni", "install", "--config", config.toString(), "--source", folder.toString());
    assertEquals(1, said.exit(), said::toString);
    assertTrue(said.err().contains("there is no folder " + folder + "/jre"), said::toString);
  }

  @Test
  void cni_remove_takesWhatIsThere(@TempDir Path folder) throws IOException {
    Path config = folder.resolve("05-sekisho.conflist");
    Files.writeString(config, "{}");
    Said said =
        run(
            "cni",
            "remove",
            "--cni-config",
            config.toString(),
            "--plugins",
            folder.resolve("bin").toString(),
            "--programs",
            folder.resolve("programs").toString());
    assertEquals(0, said.exit(), said::toString);
    assertTrue(Files.notExists(config));
  }

  @Test
  void definitions_arePrinted() {
    Said said = run("policy", "definitions");
    assertEquals(0, said.exit(), said::toString);
    assertTrue(said.out().contains("name: ciliumnetworkpolicies.cilium.io"), said::toString);
  }
}
