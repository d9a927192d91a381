package io.sekisho.agent.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.apiserver.ClientCertificate;
import io.sekisho.agent.apiserver.FaultProxy;
import io.sekisho.agent.apiserver.FaultProxy.Fault;
import io.sekisho.agent.cluster.Await;
import io.sekisho.agent.endpoint.EndpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an operator reads in a node's health when the API server is not as it should be. */
final class ApiServerFaultsTest extends SourceFixture {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final String SINCE =
      ", since [0-9-]+T[0-9:.]+Z; traffic, policies and known pods go on";

  private Optional<FaultProxy> proxy = Optional.empty();

  @AfterEach
  void stopProxy() {
    proxy.ifPresent(FaultProxy::close);
  }

  /** Goes on with another client. */
  private void restart(Path kubeconfig, Clock clock) {
    source.close();
    api.close();
    api = ApiServer.open(new ApiServer.Settings(Optional.of(kubeconfig), TIMEOUT, 100), clock);
    source = source(api);
    source.start();
    serve();
  }

  private FaultProxy throughProxy(Clock clock) throws IOException {
    FaultProxy made = FaultProxy.plain(agent);
    proxy = Optional.of(made);
    Path kubeconfig = Files.writeString(state.resolve("proxied"), made.kubeconfig(""));
    restart(kubeconfig, clock);
    return made;
  }

  private void awaitProblem(String component, String sentence) {
    Await.until(() -> problem(component).matches(sentence), health::problems);
  }

  @Test
  void health_busyFailingOrSlowServer_saysSoAndWhatGoesOn() throws IOException {
    FaultProxy faulty = throughProxy(Clock.systemUTC());
    pod("cart-1", "cart");
    Await.until(() -> known("cart-1"));
    var faults = new LinkedHashMap<Fault, String>();
    faults.put(
        new Fault.Answer(429, "4", "Too many requests, please try again later."),
        "the API server is busy: .*; it asks to wait [0-9] s");
    faults.put(
        new Fault.Answer(500, "etcd is on fire"), "the API server fails with status 500: .*");
    faults.put(new Fault.Delay(TIMEOUT.multipliedBy(2)), "the API server does not answer: .*");
    for (Map.Entry<Fault, String> fault : faults.entrySet()) {
      faulty.fault(request -> true, fault.getKey());
      awaitProblem("kubernetes", fault.getValue() + SINCE);
      assertTrue(known("cart-1"));
      assertTrue(
          kubernetes().matches(fault.getValue() + "; not known there: AdminNetworkPolicy"),
          this::kubernetes);
      faulty.heal();
      awaitProblem("kubernetes", "");
      assertEquals("ok", kubernetes().replaceAll(";.*", ""));
    }
  }

  /** Connections stay, and what the API server must ask etcd for is not answered. */
  @Test
  void health_etcdBehindTheServerStandsStill_saysSoAndKnownPodsGoOn() throws Exception {
    restart(agent, Clock.systemUTC());
    pod("cart-1", "cart");
    Await.until(() -> known("cart-1"));
    signal("STOP");
    try {
      Await.until(() -> !problem("kubernetes").isEmpty(), health::problems);
      awaitProblem(
          "kubernetes",
          "the API server (does not answer|fails with status 50[04]|is busy): .*" + SINCE);
      assertTrue(known("cart-1"));
      long begun = System.nanoTime();
      var error =
          assertThrows(
              EndpointException.class, () -> source.pods().complete(request("nobody", "")));
      assertEquals(EndpointException.Code.POD_UNKNOWN, error.code());
      assertTrue(System.nanoTime() - begun < TIMEOUT.multipliedBy(3).toNanos(), error::getMessage);
    } finally {
      signal("CONT");
    }
    awaitProblem("kubernetes", "");
    pod("cart-2", "cart");
    Await.until(() -> known("cart-2"), this::kubernetes);
  }

  private static void signal(String name) throws Exception {
    String pid = Long.toString(cluster.process("etcd").pid());
    assertEquals(0, new ProcessBuilder("kill", "-" + name, pid).start().waitFor());
  }

  @Test
  void health_clockAheadOrBehind_saysHowFarAndWhatFollows() throws IOException {
    String follows =
        " the API server's: certificates may be refused, and times in statuses are wrong; leases"
            + " count seconds and go on";
    Duration skew = Duration.ofMinutes(10);
    FaultProxy between = throughProxy(Clock.offset(Clock.systemUTC(), skew));
    awaitProblem("clock", "this node's clock is [56][0-9]{2} s ahead of" + follows);
    restart(state.resolve("proxied"), Clock.offset(Clock.systemUTC(), skew.negated()));
    awaitProblem("clock", "this node's clock is [56][0-9]{2} s behind" + follows);
    restart(state.resolve("proxied"), Clock.systemUTC());
    awaitProblem("clock", "");
    assertTrue(between.count(r -> true) > 0);
  }

  @Test
  void health_ownCertificateEnded_saysWhichAndWhen() throws IOException {
    Path pki = cluster.folder().resolve("pki");
    Path kubeconfig = state.resolve("late");
    Files.writeString(
        kubeconfig, ClientCertificate.used(Files.readString(cluster.kubeconfig()), state));
    Instant now = Instant.now();
    Instant end = now.minus(Duration.ofDays(1));
    ClientCertificate.write(pki, state, now.minus(Duration.ofDays(9)), end);
    restart(kubeconfig, Clock.systemUTC());
    awaitProblem(
        "kubernetes",
        "the API server refuses us: .*the client certificate of "
            + kubeconfig
            + " ended "
            + end.toString().substring(0, 10)
            + ".*"
            + SINCE);
    ClientCertificate.write(
        pki, state, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)));
    awaitProblem("kubernetes", "");
  }

  @Test
  void health_policiesOfAnotherVersion_saysWhichAreServed() {
    defineAdminPolicies("v1beta9");
    cluster.awaitResources();
    restart(agent, Clock.systemUTC());
    awaitProblem(
        "kubernetes policies",
        ".*adminnetworkpolicies.policy.networking.k8s.io is served there in v1beta9, not in"
            + " v1alpha1; what was known of them stays.*");
    Await.until(() -> kubernetes().startsWith("ok; not known there: "), this::kubernetes);
  }
}
