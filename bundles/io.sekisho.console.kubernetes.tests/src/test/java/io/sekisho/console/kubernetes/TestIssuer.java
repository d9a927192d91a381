package io.sekisho.console.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A small OpenID Connect issuer on loopback: HTTPS with a certificate that signed itself, id tokens
 * by RS256, refresh tokens that are good once.
 */
final class TestIssuer implements AutoCloseable {
  static final String CLIENT = "sekisho+console"; // must be encoded
  static final String SECRET = "s3cr3t/with:signs";
  private static final String PASSWORD = "changeit";

  private final HttpsServer server;
  private final byte[] certificate;
  private final KeyPair key;
  private final AtomicInteger renewals = new AtomicInteger();
  private volatile String refreshToken = "refresh-0";
  private volatile long lifetimeSeconds = 600;
  private volatile boolean rotates = true;

  private TestIssuer(HttpsServer server, byte[] certificate, KeyPair key) {
    this.server = server;
    this.certificate = certificate;
    this.key = key;
  }

  static TestIssuer start(Path folder) throws Exception {
    KeyStore store = keys(folder);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    TestIssuer issuer =
        new TestIssuer(server, store.getCertificate("issuer").getEncoded(), signer());
    server.createContext("/.well-known/openid-configuration", e -> send(e, 200, issuer.about()));
    server.createContext("/keys", e -> send(e, 200, issuer.keys()));
    server.createContext("/token", issuer::renew);
    server.start();
    return issuer;
  }

  static KeyPair signer() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  private static KeyStore keys(Path folder) throws Exception {
    Path file = folder.resolve("issuer.p12");
    Path log = folder.resolve("keytool.log");
    List<String> words =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "issuer",
            "-dname",
            "CN=issuer",
            "-ext",
            "san=ip:127.0.0.1",
            "-ext",
            "bc:c",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-validity",
            "30",
            "-keystore",
            file.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD);
    Process process =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("keytool failed: " + Files.readString(log));
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  String url() {
    return "https://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Its certificate, which is its own CA, PEM. */
  String authority() {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate)
        + "\n-----END CERTIFICATE-----\n";
  }

  /** How often a token was renewed. */
  int renewals() {
    return renewals.get();
  }

  /** The refresh token that is good now. */
  String refreshToken() {
    return refreshToken;
  }

  /** How long the tokens last that it gives from now on. */
  void lifetime(long seconds) {
    lifetimeSeconds = seconds;
  }

  /** Whether each renewal makes a new refresh token. */
  void rotates(boolean on) {
    rotates = on;
  }

  /** An id token of alice that lasts so long, or has ended so long ago. */
  String token(long seconds) {
    return token(seconds, key);
  }

  /** The same, signed by some key. */
  String token(long seconds, KeyPair by) {
    long now = Instant.now().getEpochSecond();
    String head = "{\"alg\":\"RS256\",\"kid\":\"one\",\"typ\":\"JWT\"}";
    String claims =
        """
        {"iss":"%s","aud":"%s","sub":"alice","iat":%d,"exp":%d,"jti":"%d"}\
        """
            .formatted(url(), CLIENT, now - 3600, now + seconds, System.nanoTime());
    String text = encoded(bytes(head)) + "." + encoded(bytes(claims));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(by.getPrivate());
      signature.update(bytes(text));
      return text + "." + encoded(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private String about() {
    return """
    {"issuer":"%1$s","token_endpoint":"%1$s/token","jwks_uri":"%1$s/keys",
     "authorization_endpoint":"%1$s/auth","response_types_supported":["code"],
     "subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"]}
    """
        .formatted(url());
  }

  private String keys() {
    RSAPublicKey own = (RSAPublicKey) key.getPublic();
    return "{\"keys\":[{\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\",\"kid\":\"one\",\"n\":\"%s\",\"e\":\"%s\"}]}"
        .formatted(number(own.getModulus()), number(own.getPublicExponent()));
  }

  private static String number(BigInteger value) {
    byte[] all = value.toByteArray();
    return encoded(all[0] == 0 ? Arrays.copyOfRange(all, 1, all.length) : all);
  }

  /** The client proves itself in the header only, as RFC 6749 wants; each value is encoded. */
  private void renew(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, String> form =
        Arrays.stream(body.split("&"))
            .map(p -> p.split("=", 2))
            .collect(Collectors.toMap(p -> p[0], p -> decoded(p[1])));
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    boolean known = header != null && header.startsWith("Basic ") && client(header.substring(6));
    if (!known || form.containsKey("client_secret")) {
      send(exchange, 401, "{\"error\":\"invalid_client\"}");
    } else if (!refreshToken.equals(form.get("refresh_token"))
        || !"refresh_token".equals(form.get("grant_type"))) {
      String echo = form.get("refresh_token");
      send(
          exchange,
          400,
          "{\"error\":\"invalid_grant\",\"error_description\":\"The token %s is not active.\"}"
              .formatted(echo));
    } else {
      int count = renewals.incrementAndGet();
      refreshToken = rotates ? "refresh-" + count : refreshToken;
      String next = rotates ? ",\"refresh_token\":\"" + refreshToken + "\"" : "";
      send(
          exchange,
          200,
          "{\"token_type\":\"Bearer\",\"access_token\":\"x\",\"id_token\":\"%s\"%s}"
              .formatted(token(lifetimeSeconds), next));
    }
  }

  private static boolean client(String basic) {
    String[] pair =
        new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8).split(":", 2);
    return pair.length == 2 && decoded(pair[0]).equals(CLIENT) && decoded(pair[1]).equals(SECRET);
  }

  private static void send(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = bytes(json);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
