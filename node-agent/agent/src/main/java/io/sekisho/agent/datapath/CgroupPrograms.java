package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfException;
import io.sekisho.libbpf.BpfLink;
import io.sekisho.libbpf.BpfLink.SocketCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The programs that see what sockets of a cgroup do, by pinned links. The name of a pin is {@code
 * cgroup:<program>}; no interface can be called so.
 */
final class CgroupPrograms {
  private static final String PREFIX = "cgroup:";
  private static final long NONE = -1;

  private final Loader.Loaded loaded;
  private final PinFolder pins;
  private final Path cgroup;

  CgroupPrograms(Loader.Loaded loaded, PinFolder pins, Path cgroup) {
    this.loaded = loaded;
    this.pins = pins;
    this.cgroup = cgroup;
  }

  /** Whether a pin is one of these. */
  static boolean isOne(String pin) {
    return pin.startsWith(PREFIX);
  }

  /** Ends what an agent with other settings left. */
  static void detachAll(PinFolder pins) {
    pins.linkNames().stream()
        .filter(CgroupPrograms::isOne)
        .forEach(name -> Attachments.end(pins.link(name)));
  }

  private static String program(SocketCall call) {
    return call.name().toLowerCase(Locale.ROOT);
  }

  private Path pin(SocketCall call) {
    return pins.link(PREFIX + program(call));
  }

  /** Exchanges the programs that run; those on another cgroup end. */
  void takeOver() {
    for (SocketCall call : SocketCall.values()) {
      if (isThere(call)) {
        try (var link = BpfLink.openPinned(pin(call))) {
          link.update(loaded.program(program(call)));
        }
      } else {
        Attachments.end(pin(call));
      }
    }
  }

  /** Makes those run that do not yet; what a process is told of its peer comes first. */
  void attach() {
    for (SocketCall call : List.of(SocketCall.values()).reversed()) {
      if (!isThere(call)) {
        Attachments.end(pin(call));
        try (var link = BpfLink.attachCgroup(loaded.program(program(call)), cgroup, call)) {
          link.pin(pin(call));
        }
      }
    }
  }

  /** Names of those that do not run. */
  List<String> missing() {
    return Stream.of(SocketCall.values())
        .filter(call -> !isThere(call))
        .map(CgroupPrograms::program)
        .toList();
  }

  private boolean isThere(SocketCall call) {
    try (var link = BpfLink.openPinned(pin(call))) {
      return link.info().cgroup() == number();
    } catch (BpfException e) {
      if (e.code() == BpfException.Code.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /** The kernel's number of the cgroup; that of none if it is gone, and its links with it. */
  private long number() {
    try {
      return ((Number) Files.getAttribute(cgroup, "unix:ino")).longValue();
    } catch (IOException e) {
      return NONE;
    }
  }
}
