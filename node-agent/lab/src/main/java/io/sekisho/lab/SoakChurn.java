package io.sekisho.lab;

import com.google.gson.JsonObject;
import io.sekisho.lab.traffic.Exchange;
import io.sekisho.lab.traffic.Place;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Pods come and go on both nodes and the policy is pushed again and again, whatever agents do
 * meanwhile. A call that an ending agent fails is counted and, as a container runtime does,
 * followed by DEL until that succeeds.
 */
final class SoakChurn implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long PAUSE_NANOS = 500_000_000;
  private static final int ANSWER_MILLIS = 2_000;

  private final Lab lab;
  private final SoakPolicy policy;
  private final InetAddress server;
  private final int port;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile Count count = new Count(0, 0, 0, 0, "");

  /**
   * What came of it.
   *
   * @param pods that were made and removed
   * @param spoke those of them that got an answer at their first try
   * @param pushes that every node realized
   * @param failures ADDs and pushes that failed because an agent ended
   * @param trouble why it ended before it was told to; empty if it did not
   */
  record Count(int pods, int spoke, int pushes, int failures, String trouble) {
    private Count pod(boolean answered) {
      return new Count(pods + 1, spoke + (answered ? 1 : 0), pushes, failures, trouble);
    }

    private Count push() {
      return new Count(pods, spoke, pushes + 1, failures, trouble);
    }

    private Count failure() {
      return new Count(pods, spoke, pushes, failures + 1, trouble);
    }

    @Override
    public String toString() {
      return "churn: %d pods came and went (%d spoke at once), %d pushes realized, %d calls failed %s"
          .formatted(pods, spoke, pushes, failures, trouble)
          .strip();
    }
  }

  /**
   * Begins at once.
   *
   * @param server whom new pods speak to, and at which port
   */
  SoakChurn(Lab lab, SoakPolicy policy, InetAddress server, int port) {
    this.lab = lab;
    this.policy = policy;
    this.server = server;
    this.port = port;
    thread = Thread.ofPlatform().daemon().name("soak-churn").start(this::run);
  }

  private void run() {
    try {
      for (int number = 1; !stopped; number++) {
        podComesAndGoes(number);
        push(number);
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (LabException e) {
      count = new Count(count.pods, count.spoke, count.pushes, count.failures, e.toString());
    }
  }

  private void podComesAndGoes(int number) {
    NodeAgent agent = lab.agent("n" + (1 + number % 2));
    Pod pod =
        new Pod(
            SoakPolicy.NAMESPACE,
            "churn-" + number,
            "churn",
            agent.node().name(),
            Map.of("app", SoakPolicy.APP),
            List.of());
    String namespace = lab.names().pod(pod.namespace(), pod.name());
    new Ip().add("netns add " + namespace).run();
    try {
      lab.cni().add(agent, pod);
      count = count.pod(Exchange.udp(new Place(namespace), server, port, 8, ANSWER_MILLIS));
    } catch (LabException e) {
      count = count.failure();
    }
    Await.until(
        PATIENCE,
        () -> "DEL of " + pod.fullName() + " does not succeed",
        () -> lab.cni().call("DEL", agent, pod, new JsonObject()).status() == 0);
    new Ip().add("netns del " + namespace).run();
  }

  private void push(int number) {
    try (AgentClient agent = lab.client("n" + (2 - number % 2))) {
      policy.push(agent, number);
      count = count.push();
    } catch (LabException e) {
      count = count.failure();
    }
  }

  /** Ends it, and waits until its last pod is gone. */
  Count finish() {
    close();
    return count;
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
