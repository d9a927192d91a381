package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.app.ThemeChoice;
import io.sekisho.console.core.FlowBuffer;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Event;
import io.sekisho.console.core.kubernetes.ObjectRef;
import io.sekisho.console.flows.DetailsView;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Themes;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Kubernetes tells of both ends stands beside what was dropped between them. */
class EventsBesideDropsTest {
  private static final String DETAILS = "io.sekisho.console.flows.details";
  private static final String TITLE = "Events of Kubernetes";
  private static final String PROBE = "Readiness probe failed: connection refused";
  private static final Selected.Connection DENIED =
      new Selected.Connection("/203.0.113.40/32", "shop/payment");

  private final long end = System.currentTimeMillis() / 1000;
  private final FakeKubernetes kubernetes = new FakeKubernetes();
  private FakeSession session;
  private FlowRecord drop;
  private long dropMillis;

  @BeforeEach
  void connect() {
    session = FakeSession.shop(end);
    session.flows(Shop.flows(end, 20_000));
    drop =
        session.flows().newestFirst().stream()
            .filter(f -> f.verdict() == FlowVerdict.DROPPED)
            .filter(f -> f.client().key().equals(DENIED.clientKey()))
            .filter(f -> f.server().key().equals(DENIED.serverKey()))
            .findFirst()
            .orElseThrow();
    dropMillis = drop.timeNanos() / 1_000_000;
    session.kubernetes(kubernetes);
    Ui.run(() -> Ui.shell().setBounds(0, 0, 1440, 900));
    ShopFixture.look(session);
  }

  @AfterEach
  void leave() {
    Ui.run(() -> ThemeChoice.use(false));
    ShopFixture.lookAway();
    session.close();
  }

  private static List<String> texts() {
    return Ui.call(() -> ((DetailsView) Ui.page().showView(DETAILS)).texts());
  }

  private static void select(Selected what) {
    Ui.run(() -> Scopes.of(Ui.window()).select(what));
  }

  private static void until(String line) {
    Ui.await(line, () -> ((DetailsView) Ui.page().showView(DETAILS)).texts().contains(line));
  }

  private Event event(
      String pod, boolean warning, String reason, String text, int count, long ago) {
    ObjectRef about = new ObjectRef("Pod", "shop", pod);
    return new Event(about, warning, reason, text, count, dropMillis - ago);
  }

  private static KubernetesObjects objects(List<Event> events) {
    return ShopObjects.with(List.of(), List.of(), events);
  }

  private List<Event> told() {
    return List.of(
        event("cart-0", true, "BackOff", "Back-off restarting failed container", 7, 3_000),
        event("payment-1", true, "Killing", "Stopping container of long ago", 1, 700_000),
        event("payment-1", false, "Pulled", "The image is there", 1, 300_000),
        event("payment-0", true, "Unhealthy", PROBE, 4, 10_000));
  }

  @Test
  void connection_dropped_saysWhatHappenedBefore() {
    kubernetes.objects(objects(told()));
    select(DENIED);
    until(TITLE);
    List<String> texts = texts();
    int at = texts.indexOf(TITLE);
    assertEquals(
        List.of(
            "payment-0",
            "Unhealthy: " + PROBE,
            "10 s before, 4 times",
            "payment-1",
            "Pulled: The image is there",
            "5 min before"),
        texts.subList(at + 1, at + 7),
        texts::toString);
    assertEquals(at + 7, texts.size(), texts::toString);
    // in sight at once, above why it was dropped
    int first = texts.indexOf("payment-0: Unhealthy, 10 s before, 4 times");
    assertTrue(first >= 0 && first < texts.indexOf("Why?"), texts::toString);
    Ui.screenshot("events-light");
    Ui.run(() -> ThemeChoice.use(true));
    Ui.await("dark", () -> Themes.current().dark());
    until("10 s before, 4 times");
    Ui.screenshot("events-dark");
  }

  @Test
  void flow_dropped_saysHowLongBeforeItself() {
    kubernetes.objects(objects(told()));
    select(new Selected.Flow(drop));
    until("Unhealthy: " + PROBE);
    until("10 s before, 4 times");
    assertFalse(texts().toString().contains("BackOff"), texts()::toString);
    Ui.screenshot("events-of-a-flow");
  }

  @Test
  void event_comesAndRepeats_isToldWhileTheConnectionIsShown() {
    kubernetes.objects(objects(List.of()));
    select(DENIED);
    Ui.await("the connection", () -> texts().toString().contains("payment"));
    assertFalse(texts().contains(TITLE), texts()::toString);
    kubernetes.objects(objects(told()));
    until("10 s before, 4 times");
    kubernetes.objects(objects(List.of(event("payment-0", true, "Unhealthy", PROBE, 5, 2_000))));
    until("2 s before, 5 times");
  }

  @Test
  void drop_anotherComes_isCountedFromThatOne() {
    kubernetes.objects(objects(told()));
    select(DENIED);
    until("10 s before, 4 times");
    List<FlowRecord> more = new ArrayList<>(session.flows().newestFirst());
    more.addFirst(later(drop, 5));
    session.flows(new FlowBuffer(more, session.flows().seen() + 1, 0));
    session.traffic(Shop.traffic(end));
    until("15 s before, 4 times");
    until("payment-0: Unhealthy, 15 s before, 4 times");
  }

  private static FlowRecord later(FlowRecord f, long seconds) {
    return new FlowRecord(
        f.timeNanos() + seconds * 1_000_000_000L,
        f.verdict(),
        f.dropReason(),
        f.client(),
        f.server(),
        f.protocol(),
        f.clientPort(),
        f.serverPort(),
        f.reply(),
        f.opened(),
        f.egress(),
        f.rule(),
        f.ruleLine(),
        f.ruleKind(),
        f.packets(),
        f.bytes(),
        f.node(),
        f.tcpFlags(),
        f.icmpType());
  }
}
