package io.sekisho.console.kubernetes.client;

import io.sekisho.console.core.ConsoleException;
import java.util.function.Supplier;

/** How a plugin or an issuer is asked to sign us in: at once, or with patience. */
public interface SignIn {
  /** Each time it is asked for. */
  SignIn AT_ONCE =
      new SignIn() {
        @Override
        public <T> T attempt(Object what, Supplier<T> signIn) {
          return signIn.get();
        }
      };

  /**
   * Signs in; blocks.
   *
   * @param what is asked: a plugin with its words, a refresh token
   * @throws ConsoleException with why it can't be done, or could not be the last time
   */
  <T> T attempt(Object what, Supplier<T> signIn);
}
