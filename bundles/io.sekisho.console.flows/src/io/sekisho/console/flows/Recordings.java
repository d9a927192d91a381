package io.sekisho.console.flows;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Background;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Selected;
import io.sekisho.flow.recording.FlowRecorder;
import io.sekisho.flow.recording.RecordingException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.core.commands.ExecutionException;
import org.eclipse.core.runtime.ILog;
import org.eclipse.swt.widgets.DirectoryDialog;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.handlers.HandlerUtil;

/** Commands that record flows into a folder, and show what a folder has. */
public final class Recordings {
  /** Begins a recording, or ends the one under way. */
  static final String RECORD = "io.sekisho.console.flows.record";

  /** Shows a recording in the table of flows. */
  static final String OPEN = "io.sekisho.console.flows.openRecording";

  private static final String OPERATE = "io.sekisho.console.app.operate";
  private static final String TABLE = "io.sekisho.console.flows.table";

  private Recordings() {}

  /** The folder of the event, else the one that the operator chooses. */
  private static Optional<Path> folder(ExecutionEvent event, Shell shell, String title) {
    String given = event.getParameter("folder");
    if (given != null) {
      return Optional.of(Path.of(given));
    }
    DirectoryDialog dialog = new DirectoryDialog(shell);
    dialog.setText(title);
    return Optional.ofNullable(dialog.open()).map(Path::of);
  }

  /** Begins a recording, or ends the one under way. */
  public static final class Record extends AbstractHandler {
    @Override
    public Object execute(ExecutionEvent event) throws ExecutionException {
      IWorkbenchWindow window = HandlerUtil.getActiveWorkbenchWindowChecked(event);
      Optional<ClusterSession> session = Scopes.of(window).session();
      if (session.isPresent() && session.get().tap().recorder().isPresent()) {
        follow(window, Texts.record_stop_job, session.get().tap()::stop);
      } else if (session.isPresent()) {
        folder(event, window.getShell(), Texts.record_title)
            .ifPresent(f -> follow(window, Texts.record_job, () -> begin(session.get(), f)));
      }
      return null;
    }

    private static void begin(ClusterSession session, Path folder) {
      try {
        session.tap().record(folder);
      } catch (RecordingException e) {
        throw new CompletionException(e);
      }
    }

    private static void follow(IWorkbenchWindow window, String name, Runnable work) {
      CompletableFuture<Void> done = CompletableFuture.runAsync(work, Background.workers());
      Background.follow(
          name,
          done,
          window.getShell(),
          (v, failure) -> {
            if (failure != null) {
              Background.fail(window.getShell(), Texts.record_failed, failure);
            }
          });
    }
  }

  /** Shows the newest flows of a recording in the table. */
  public static final class Open extends AbstractHandler {
    @Override
    public Object execute(ExecutionEvent event) throws ExecutionException {
      IWorkbenchWindow window = HandlerUtil.getActiveWorkbenchWindowChecked(event);
      folder(event, window.getShell(), Texts.recording_title).ifPresent(f -> read(window, f));
      return null;
    }

    private static void read(IWorkbenchWindow window, Path folder) {
      RecordingReader reader = new RecordingReader(folder);
      Background.follow(
          Texts.bind(Texts.recording_job, folder.getFileName()),
          reader.read(),
          window.getShell(),
          (read, failure) -> {
            if (failure != null) {
              Background.fail(window.getShell(), Texts.recording_failed, failure);
            } else {
              show(window, folder, read);
            }
          });
    }

    private static void show(IWorkbenchWindow window, Path folder, RecordingReader.Read read) {
      Commands.fire(OPERATE);
      Scope scope = Scopes.of(window);
      scope.select(new Selected.Flows(Optional.empty(), title(folder, read), read.newestFirst()));
      try {
        window.getActivePage().showView(TABLE);
      } catch (PartInitException e) {
        ILog.of(Recordings.class).error("The flows did not open.", e);
      }
    }

    private static String title(Path folder, RecordingReader.Read read) {
      String name = Texts.bind(Texts.recording_name, folder.getFileName());
      long all = read.contents().flows();
      String title =
          read.newestFirst().size() < all
              ? Texts.bind(
                  Texts.recording_some,
                  new Object[] {name, Format.count(read.newestFirst().size()), Format.count(all)})
              : name;
      long damaged = read.contents().damagedBytes();
      return damaged == 0
          ? title
          : Texts.bind(Texts.recording_damaged, title, Format.count(damaged));
    }
  }

  /** What a recording is at, in words. */
  static String words(FlowRecorder recorder) {
    return recorder
        .failure()
        .map(f -> Texts.bind(Texts.record_broke, f.getMessage()))
        .orElseGet(
            () ->
                Texts.bind(
                    Texts.record_stop,
                    Format.count(recorder.written()),
                    recorder.folder().getFileName()));
  }
}
