package io.sekisho.console.kubernetes.client;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Puts the token into every call, and once more with another one where it was refused. Stands in
 * for fabric8's own, which finds a user only in the file of the context, runs plugins by a shell,
 * and does not say why a token was not renewed.
 */
final class TokenInterceptor implements Interceptor {
  private static final String HEADER = "Authorization";
  private static final String SCHEME = "Bearer ";

  private final Tokens tokens;

  TokenInterceptor(Tokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public void before(BasicBuilder headers, HttpRequest request, RequestTags tags) {
    headers.setHeader(HEADER, SCHEME + tokens.token());
  }

  @Override
  public CompletableFuture<Boolean> afterFailure(
      BasicBuilder headers, HttpResponse<?> response, RequestTags tags) {
    if (response.code() != HttpURLConnection.HTTP_UNAUTHORIZED) {
      return CompletableFuture.completedFuture(false);
    }
    String refused = sent(response);
    // the client's own thread must not wait for an issuer or a plugin
    return CompletableFuture.supplyAsync(() -> again(headers, refused), Thread::startVirtualThread);
  }

  private static String sent(HttpResponse<?> response) {
    return Optional.ofNullable(response.request())
        .map(r -> r.header(HEADER))
        .filter(h -> h.startsWith(SCHEME))
        .map(h -> h.substring(SCHEME.length()))
        .orElse("");
  }

  private boolean again(BasicBuilder headers, String refused) {
    Optional<String> other = tokens.instead(refused);
    other.ifPresent(token -> headers.setHeader(HEADER, SCHEME + token));
    return other.isPresent();
  }
}
