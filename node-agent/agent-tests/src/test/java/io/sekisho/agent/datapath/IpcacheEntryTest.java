package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.agent.datapath.DesiredState.Location;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose addresses programs need not look for among the node's own pods. */
final class IpcacheEntryTest {
  @ParameterizedTest
  @CsvSource({
    "300, false, true", // another node's pod
    "300, true, false", // a pod of this node, or of another one within its ranges
    "255, false, false",
    "16777215, false, true",
    "16777216, false, false", // a range that a policy names
    "33554432, false, true", // a node with labels
    "6, false, true", // another node
    "6, true, false",
    "1, false, false", // this node
    "2, false, false", // the world
    "4, false, false" // health: of every node
  })
  void location_isElsewhere_ifItIsOfAnotherNode(int identity, boolean own, boolean elsewhere) {
    var entry = IpcacheEntry.of(new Location(identity, Optional.empty(), true, own));

    assertEquals(elsewhere, entry.elsewhere());
    assertEquals(entry, IpcacheEntry.CODEC.decode(IpcacheEntry.CODEC.encode(entry)));
  }
}
