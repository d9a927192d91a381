package io.sekisho.console.flows;

import io.sekisho.console.ui.Background;
import io.sekisho.flow.FlowRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.swt.SWT;
import org.eclipse.swt.dnd.Clipboard;
import org.eclipse.swt.dnd.TextTransfer;
import org.eclipse.swt.dnd.Transfer;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.FileDialog;
import org.eclipse.swt.widgets.Shell;

/** Asks where rows go, and brings them there on a job. */
final class ExportDialog {
  private ExportDialog() {}

  /**
   * Asks for a file.
   *
   * @param format {@code csv} or {@code json}
   */
  static void open(Shell shell, String format, List<FlowRecord> flows) {
    FileDialog dialog = new FileDialog(shell, SWT.SAVE);
    dialog.setFileName("flows." + format);
    dialog.setFilterExtensions(new String[] {"*." + format});
    dialog.setOverwrite(true);
    String chosen = dialog.open();
    if (chosen != null) {
      Display display = shell.getDisplay();
      Background.run(
          Texts.action_export,
          monitor -> {
            try {
              write(Path.of(chosen), format, flows);
            } catch (IOException e) {
              display.asyncExec(() -> Background.fail(shell, Texts.export_failed, e));
            }
          });
    }
  }

  static void write(Path file, String format, List<FlowRecord> flows) throws IOException {
    if (format.equals("csv")) {
      Export.csv(file, flows);
    } else {
      Export.json(file, flows);
    }
  }

  /** Puts rows into the clipboard as TSV. */
  static void copy(Control control, List<FlowColumn> columns, List<FlowRecord> flows) {
    if (flows.isEmpty()) {
      return;
    }
    Clipboard clipboard = new Clipboard(control.getDisplay());
    clipboard.setContents(
        new Object[] {Export.tsv(columns, flows)}, new Transfer[] {TextTransfer.getInstance()});
    clipboard.dispose();
  }
}
