package io.sekisho.agent.datapath;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Makes the kernel's waits short while an endpoint is made. Every first attachment of a program to
 * an interface and every change of the outer map of policies waits for an RCU grace period, some 10
 * ms on an idle machine; expedited ones take well under 1 ms at the price of an interrupt to each
 * CPU. The switch is the machine's, so it is thrown for the moment only, and left alone if an
 * administrator has thrown it. That it is thrown by us stands beside the pins meanwhile, so that
 * the agent after one that died just then puts it back.
 */
final class GracePeriods {
  private static final Path SWITCH = Path.of("/sys/kernel/rcu_expedited");
  private static final String OFF = "0";
  private static final String ON = "1";
  private static final String NOTE = "rcu_expedited";

  private final Path control;
  private final Optional<PinFolder> pins;

  private GracePeriods(Path control, Optional<PinFolder> pins) {
    this.control = control;
    this.pins = pins;
  }

  /** Of the machine, with a note beside these pins while the switch is thrown. */
  static GracePeriods notedIn(PinFolder pins) {
    return new GracePeriods(SWITCH, Optional.of(pins));
  }

  /** The same with another file for the switch, for tests. */
  static GracePeriods notedIn(PinFolder pins, Path control) {
    return new GracePeriods(control, Optional.of(pins));
  }

  /** Of the machine, for who has no pins. */
  static GracePeriods unnoted() {
    return new GracePeriods(SWITCH, Optional.empty());
  }

  /** Puts the switch back if an agent before died while it had thrown it. */
  void restore() {
    pins.filter(folder -> folder.note(NOTE).isPresent())
        .ifPresent(
            folder -> {
              if (is(ON)) {
                write(OFF);
              }
              folder.forget(NOTE);
            });
  }

  /** Does something with short waits, or with long ones if the switch cannot be thrown. */
  void expedited(Runnable work) {
    boolean thrown = is(OFF) && throwIt();
    try {
      work.run();
    } finally {
      if (thrown) {
        write(OFF);
        pins.ifPresent(folder -> folder.forget(NOTE));
      }
    }
  }

  /** The note first: who finds it puts back what was not thrown, which changes nothing. */
  private boolean throwIt() {
    pins.ifPresent(folder -> folder.note(NOTE, ON));
    boolean thrown = write(ON);
    if (!thrown) {
      pins.ifPresent(folder -> folder.forget(NOTE));
    }
    return thrown;
  }

  private boolean is(String value) {
    try {
      return Files.readString(control).strip().equals(value);
    } catch (IOException e) {
      return false;
    }
  }

  private boolean write(String value) {
    try {
      Files.writeString(control, value);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
