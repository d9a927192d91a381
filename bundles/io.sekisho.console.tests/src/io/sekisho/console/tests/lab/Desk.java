package io.sekisho.console.tests.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.graphics.ImageLoader;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Widget;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PlatformUI;

/** The operator at the console: looks, waits, presses; from a thread that is not the UI's. */
final class Desk {
  private static final long LOOK_EVERY = TimeUnit.MILLISECONDS.toNanos(20);

  private Desk() {}

  static Display display() {
    return PlatformUI.getWorkbench().getDisplay();
  }

  /** Computes something on the UI thread. */
  static <T> T see(Supplier<T> look) {
    return display().syncCall(look::get);
  }

  static void act(Runnable act) {
    display().syncExec(act);
  }

  static IWorkbenchWindow window() {
    return see(() -> PlatformUI.getWorkbench().getWorkbenchWindows()[0]);
  }

  /** Waits until something is seen on the UI thread; fails with the name of what was not. */
  static void await(String what, Duration atMost, BooleanSupplier seen) {
    long end = System.nanoTime() + atMost.toNanos();
    while (!see(seen::getAsBoolean)) {
      if (System.nanoTime() > end) {
        shoot("missing");
        throw new AssertionError("not seen within " + atMost + ": " + what);
      }
      LockSupport.parkNanos(LOOK_EVERY);
    }
  }

  /** The first widget below a composite of a class that fits. */
  static <T extends Control> T find(Composite root, Class<T> type, Predicate<T> fits) {
    return all(root)
        .filter(type::isInstance)
        .map(type::cast)
        .filter(fits)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " that fits"));
  }

  private static Stream<Control> all(Control root) {
    return root instanceof Composite composite
        ? Stream.concat(
            Stream.of(root), Arrays.stream(composite.getChildren()).flatMap(Desk::all))
        : Stream.of(root);
  }

  static void press(Widget widget) {
    widget.notifyListeners(SWT.Selection, new Event());
  }

  /** Keeps a picture of the window beside the test's reports. */
  static void shoot(String name) {
    act(
        () -> {
          Shell shell = PlatformUI.getWorkbench().getWorkbenchWindows()[0].getShell();
          Image image = new Image(display(), shell.getBounds().width, shell.getBounds().height);
          GC gc = new GC(display());
          gc.copyArea(image, shell.getBounds().x, shell.getBounds().y);
          gc.dispose();
          ImageLoader loader = new ImageLoader();
          loader.data = new org.eclipse.swt.graphics.ImageData[] {image.getImageData()};
          image.dispose();
          Path folder = Path.of(System.getProperty("sekisho.screenshots", "target/screenshots"));
          try {
            Files.createDirectories(folder);
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
          loader.save(folder.resolve("lab-" + name + ".png").toString(), SWT.IMAGE_PNG);
        });
  }
}
