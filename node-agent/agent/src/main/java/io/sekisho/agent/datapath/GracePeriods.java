package io.sekisho.agent.datapath;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes the kernel's waits short while an endpoint is made. Every first attachment of a program to
 * an interface and every change of the outer map of policies waits for an RCU grace period, some 10
 * ms on an idle machine; expedited ones take well under 1 ms at the price of an interrupt to each
 * CPU. The switch is the machine's, so it is thrown for the moment only, and left alone if an
 * administrator has thrown it.
 */
final class GracePeriods {
  private static final Path SWITCH = Path.of("/sys/kernel/rcu_expedited");
  private static final String OFF = "0";
  private static final String ON = "1";

  private GracePeriods() {}

  /** Does something with short waits, or with long ones if the switch cannot be thrown. */
  static void expedited(Runnable work) {
    boolean thrown = isOff() && write(ON);
    try {
      work.run();
    } finally {
      if (thrown) {
        write(OFF);
      }
    }
  }

  private static boolean isOff() {
    try {
      return Files.readString(SWITCH).strip().equals(OFF);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean write(String value) {
    try {
      Files.writeString(SWITCH, value);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
