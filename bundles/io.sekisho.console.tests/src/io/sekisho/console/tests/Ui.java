package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.graphics.ImageLoader;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PlatformUI;

/** Hands and eyes of the tests: runs on the UI thread, waits, finds widgets, takes pictures. */
final class Ui {
  private static final long PATIENCE_SECONDS = 60;

  private Ui() {}

  static Display display() {
    return PlatformUI.getWorkbench().getDisplay();
  }

  /** Runs on the UI thread. */
  static <T> T call(Callable<T> body) {
    AtomicReference<Optional<T>> result = new AtomicReference<>(Optional.empty());
    AtomicReference<Throwable> failure = new AtomicReference<>();
    display()
        .syncExec(
            () -> {
              try {
                result.set(Optional.ofNullable(body.call()));
              } catch (Throwable t) {
                failure.set(t);
              }
            });
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
    return result.get().orElse(null);
  }

  static void run(Runnable body) {
    call(
        () -> {
          body.run();
          return true;
        });
  }

  /** Waits until the condition holds on the UI thread; says what was awaited when it does not. */
  static void await(String what, Callable<Boolean> condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!call(condition)) {
      if (System.nanoTime() > deadline) {
        fail("not within " + PATIENCE_SECONDS + " s: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  static IWorkbenchWindow window() {
    return PlatformUI.getWorkbench().getWorkbenchWindows()[0];
  }

  static IWorkbenchPage page() {
    return window().getActivePage();
  }

  static Shell shell() {
    return window().getShell();
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

  /** The drawn button of a name. */
  static Control press(Composite below, String name) {
    return find(below, c -> name.equals(c.getToolTipText()) && c.isVisible())
        .orElseThrow(() -> new AssertionError("no button '" + name + "'"));
  }

  /** Clicks into the middle, as the mouse does. */
  static void click(Control control) {
    Event event = new Event();
    event.button = 1;
    event.x = control.getSize().x / 2;
    event.y = control.getSize().y / 2;
    control.notifyListeners(SWT.MouseDown, event);
    control.notifyListeners(SWT.MouseUp, event);
  }

  /** Gives the window a size, and waits until what stands at its right edge has followed. */
  static void size(int width, int height) {
    run(() -> shell().setBounds(0, 0, width, height));
    await(
        width + "x" + height,
        () -> {
          Control last = press(shell(), "Configure");
          return last.toDisplay(last.getSize().x, 0).x <= width
              && last.toDisplay(last.getSize().x, 0).x > width - 80;
        });
  }

  /** Saves what the window shows. */
  static void screenshot(String name) {
    dialogScreenshot(name, shell());
  }

  /** Saves what a shell shows. */
  static void dialogScreenshot(String name, Shell shell) {
    run(() -> display().update());
    call(
        () -> {
          Rectangle area = shell.getClientArea();
          Image image = new Image(display(), area.width, area.height);
          GC gc = new GC(shell);
          gc.copyArea(image, 0, 0);
          gc.dispose();
          ImageLoader loader = new ImageLoader();
          loader.data =
              new org.eclipse.swt.graphics.ImageData[] {
                image.getImageData(shell.getMonitor().getZoom())
              };
          image.dispose();
          Path folder = Path.of(System.getProperty("sekisho.screenshots", "target/screenshots"));
          Files.createDirectories(folder);
          loader.save(folder.resolve(name + ".png").toString(), SWT.IMAGE_PNG);
          return true;
        });
  }
}
