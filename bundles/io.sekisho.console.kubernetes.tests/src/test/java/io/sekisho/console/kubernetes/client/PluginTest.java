package io.sekisho.console.kubernetes.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.api.model.ExecEnvVar;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.ConsoleException.Code;
import io.sekisho.testkit.Await;
import io.sekisho.testkit.TestClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins of kubeconfigs: real programs, good and bad ones. */
class PluginTest {
  private static final String VERSION = "client.authentication.k8s.io/v1";
  private static final String SECRET = "s3cr3t-t0k3n";
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  @TempDir private Path folder;

  private ExecConfig exec(String script) throws IOException {
    Path program = Files.writeString(folder.resolve("plugin"), "#!/bin/sh\n" + script);
    assertTrue(program.toFile().setExecutable(true));
    ExecConfig exec = new ExecConfig();
    exec.setApiVersion(VERSION);
    exec.setCommand(program.toString());
    return exec;
  }

  private Plugin plugin(ExecConfig exec) {
    return new Plugin(exec, folder.resolve("config"), Optional.empty());
  }

  private Plugin plugin(String script) throws IOException {
    return plugin(exec(script));
  }

  private static String credential(String status) {
    return "printf '{\"apiVersion\":\"%s\",\"kind\":\"ExecCredential\",\"status\":{%s}}'\n"
        .formatted(VERSION, status);
  }

  /** Prints t1, t2 … which end at a time. */
  private Plugin counter(String end) throws IOException {
    return plugin(
        "cd \"$(dirname \"$0\")\"; echo x >>runs; n=$(wc -l <runs)\n"
            + credential("\"token\":\"t'$n'\",\"expirationTimestamp\":\"" + end + "\""));
  }

  private PluginTokens counting(String end) throws IOException {
    Plugin plugin = counter(end);
    return new PluginTokens(plugin::run, plugin.run(), CLOCK);
  }

  @Test
  void token_lasts_runsThePluginOnce() throws IOException {
    PluginTokens tokens = counting("2026-01-01T12:00:11Z");
    assertEquals("t1", tokens.token());
    assertEquals("t1", tokens.token());
  }

  @Test
  void token_ended_runsThePluginAgain() throws IOException {
    PluginTokens tokens = counting("2026-01-01T12:00:10Z");
    assertEquals("t2", tokens.token());
    assertEquals("t3", tokens.token());
  }

  @Test
  void instead_refused_runsThePluginOnceForAll() throws IOException {
    PluginTokens tokens = counting("2026-01-01T13:00:00Z");
    assertEquals(Optional.of("t2"), tokens.instead("t1"));
    assertEquals(Optional.of("t2"), tokens.instead("t1"));
    assertEquals("t2", tokens.token());
  }

  @Test
  void instead_refusedAgainAndAgain_runsThePluginSeldomer() throws IOException {
    TestClock time = new TestClock(NOW);
    Plugin plugin = counter("2027-01-01T00:00:00Z");
    PluginTokens tokens = new PluginTokens(plugin::run, plugin.run(), time);
    assertEquals(Optional.of("t2"), tokens.instead("t1"), "at once");
    List<Integer> rests = new ArrayList<>();
    for (int run = 2; run < 8; run++) {
      int seconds = 0;
      while (tokens.instead("t" + run).isEmpty()) {
        time.advance(Duration.ofSeconds(1));
        seconds++;
      }
      rests.add(seconds);
    }
    assertEquals(List.of(10, 20, 40, 80, 160, 300), rests);
    time.advance(Duration.ofMinutes(11)); // it did for that long
    assertEquals(Optional.of("t9"), tokens.instead("t8"));
    time.advance(Duration.ofSeconds(10));
    assertEquals(Optional.of("t10"), tokens.instead("t9"));
  }

  @Test
  void instead_sameTokenAgain_isNone() throws IOException {
    Plugin plugin = plugin(credential("\"token\":\"t\""));
    assertEquals(Optional.empty(), new PluginTokens(plugin::run, plugin.run(), CLOCK).instead("t"));
  }

  @Test
  void run_wordsAndEnvironment_areGivenAsTheyStand() throws IOException {
    ExecConfig exec =
        exec(
            "cd \"$(dirname \"$0\")\"; printf '%s\\n"
                + "' \"$@\" \"$OWN\" \"$KUBERNETES_EXEC_INFO\" >given\n"
                + credential("\"token\":\"t\""));
    exec.setArgs(List.of("two words", "$(id)", "it's", "\"", ""));
    exec.setEnv(List.of(new ExecEnvVar("OWN", "mine; $HOME")));
    exec.setProvideClusterInfo(true);
    exec.setCommand("./plugin");
    Cluster cluster = new Cluster();
    cluster.setServer("https://shop.example:6443");
    cluster.setCertificateAuthorityData("Q0E=");
    new Plugin(exec, folder.resolve("config"), Optional.of(cluster)).run();
    List<String> given = Files.readAllLines(folder.resolve("given"));
    assertEquals(
        List.of("two words", "$(id)", "it's", "\"", "", "mine; $HOME"), given.subList(0, 6));
    String info = given.get(6);
    assertTrue(info.contains("\"server\":\"https://shop.example:6443\""), info);
    assertTrue(info.contains("\"certificate-authority-data\":\"Q0E=\""), info);
    assertTrue(info.contains("\"interactive\":false"), info);
  }

  @Test
  void run_certificate_isTaken() throws IOException {
    Plugin.Credential given =
        plugin(credential("\"clientCertificateData\":\"C\",\"clientKeyData\":\"K\"")).run();
    assertEquals("C", given.certificate());
    assertEquals("K", given.key());
    assertEquals("", given.token());
    assertFalse(given.toString().contains("K"), given.toString());
  }

  @Test
  void run_notInstalled_saysSoWithTheHint() throws IOException {
    ExecConfig exec = exec("");
    exec.setCommand("no-such-plugin-here");
    assertEquals(
        "The plugin no-such-plugin-here can't be run; is it installed?", refusal(plugin(exec)));
    exec.setInstallHint("Get it by: shop install\n");
    assertEquals(
        "The plugin no-such-plugin-here can't be run; is it installed? Get it by: shop install",
        refusal(plugin(exec)));
  }

  @Test
  void run_rubbish_saysSoAndShowsNothingOfIt() throws IOException {
    for (String script :
        List.of(
            "echo " + SECRET,
            "echo '{\"token\": \"" + SECRET + "\"'",
            "echo '- " + SECRET + "'",
            "echo '{\"kind\":\"Secret\",\"token\":\"" + SECRET + "\"}'",
            "head -c 100000 /dev/urandom",
            "true")) {
      assertTrue(refusal(plugin(script)).endsWith("/plugin printed no ExecCredential."), script);
    }
    assertTrue(
        refusal(plugin(credential("")))
            .endsWith("gave neither a token nor a certificate with its key."));
    assertTrue(
        refusal(plugin(credential("\"clientCertificateData\":\"" + SECRET + "\"")))
            .endsWith("gave neither a token nor a certificate with its key."));
    assertTrue(
        refusal(plugin(credential("\"token\":\"" + SECRET + "\",\"expirationTimestamp\":\"soon\"")))
            .endsWith("gave an expirationTimestamp that is no time."));
  }

  @Test
  void run_otherVersion_namesBoth() throws IOException {
    ExecConfig exec = exec(credential("\"token\":\"" + SECRET + "\""));
    exec.setApiVersion("client.authentication.k8s.io/v1beta1");
    assertTrue(
        refusal(plugin(exec))
            .endsWith(
                "speaks " + VERSION + ", the kubeconfig client.authentication.k8s.io/v1beta1."));
  }

  @Test
  void run_fails_saysItsLastLine() throws IOException {
    String script = "echo " + SECRET + "; echo first >&2; echo 'you are signed out' >&2; exit 3";
    assertTrue(refusal(plugin(script)).endsWith(" failed with status 3: you are signed out"));
    assertTrue(refusal(plugin("exit 4")).endsWith(" failed with status 4."));
  }

  @Test
  void run_wantsATerminal_isNotRun() throws IOException {
    ExecConfig exec = exec("touch \"$(dirname \"$0\")/ran\"");
    exec.setInteractiveMode("Always");
    assertTrue(refusal(plugin(exec)).contains("asks questions on a terminal"));
    assertFalse(Files.exists(folder.resolve("ran")));
  }

  @Test
  void run_cancelled_endsIt() throws Exception {
    Plugin plugin =
        plugin("cd \"$(dirname \"$0\")\"; echo $$ >pid.tmp; mv pid.tmp pid; exec sleep 100");
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    plugin.run();
                  } catch (ConsoleException e) {
                    thrown.set(e);
                  }
                });
    Await.until("it runs", () -> Files.exists(folder.resolve("pid")));
    long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
    thread.interrupt();
    thread.join();
    assertEquals(Code.CANCELLED, ((ConsoleException) thrown.get()).code());
    Await.until("it ends", () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  /** What the operator is told; no secret is in it, nor anywhere in the stack. */
  private static String refusal(Plugin plugin) {
    ConsoleException e = assertThrows(ConsoleException.class, plugin::run);
    StringWriter all = new StringWriter();
    e.printStackTrace(new PrintWriter(all));
    assertFalse(all.toString().contains(SECRET), all::toString);
    return e.getMessage();
  }
}
