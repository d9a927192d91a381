package io.sekisho.console.kubernetes.client;

import io.sekisho.console.core.ConsoleException;
import java.util.Optional;

/** Where a bearer token comes from that does not stand in the kubeconfig for good. */
interface Tokens {
  /**
   * The token for the next call; one that has ended is renewed first, which may take long.
   *
   * @throws ConsoleException with why there is none
   */
  String token();

  /**
   * Another one in place of that which the API server has refused.
   *
   * @throws ConsoleException with why there is none
   */
  Optional<String> instead(String refused);
}
