package io.sekisho.console.policy;

import io.sekisho.console.ui.Background;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.FileDialog;
import org.eclipse.swt.widgets.Shell;

/** A document as a local file: what may not be put in force can be given to somebody who may. */
public final class DocumentFile {
  private DocumentFile() {}

  /**
   * Asks for a file and writes it on a job.
   *
   * @param title of the document, {@code namespace/name}
   */
  static void ask(Shell shell, String title, String text) {
    FileDialog dialog = new FileDialog(shell, SWT.SAVE);
    dialog.setText(Texts.save_title);
    dialog.setFileName(name(title));
    dialog.setFilterExtensions(new String[] {"*.yaml", "*"});
    dialog.setOverwrite(true);
    String chosen = dialog.open();
    if (chosen != null) {
      Display display = shell.getDisplay();
      Background.run(
          Texts.save_title,
          monitor -> {
            try {
              write(Path.of(chosen), text);
            } catch (IOException e) {
              display.asyncExec(() -> Background.fail(shell, Texts.save_failed, e));
            }
          });
    }
  }

  /** The name that is proposed: {@code shop/cart-in} becomes {@code shop-cart-in.yaml}. */
  public static String name(String title) {
    return title.replaceAll("[^\\w.-]+", "-") + ".yaml";
  }

  /**
   * Writes a text, whole or not at all.
   *
   * @throws IOException if the disk refuses; what was there is kept
   */
  public static void write(Path file, String text) throws IOException {
    Path beside = Files.createTempFile(file.toAbsolutePath().getParent(), ".policy", ".tmp");
    try {
      Files.writeString(beside, text);
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }
}
