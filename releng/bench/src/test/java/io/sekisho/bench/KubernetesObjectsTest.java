package io.sekisho.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class KubernetesObjectsTest {
  @Test
  void podAt_addressOfEveryGeneration_isThePod() {
    for (int pod = 0; pod < KubernetesObjects.PODS; pod += 7) {
      for (int generation = 0; generation < 9; generation++) {
        String[] parts = KubernetesObjects.address(pod, generation).split("\\.");
        assertEquals(
            pod, KubernetesObjects.podAt(Integer.parseInt(parts[2]), Integer.parseInt(parts[3])));
      }
    }
  }

  @Test
  void key_podsOfANodeAndTheirNext_areAllOthers() {
    var keys = new HashSet<String>();
    for (int pod = 3; pod < KubernetesObjects.PODS; pod += KubernetesObjects.NODES) {
      assertTrue(keys.add(KubernetesObjects.key(pod, 0)));
      assertTrue(keys.add(KubernetesObjects.key(pod, 1)));
      assertTrue(keys.contains(KubernetesObjects.key(pod, 2)));
    }
  }

  @Test
  void friendOf_pods_isOneOfTheFirstNodeInTheSameNamespace() {
    int friends = 0;
    for (int pod = 0; pod < KubernetesObjects.PODS; pod++) {
      OptionalInt friend = KubernetesObjects.friendOf(pod);
      if (friend.isPresent()) {
        friends++;
        assertEquals(1, KubernetesObjects.nodeOf(friend.getAsInt()));
        assertNotEquals(1, KubernetesObjects.nodeOf(pod));
        assertEquals(namespace(pod), namespace(friend.getAsInt()));
      }
    }
    assertEquals(
        KubernetesObjects.PODS / 2 - KubernetesObjects.PODS / KubernetesObjects.NODES, friends);
  }

  private static String namespace(int pod) {
    return KubernetesObjects.namespaceOf(KubernetesObjects.appOf(pod));
  }
}
