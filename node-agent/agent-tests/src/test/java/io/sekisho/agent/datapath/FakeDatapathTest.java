package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fake keeps the contract, and does what tests ask of it. */
final class FakeDatapathTest extends DatapathContractTest {
  private static final NodeConfig CONFIG =
      new NodeConfig(
          "n1",
          Path.of("/nowhere"),
          "eth0",
          List.of(),
          List.of(),
          Routing.VXLAN,
          Overlay.at(8472),
          Optional.empty(),
          1024,
          2048,
          1 << 16,
          5);

  private final FakeDatapath.Kernel kernel = new FakeDatapath.Kernel();
  private FakeDatapath datapath = new FakeDatapath(kernel);

  @BeforeEach
  void open() {
    datapath.open(CONFIG);
  }

  @Override
  Datapath datapath() {
    return datapath;
  }

  @Override
  List<WiredEndpoint> reopen() {
    datapath.close();
    datapath = new FakeDatapath(kernel);
    return datapath.open(CONFIG);
  }

  @Override
  Wiring wiring(int endpointId) {
    var address = InetAddress.ofLiteral("10.244.1." + endpointId);
    return new Wiring(endpointId, Path.of("/nowhere"), "eth0", List.of(address), 0);
  }

  @Test
  void apply_failingObject_keepsWhatWasThere() {
    var wired = datapath.wire(wiring(1));
    datapath.apply(state(wired));
    var before = datapath.realized().endpoints();
    datapath.fail("endpoint 1", "too many entries");

    var errors = datapath.apply(state(wired));

    assertEquals(List.of(new Datapath.RealizeError("endpoint 1", "too many entries")), errors);
    assertEquals(before, datapath.realized().endpoints());
  }
}
