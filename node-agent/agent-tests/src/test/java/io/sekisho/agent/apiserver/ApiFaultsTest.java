package io.sekisho.agent.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.agent.apiserver.ApiException.Code;
import io.sekisho.agent.apiserver.FaultProxy.Fault;
import io.sekisho.agent.cluster.Await;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client does, and says, when the API server's answers are not what they should be. */
final class ApiFaultsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final Predicate<String> WATCHES = r -> r.contains("watch=true");
  private static final Predicate<String> LISTS = r -> r.contains("limit=500");
  private static final String GONE =
      """
      {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 410, "reason": "Expired",
       "message": "too old resource version: 1 (2)"}\
      """;

  private static ControlPlane cluster;
  private static int tests;

  @TempDir Path folder;
  private final String namespace = "faults-" + ++tests;
  private final List<AutoCloseable> parts = new ArrayList<>();
  private FaultProxy proxy;
  private ApiServer api;

  @BeforeAll
  static void startCluster() {
    assumeTrue(ControlPlane.missing().isEmpty(), ControlPlane.missing()::toString);
    cluster = ControlPlane.apiServer();
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @BeforeEach
  void startProxy() throws IOException {
    cluster.kubectl("create", "namespace", namespace);
    proxy = FaultProxy.plain(cluster.kubeconfig());
    Path kubeconfig = folder.resolve("kubeconfig");
    Files.writeString(kubeconfig, proxy.kubeconfig(""));
    api = client(kubeconfig, Clock.systemUTC());
  }

  private ApiServer client(Path kubeconfig, Clock clock) {
    var client =
        ApiServer.open(new ApiServer.Settings(Optional.of(kubeconfig), TIMEOUT, 100), clock);
    parts.addFirst(client);
    return client;
  }

  @AfterEach
  void stopProxy() throws Exception {
    for (AutoCloseable part : parts) {
      part.close();
    }
    if (proxy != null) {
      proxy.close();
    }
  }

  private RecordingHandler follow(ResourceKind kind) {
    var handler = new RecordingHandler();
    parts.addFirst(
        new ListWatch(api, List.of(kind), ListWatch.Scope.of(namespace), handler).start());
    Await.until(() -> handler.tellings() == 1, handler::errors);
    return handler;
  }

  private void make(String name) {
    cluster.kubectl(
        "-n", namespace, "create", "service", "externalname", name, "--external-name", "x");
  }

  private ApiException refused() {
    return assertThrows(ApiException.class, () -> api.get(ResourceKind.SERVICE, namespace, "a"));
  }

  @Test
  void watch_versionForgotten_isReadAnew() {
    readsAnewAfter(new Fault.Answer(410, GONE));
  }

  @Test
  void watch_versionForgottenOnTheWay_isReadAnew() {
    readsAnewAfter(
        new Fault.Answer(
            200, "{\"type\": \"ERROR\", \"object\": " + GONE.replace("\n", "") + "}\n"));
  }

  /** With one watch alone: of several it would not be said which one is cut. */
  private void readsAnewAfter(Fault gone) {
    RecordingHandler handler = follow(ResourceKind.SERVICE);
    Await.until(() -> proxy.watches() == 1);
    proxy.fault(WATCHES, gone);
    assertEquals(1, proxy.cutHalf());
    make("a");
    Await.until(() -> handler.tellings() > 1 && handler.names().contains("a"), handler::errors);
    proxy.heal();
    make("b");
    Await.until(() -> handler.names().contains("b"), handler::errors);
    assertTrue(handler.errors().isEmpty(), () -> "" + handler.errors());
  }

  @Test
  void watch_versionForgottenForever_doesNotHotLoop() {
    RecordingHandler handler = follow(ResourceKind.SERVICE);
    Await.until(() -> proxy.watches() > 0);
    proxy.fault(WATCHES, new Fault.Answer(410, GONE));
    proxy.forget();
    assertTrue(proxy.cutHalf() > 0);
    Await.until(() -> handler.tellings() >= 5, handler::errors);
    proxy.forget();
    long begun = System.nanoTime();
    Await.until(() -> System.nanoTime() - begun > Duration.ofSeconds(5).toNanos());
    long lists = proxy.count(LISTS);
    assertTrue(lists <= 4, () -> lists + " lists in 5 s");
  }

  @Test
  void watches_halfOfThemCut_goOnWithoutReadingAnew() {
    var handlers = new ArrayList<RecordingHandler>();
    for (int i = 0; i < 6; i++) {
      handlers.add(follow(ResourceKind.SERVICE));
    }
    Await.until(() -> proxy.watches() == 6, proxy::requests);
    proxy.forget();
    for (int round = 1; round <= 3; round++) {
      // The client library takes a watch that ends in its first 2 s without a word for expired.
      String before = "before-" + round;
      make(before);
      Await.until(() -> handlers.stream().allMatch(h -> h.names().contains(before)));
      assertEquals(3, proxy.cutHalf());
      String after = "after-" + round;
      make(after);
      Await.until(() -> handlers.stream().allMatch(h -> h.names().contains(after)));
      Await.until(() -> proxy.watches() == 6, proxy::requests);
    }
    assertEquals(0, proxy.count(LISTS), () -> "" + proxy.requests());
    assertTrue(handlers.stream().allMatch(h -> h.tellings() == 1));
  }

  @Test
  void call_busyServer_isLeftAloneAsLongAsItAsks() {
    proxy.fault(
        r -> true, new Fault.Answer(429, "4", "Too many requests, please try again later."));
    ApiException first = refused();
    assertEquals(Code.UNAVAILABLE, first.code());
    assertTrue(first.getMessage().startsWith("the API server is busy: "), first::getMessage);
    assertTrue(first.getMessage().contains("it asks to wait"), first::getMessage);
    proxy.forget();
    proxy.heal();
    ApiException second = refused();
    assertTrue(second.getMessage().contains("busy; it asks to wait"), second::getMessage);
    assertEquals(List.of(), proxy.requests());
    Await.until(this::answers);
    assertTrue(api.health().available());
  }

  private boolean answers() {
    try {
      return api.get(ResourceKind.SERVICE, namespace, "a").isEmpty();
    } catch (ApiException e) {
      return false;
    }
  }

  @Test
  void follow_oneKindFails_isTroubleOfThatKindAlone() {
    RecordingHandler pods = follow(ResourceKind.POD);
    proxy.fault(r -> r.contains("/services"), new Fault.Answer(500, "etcd is on fire"));
    var handler = new RecordingHandler();
    var services =
        new ListWatch(api, List.of(ResourceKind.SERVICE), ListWatch.Scope.of(namespace), handler);
    parts.addFirst(services.start());
    Await.until(() -> services.trouble().isPresent());
    String said = String.valueOf(services.trouble().orElseThrow().getMessage());
    assertTrue(said.startsWith("services: the API server fails with status 500"), said);
    assertTrue(api.get(ResourceKind.POD, namespace, "a").isEmpty());
    assertTrue(api.health().available(), () -> "" + api.health());
    assertEquals(List.of(), pods.errors());

    proxy.forget();
    long begun = System.nanoTime();
    Await.until(() -> System.nanoTime() - begun > Duration.ofSeconds(5).toNanos());
    long tries = proxy.count(r -> r.contains("/services"));
    assertTrue(tries <= 10, () -> tries + " tries in 5 s");
    proxy.heal();
    Await.until(() -> handler.tellings() == 1, handler::errors);
    Await.until(() -> services.trouble().isEmpty());
  }

  @Test
  void call_everythingFails_isTheServersTrouble() {
    assertTrue(answers());
    proxy.fault(r -> true, new Fault.Answer(500, ""));
    Await.until(
        () ->
            !answers() && api.health().message().startsWith("the API server fails with status 500"),
        api::health);
    proxy.heal();
    Await.until(this::answers);
    assertTrue(api.health().available());
  }

  @Test
  void call_slowServer_works_andTooSlowOneDoesNotAnswer() {
    proxy.fault(r -> true, new Fault.Delay(Duration.ofMillis(700)));
    RecordingHandler handler = follow(ResourceKind.SERVICE);
    make("slow");
    Await.until(() -> handler.names().contains("slow"), handler::errors);
    assertTrue(api.health().available());

    proxy.fault(r -> true, new Fault.Delay(TIMEOUT.multipliedBy(2)));
    long begun = System.nanoTime();
    ApiException error = refused();
    assertTrue(System.nanoTime() - begun < TIMEOUT.multipliedBy(2).toNanos());
    assertTrue(
        error.getMessage().startsWith("the API server does not answer: "), error::getMessage);
    assertFalse(api.health().available());
  }

  @Test
  void skew_ofTheClocks_isMeasured() throws IOException {
    Path kubeconfig = folder.resolve("other");
    Files.writeString(kubeconfig, proxy.kubeconfig(""));
    Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(10));
    ApiServer client = client(kubeconfig, ahead);
    assertTrue(client.skew().isEmpty());
    assertTrue(client.get(ResourceKind.SERVICE, namespace, "a").isEmpty());
    long seconds = client.skew().orElseThrow().toSeconds();
    assertTrue(Math.abs(seconds - 600) < 20, () -> seconds + " s");
  }

  @Test
  void follow_kindOfAnotherVersion_saysWhichThereAre() {
    var handler = new RecordingHandler();
    var other = new ResourceKind("apps", "v9", "Deployment", "deployments", true);
    var watch = new ListWatch(api, List.of(other), ListWatch.Scope.ALL, handler);
    parts.addFirst(watch.start());
    Await.until(() -> watch.trouble().isPresent());
    String said = String.valueOf(watch.trouble().orElseThrow().getMessage());
    assertTrue(said.contains("deployments.apps is served there in v1, not in v9"), said);
  }

  @Test
  void leader_whoCloses_isFollowedAtOnce() {
    assertTrue(answers());
    Duration length = Duration.ofSeconds(30);
    var first = new LeaderLease(api, namespace, "lead", "one", length);
    Await.until(first::leads);
    first.close();
    assertFalse(first.leads());
    long begun = System.nanoTime();
    try (var second = new LeaderLease(api, namespace, "lead", "two", length)) {
      Await.until(second::leads);
      assertTrue(System.nanoTime() - begun < length.toNanos());
    }
  }
}
