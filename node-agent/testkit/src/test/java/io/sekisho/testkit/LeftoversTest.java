package io.sekisho.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.netlink.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LeftoversTest {
  @Test
  void sweep_namespaceOfADeadTest_goes_livingOnesStay() throws IOException, InterruptedException {
    Process ended = new ProcessBuilder("true").start();
    assertEquals(0, ended.waitFor());
    String dead = "skleft" + ended.pid() + "-0-n1";
    try (TestNamespaces living = new TestNamespaces("left")) {
      living.create("n1");
      NetworkNamespace.create(dead).close();
      Leftovers.sweep();
      assertFalse(Files.exists(Path.of("/run/netns", dead)));
      assertTrue(Files.exists(Path.of("/run/netns", living.prefix() + "-n1")));
    }
  }

  @Test
  void isLeft_namesOfOthers_areNot() {
    for (String name : new String[] {"sekisho-n1", "skup-p12", "cni-1234-0", "skbk-n1", "sk-1-1"}) {
      assertFalse(Leftovers.isLeft(name), name);
    }
    assertFalse(Leftovers.isLeft("ske2e" + ProcessHandle.current().pid() + "-0-n1"));
    assertTrue(Leftovers.isLeft("ske2e999999999-0-n1"));
    assertTrue(Leftovers.isLeft("ske2e999999999-0"));
  }
}
