package io.sekisho.agent.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.cluster.Await;
import io.sekisho.agent.endpoint.EndpointException;
import io.sekisho.agent.endpoint.EndpointSpec;
import io.sekisho.agent.revision.Intent;
import io.sekisho.agent.state.StateFile;
import io.sekisho.policy.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node goes on with while a real API server is gone, and what of it a restart finds. */
final class ApiServerGoneTest extends SourceFixture {
  @Test
  void server_gone_whatWasKnownGoesOn() {
    serve();
    policy("allow-web", "80");
    pod("cart-1", "cart");
    Await.until(() -> document("allow-web").contains("80") && known("cart-1"), () -> intent);
    cluster.stop();
    try {
      Await.until(() -> !health.problems().isEmpty(), health::problems);
      assertTrue(
          health.problems().getFirst().message().contains("since"), health.problems()::toString);
      assertTrue(known("cart-1"));
      source.close();
      intent = Intent.EMPTY;
      source = source(api);
      source.start();
      source.revision(new Intent(4, List.of(), 0));
      Await.until(() -> document("allow-web").contains("80"), () -> intent);
    } finally {
      cluster.start();
    }
    Await.until(() -> health.problems().isEmpty(), health::problems);
    policy("allow-web", "90");
    Await.until(() -> document("allow-web").contains("90"), () -> intent);
  }

  @Test
  void restart_serverGone_knowsPodsOfBefore() throws IOException {
    serve();
    pod("cart-1", "cart");
    Await.until(() -> known("cart-1"));
    Labels before = source.pods().complete(request("cart-1", "")).labels();
    String uid =
        cluster.kubectl("-n", namespace, "get", "pod", "cart-1", "-o", "jsonpath={.metadata.uid}");
    Path file = state.resolve("kubernetes-pods.json");
    Await.until(() -> text(file).contains(uid), () -> text(file));
    source.close();
    cluster.stop();
    try {
      source = source(api);
      source.start();
      EndpointSpec.Request complete = source.pods().complete(request("cart-1", uid));
      assertEquals(before, complete.labels());
      assertEquals("cart-1", complete.workload());
      Await.until(() -> !api.health().available());
      for (EndpointSpec.Request other :
          List.of(request("nobody", ""), request("cart-1", "other-uid"))) {
        var error = assertThrows(EndpointException.class, () -> source.pods().complete(other));
        assertEquals(EndpointException.Code.POD_UNKNOWN, error.code());
        String said = String.valueOf(error.getMessage());
        assertTrue(said.contains("the API server does not answer"), said);
        assertTrue(said.endsWith("; it is tried again"), said);
      }
      source.close();
      Files.writeString(file, "[{\"namespace\": 1}, null]");
      source = source(api);
      source.start();
      assertFalse(known("cart-1"));
      assertTrue(
          problem("pods of the API server").contains("set aside"), health.problems()::toString);
    } finally {
      cluster.start();
    }
    Await.until(() -> known("cart-1"));
  }

  private static String text(Path file) {
    return StateFile.read(file).orElse("");
  }
}
