package io.sekisho.console.policy.editor.view;

import java.util.List;
import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Event;

/** Steps of zoom, and the keys and the wheel that take them. */
final class Zoom {
  /** From the smallest that can be read: no text is under 8 pt. */
  static final List<Double> STEPS = List.of(0.8, 1.0, 1.25, 1.5, 2.0, 3.0);

  private Zoom() {}

  /** The next step up or down; the last stays. */
  static double next(double now, boolean in) {
    return in
        ? STEPS.stream().filter(s -> s > now).findFirst().orElse(STEPS.getLast())
        : STEPS.stream().filter(s -> s < now).reduce((a, b) -> b).orElse(STEPS.getFirst());
  }

  /** What Ctrl and a key ask for: {@code +}, {@code -}, or {@code 0} for 100 %. */
  static Optional<Double> byKey(Event e, double now) {
    if ((e.stateMask & SWT.MOD1) == 0) {
      return Optional.empty();
    }
    return switch (e.keyCode) {
      case '+', '=', SWT.KEYPAD_ADD -> Optional.of(next(now, true));
      case '-', SWT.KEYPAD_SUBTRACT -> Optional.of(next(now, false));
      case '0', SWT.KEYPAD_0 -> Optional.of(1.0);
      default -> Optional.empty();
    };
  }

  /** What Ctrl and the wheel ask for. */
  static Optional<Double> byWheel(Event e, double now) {
    return (e.stateMask & SWT.MOD1) == 0 || e.count == 0
        ? Optional.empty()
        : Optional.of(next(now, e.count > 0));
  }
}
