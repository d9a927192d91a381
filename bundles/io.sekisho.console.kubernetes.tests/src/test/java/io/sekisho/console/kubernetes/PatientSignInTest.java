package io.sekisho.console.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.ConsoleException.Code;
import io.sekisho.console.core.kubernetes.ApiState;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import io.sekisho.console.kubernetes.client.PatientSignIn;
import io.sekisho.testkit.Await;
import io.sekisho.testkit.TestClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fails to sign us in is not asked again and again. */
class PatientSignInTest {
  private final TestClock clock = new TestClock();
  private final PatientSignIn patient = new PatientSignIn(clock);
  private final List<String> asked = new ArrayList<>();

  private String fails(String what) {
    asked.add(what);
    throw new ConsoleException(Code.BAD_PROFILE, "It failed.", null);
  }

  private ConsoleException refusal(String what) {
    return assertThrows(ConsoleException.class, () -> patient.attempt(what, () -> fails(what)));
  }

  /** How long it rests after a failure, found by trying each second. */
  private int rest() {
    int before = asked.size();
    int seconds = 0;
    while (asked.size() == before) {
      clock.advance(Duration.ofSeconds(1));
      seconds++;
      refusal("plugin");
    }
    return seconds;
  }

  @Test
  void attempt_failsAgainAndAgain_restsTwiceAsLongEachTimeAndAtMostFiveMinutes() {
    assertTrue(
        refusal("plugin").getMessage().startsWith("It failed. It is not asked again before"));
    List<Integer> rests = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      rests.add(rest());
    }
    assertEquals(List.of(10, 20, 40, 80, 160, 300, 300), rests);
    assertEquals(8, asked.size());
  }

  @Test
  void attempt_succeeds_theNextFailureRestsShortly() {
    refusal("plugin");
    rest();
    rest();
    clock.advance(Duration.ofSeconds(40));
    assertEquals("token", patient.attempt("plugin", () -> "token"));
    refusal("plugin");
    assertEquals(10, rest());
  }

  @Test
  void attempt_somethingElse_isAskedAtOnce() {
    refusal("plugin");
    refusal("plugin");
    refusal("another");
    assertEquals(List.of("plugin", "another"), asked);
  }

  @Test
  void hurry_asksAtOnceAndBeginsAnew() {
    refusal("plugin");
    rest();
    patient.hurry();
    refusal("plugin");
    assertEquals(3, asked.size());
    assertEquals(10, rest());
  }

  @Test
  void attempt_cancelled_doesNotCount() {
    assertThrows(
        ConsoleException.class,
        () ->
            patient.attempt(
                "plugin",
                () -> {
                  throw new ConsoleException(Code.CANCELLED, "Signing in was cancelled.", null);
                }));
    refusal("plugin");
    assertEquals(List.of("plugin"), asked);
  }

  private static KubernetesContext context(Path folder) throws IOException {
    Path plugin =
        Files.writeString(
            folder.resolve("plugin"),
            "#!/bin/sh\necho run >>\"$(dirname \"$0\")/runs\"; echo 'signed out' >&2; exit 1\n");
    assertTrue(plugin.toFile().setExecutable(true));
    Path config =
        Files.writeString(
            folder.resolve("config"),
            """
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
            users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin}}}]
            contexts: [{name: shop, context: {cluster: c, user: u}}]
            """);
    return KubernetesContext.usual(List.of(config), "shop");
  }

  private static int runs(Path folder) {
    try {
      return Files.readAllLines(folder.resolve("runs")).size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void session_pluginFails_saysSoAndRunsItAgainOnlyWhenTold(@TempDir Path folder)
      throws IOException {
    try (KubernetesSession session = KubernetesSession.open(context(folder), clock)) {
      Await.until("a failure", () -> session.state() instanceof ApiState.Failed);
      ApiState.Failed failed = (ApiState.Failed) session.state();
      assertTrue(
          failed
              .message()
              .contains("failed with status 1: signed out It is not asked again before"),
          failed.message());
      assertEquals(1, runs(folder));
      CompletionException thrown =
          assertThrows(CompletionException.class, () -> session.plan(List.of(), List.of()).join());
      assertTrue(thrown.getCause().getMessage().contains("signed out"), thrown::toString);
      assertEquals(1, runs(folder), "it rests");
      clock.advance(Duration.ofSeconds(1)); // so that the next failure says another time
      session.retry();
      Await.until(
          "it has failed again",
          () ->
              session.state() instanceof ApiState.Failed f
                  && !f.message().equals(failed.message()));
      assertEquals(2, runs(folder), "it was run at once");
      clock.advance(Duration.ofSeconds(10));
      assertThrows(CompletionException.class, () -> session.plan(List.of(), List.of()).join());
      assertEquals(3, runs(folder), "the rest is over");
    }
  }
}
