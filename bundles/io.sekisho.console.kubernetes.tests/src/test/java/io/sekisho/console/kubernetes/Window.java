package io.sekisho.console.kubernetes;

import io.sekisho.console.ui.Theme;
import io.sekisho.console.ui.Themes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StyledText;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.graphics.ImageData;
import org.eclipse.swt.graphics.ImageLoader;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;

/** A display without a workbench, for dialogs: the test's own thread is the UI thread. */
final class Window implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Display display = Display.getDefault();
  private final Shell shell = new Shell(display, SWT.SHELL_TRIM);

  Window(Theme theme) {
    Themes.use(display, theme);
    shell.setBounds(0, 0, 900, 700);
    shell.open();
  }

  Shell shell() {
    return shell;
  }

  /** Waits for a condition while the UI goes on. */
  void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    beat();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + PATIENCE + ": " + what);
      }
      if (!display.readAndDispatch()) {
        display.sleep();
      }
    }
  }

  /** Wakes the loop now and then, so that a deadline is seen. */
  private void beat() {
    display.timerExec(
        20,
        () -> {
          if (!shell.isDisposed()) {
            beat();
          }
        });
  }

  /** The first control below a composite that fits. */
  static Optional<Control> find(Composite below, Predicate<Control> fits) {
    for (Control child : below.getChildren()) {
      if (fits.test(child)) {
        return Optional.of(child);
      }
      if (child instanceof Composite composite) {
        Optional<Control> deeper = find(composite, fits);
        if (deeper.isPresent()) {
          return deeper;
        }
      }
    }
    return Optional.empty();
  }

  /** Every text that a shell shows, a line each. */
  static String texts(Composite below) {
    StringBuilder all = new StringBuilder();
    for (Control child : below.getChildren()) {
      switch (child) {
        case Text t -> all.append(t.getText()).append('\n');
        case StyledText t -> all.append(t.getText()).append('\n');
        case Label l -> all.append(l.getText()).append('\n');
        case Composite c -> all.append(texts(c));
        default -> {}
      }
    }
    return all.toString();
  }

  static Button button(Composite below, String text) {
    return (Button)
        find(below, c -> c instanceof Button b && b.getText().replace("&&", "&").startsWith(text))
            .orElseThrow(() -> new AssertionError("no button '" + text + "'"));
  }

  static void press(Button button) {
    if ((button.getStyle() & (SWT.CHECK | SWT.RADIO)) != 0) {
      button.setSelection(true);
    }
    button.notifyListeners(SWT.Selection, new Event());
  }

  /** Saves what a shell shows. */
  void screenshot(String name, Shell of) throws IOException {
    beat();
    long settled = System.nanoTime() + Duration.ofMillis(700).toNanos();
    await("drawn", () -> System.nanoTime() > settled);
    display.update();
    Rectangle area = of.getClientArea();
    Image image = new Image(display, area.width, area.height);
    GC gc = new GC(of);
    gc.copyArea(image, 0, 0);
    gc.dispose();
    ImageLoader loader = new ImageLoader();
    loader.data = new ImageData[] {image.getImageData(100)};
    image.dispose();
    Path folder = Path.of("target", "screenshots");
    Files.createDirectories(folder);
    loader.save(folder.resolve(name + ".png").toString(), SWT.IMAGE_PNG);
  }

  @Override
  public void close() {
    shell.dispose();
    while (display.readAndDispatch()) {}
  }
}
