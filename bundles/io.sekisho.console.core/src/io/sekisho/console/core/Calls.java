package io.sekisho.console.core;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Calls of gRPC as futures of Java: cancelling the one cancels the other. */
final class Calls {
  private Calls() {}

  /** The outcome of a call that was sent; a failure becomes what the function makes of it. */
  static <T> CompletableFuture<T> future(
      ListenableFuture<T> sent, Function<Throwable, ConsoleException> failure) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Futures.addCallback(
        sent,
        new FutureCallback<T>() {
          @Override
          public void onSuccess(T value) {
            result.complete(value);
          }

          @Override
          public void onFailure(Throwable t) {
            result.completeExceptionally(failure.apply(t));
          }
        },
        MoreExecutors.directExecutor());
    result.whenComplete(
        (value, thrown) -> {
          if (result.isCancelled()) {
            sent.cancel(true);
          }
        });
    return result;
  }
}
