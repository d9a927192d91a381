package io.sekisho.console.ui;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.core.runtime.ICoreRunnable;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.jobs.IJobChangeEvent;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.core.runtime.jobs.JobChangeAdapter;
import org.eclipse.jface.dialogs.ErrorDialog;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Widget;
import org.eclipse.ui.statushandlers.StatusManager;

/** Work that takes time: never on the UI thread, shown in Progress, can be cancelled. */
public final class Background {
  /** What is done sooner is not shown as running. */
  private static final long SHORT_MILLIS = 300;

  /** Threads of their own: what is long can't keep waiting what is short. */
  private static final Executor WORKERS =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("worker ", 0).factory());

  private static final List<Job> RUNNING = new CopyOnWriteArrayList<>();
  private static final List<Runnable> LISTENERS = new CopyOnWriteArrayList<>();

  private Background() {}

  /** What runs for some time now, in words, oldest first. */
  public static List<String> running() {
    return RUNNING.stream().filter(j -> j.getState() != Job.NONE).map(Job::getName).toList();
  }

  /** Computes on a thread that nothing else keeps waiting. */
  public static <T> CompletableFuture<T> supply(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, WORKERS);
  }

  /** Such threads. */
  public static Executor workers() {
    return WORKERS;
  }

  /** Calls back on the UI thread when something begins or ends, while the owner lives. */
  public static void onChange(Widget owner, Runnable listener) {
    Display display = owner.getDisplay();
    Runnable onUi =
        () -> {
          if (!display.isDisposed()) {
            display.asyncExec(
                () -> {
                  if (!owner.isDisposed()) {
                    listener.run();
                  }
                });
          }
        };
    LISTENERS.add(onUi);
    owner.addDisposeListener(e -> LISTENERS.remove(onUi));
  }

  private static void schedule(Job job) {
    job.addJobChangeListener(
        new JobChangeAdapter() {
          @Override
          public void done(IJobChangeEvent event) {
            RUNNING.remove(job);
            LISTENERS.forEach(Runnable::run);
          }
        });
    job.schedule();
    CompletableFuture.delayedExecutor(SHORT_MILLIS, TimeUnit.MILLISECONDS).execute(() -> show(job));
  }

  private static void show(Job job) {
    if (job.getState() != Job.NONE) {
      RUNNING.add(job);
      LISTENERS.forEach(Runnable::run);
    }
  }

  /** Runs a job with a name for Progress; its failure goes to the error log. */
  public static Job run(String name, ICoreRunnable body) {
    Job job = Job.create(name, body);
    schedule(job);
    return job;
  }

  /**
   * Shows a call under way as a job; cancelling the job cancels the call. The result comes to the
   * UI thread while the owner lives.
   */
  public static <T> void follow(
      String name, CompletableFuture<T> call, Control owner, BiConsumer<T, Throwable> result) {
    Job job =
        new Job(name) {
          @Override
          protected IStatus run(IProgressMonitor monitor) {
            monitor.beginTask(name, IProgressMonitor.UNKNOWN);
            try {
              call.handle((v, t) -> v).join();
            } catch (CancellationException e) {
              return Status.CANCEL_STATUS;
            }
            return call.isCancelled() ? Status.CANCEL_STATUS : Status.OK_STATUS;
          }

          @Override
          protected void canceling() {
            call.cancel(true);
          }
        };
    schedule(job);
    onUi(call, owner, result);
  }

  /** Brings the outcome of a call to the UI thread while the owner lives. */
  public static <T> void onUi(
      CompletableFuture<T> call, Control owner, BiConsumer<T, Throwable> result) {
    onUi(
        call,
        owner.getDisplay(),
        (value, failure) -> {
          if (!owner.isDisposed()) {
            result.accept(value, failure);
          }
        });
  }

  /** The same for what no widget owns: it comes whatever is closed meanwhile. */
  public static <T> void onUi(
      CompletableFuture<T> call, Display display, BiConsumer<T, Throwable> result) {
    call.whenComplete(
        (value, failure) -> {
          if (!display.isDisposed()) {
            display.asyncExec(() -> result.accept(value, failure));
          }
        });
  }

  /** The same for what can't fail in a way that matters here. */
  public static <T> void onUiIfDone(CompletableFuture<T> call, Control owner, Consumer<T> result) {
    onUi(
        call,
        owner,
        (value, failure) -> {
          if (failure == null) {
            result.accept(value);
          }
        });
  }

  /**
   * Says what did not happen: the sentence first, the rest behind Details, all in the error log.
   */
  public static void fail(Shell shell, String what, Throwable failure) {
    IStatus status = new Status(IStatus.ERROR, "io.sekisho.console.ui", sentence(failure), failure);
    StatusManager.getManager().handle(status, StatusManager.LOG);
    ErrorDialog.openError(shell, Texts.failure_title, what, status);
  }

  /** What a failure says to people. */
  public static String sentence(Throwable failure) {
    Throwable cause =
        failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
