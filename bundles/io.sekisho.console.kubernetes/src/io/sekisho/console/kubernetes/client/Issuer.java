package io.sekisho.console.kubernetes.client;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.ConsoleException.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An OpenID Connect issuer: renews an id token by a refresh token. */
final class Issuer {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MOST_BYTES = 1 << 20;
  private static final int LONGEST_WORDS = 200;
  private static final String METHODS = "token_endpoint_auth_methods_supported";
  private static final String POST = "client_secret_post";
  private static final String BASIC = "client_secret_basic";

  private final String url;
  private final Map<String, String> config;
  private final Path folder;

  /**
   * What it gave.
   *
   * @param refreshToken for the next time; the old one where it gave none
   */
  record Given(String idToken, String refreshToken) {
    @Override
    public String toString() {
      return "tokens"; // no secrets
    }
  }

  /**
   * Asks nothing yet.
   *
   * @param config of the kubeconfig's auth provider
   * @param folder that relative paths in it are relative to
   */
  Issuer(Map<String, String> config, Path folder) {
    this.url = config.getOrDefault("idp-issuer-url", "");
    this.config = config;
    this.folder = folder;
  }

  /**
   * Renews; blocks.
   *
   * @throws ConsoleException with why it did not
   */
  Given refresh(String refreshToken) {
    if (!url.startsWith("https://")) {
      throw new ConsoleException(
          Code.BAD_PROFILE, "The kubeconfig names no https:// issuer for OIDC.", null);
    }
    try (HttpClient client = client()) {
      Map<?, ?> about = about(client);
      String endpoint = Tree.text(about, "token_endpoint");
      if (!endpoint.startsWith("https://")) {
        throw refused("says of no https:// endpoint for tokens.");
      }
      HttpResponse<InputStream> answer =
          send(client, request(endpoint, Tree.texts(about, METHODS), refreshToken));
      Map<?, ?> said = read(answer);
      if (answer.statusCode() != 200) {
        throw refused("does not renew the sign-in: " + error(answer, said, refreshToken));
      }
      String idToken = Tree.text(said, "id_token");
      if (idToken.isEmpty()) {
        throw refused("gave no id token; was the sign-in of the scope openid?");
      }
      String next = Tree.text(said, "refresh_token");
      return new Given(idToken, next.isEmpty() ? refreshToken : next);
    }
  }

  private Map<?, ?> about(HttpClient client) {
    String at = url.replaceFirst("/+$", "") + "/.well-known/openid-configuration";
    HttpResponse<InputStream> answer = send(client, get(at));
    Map<?, ?> said = read(answer);
    if (answer.statusCode() != 200) {
      throw refused("does not tell of itself: status " + answer.statusCode() + ".");
    }
    return said;
  }

  private HttpRequest get(String at) {
    return HttpRequest.newBuilder(uri(at)).timeout(PATIENCE).build();
  }

  /** By RFC 6749 the secret goes one way only; in the header where the issuer does not say. */
  private HttpRequest request(String endpoint, List<String> methods, String refreshToken) {
    String id = config.getOrDefault("client-id", "");
    String secret = config.getOrDefault("client-secret", "");
    boolean inForm = secret.isEmpty() || methods.contains(POST) && !methods.contains(BASIC);
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "refresh_token");
    form.put("refresh_token", refreshToken);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(endpoint)).timeout(PATIENCE);
    if (inForm) {
      form.put("client_id", id);
      if (!secret.isEmpty()) {
        form.put("client_secret", secret);
      }
    } else {
      String pair = encode(id) + ":" + encode(secret);
      String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
      request.header("Authorization", "Basic " + basic);
    }
    String body =
        form.entrySet().stream()
            .map(e -> e.getKey() + "=" + encode(e.getValue()))
            .collect(Collectors.joining("&"));
    return request
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private URI uri(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw refused("has an address that is no URL.");
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private HttpResponse<InputStream> send(HttpClient client, HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new ConsoleException(
          Code.DISCONNECTED, "The issuer " + url + ": " + Refusals.reason("issuer", e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConsoleException(Code.CANCELLED, "Signing in was cancelled.", e);
    }
  }

  /** What is no JSON counts as nothing: the cause would quote it. */
  private static Map<?, ?> read(HttpResponse<InputStream> answer) {
    try (InputStream body = answer.body()) {
      String text = new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
      return Optional.<Map<?, ?>>ofNullable(Serialization.unmarshal(text, Map.class))
          .orElse(Map.of());
    } catch (IOException | RuntimeException e) {
      return Map.of();
    }
  }

  private static String error(HttpResponse<?> answer, Map<?, ?> said, String refreshToken) {
    String code = Tree.text(said, "error");
    if (code.isEmpty()) {
      return "status " + answer.statusCode() + ".";
    }
    String more = Tree.text(said, "error_description");
    String words = (more.isEmpty() ? code : code + ", " + more).replace(refreshToken, "…");
    String shown =
        words.length() <= LONGEST_WORDS ? words : words.substring(0, LONGEST_WORDS) + "…";
    return shown.replaceFirst("\\.$", "") + "; sign in again with the issuer's own program.";
  }

  private ConsoleException refused(String what) {
    return new ConsoleException(Code.REFUSED, "The issuer " + url + " " + what, null);
  }

  private HttpClient client() {
    HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(PATIENCE);
    try {
      byte[] pem = authorities();
      if (pem.length > 0) {
        builder.sslContext(trusting(pem));
      }
      return builder.build();
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new ConsoleException(
          Code.BAD_PROFILE, "The CA of the issuer " + url + " in the kubeconfig is no PEM.", e);
    }
  }

  private byte[] authorities() throws IOException {
    String data = config.getOrDefault("idp-certificate-authority-data", "");
    String file = config.getOrDefault("idp-certificate-authority", "");
    if (!data.isEmpty()) {
      return Base64.getMimeDecoder().decode(data);
    }
    return file.isEmpty() ? new byte[0] : Files.readAllBytes(folder.resolve(file));
  }

  private static SSLContext trusting(byte[] pem) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, new char[0]);
    int number = 0;
    for (Certificate each :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem))) {
      store.setCertificateEntry("ca" + number++, each);
    }
    if (number == 0) {
      throw new GeneralSecurityException("there is no certificate");
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
