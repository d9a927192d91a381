package io.sekisho.agent.install;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.host.FileTree;
import io.sekisho.agent.pki.Authority;
import io.sekisho.agent.pki.Role;
import io.sekisho.agent.pki.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The cluster's certificates in secrets: an authority, one certificate that all agents have in
 * common, and an administrator's. What is there stays, unless it ends soon, is another authority's,
 * or names another server.
 */
public final class CertificateSecrets {
  /** Certificates that end earlier are signed anew. */
  private static final Duration SOON = Duration.ofDays(90);

  private static final String AUTHORITY = "sekisho-authority";
  private static final String AGENTS = "agents";
  private static final String ADMIN = "admin";
  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";
  private static final String CA = "ca.crt";

  private final ApiServer api;
  private final String namespace;
  private final String serverName;
  private final Clock clock;
  private final Consumer<String> progress;

  /**
   * The secrets of a namespace.
   *
   * @param serverName what the agents' certificate names
   * @param progress takes a sentence for each secret
   */
  public CertificateSecrets(
      ApiServer api, String namespace, String serverName, Clock clock, Consumer<String> progress) {
    this.api = api;
    this.namespace = namespace;
    this.serverName = serverName;
    this.clock = clock;
    this.progress = progress;
  }

  /** Makes what is missing. */
  public void make() throws IOException {
    Path folder = Files.createTempDirectory("sekisho-pki");
    try {
      var authority = new Authority(folder, clock);
      authority(authority, folder);
      leaf("sekisho-agent-tls", folder, AGENTS, a -> a.node(AGENTS, List.of(serverName)));
      leaf("sekisho-admin-tls", folder, ADMIN, a -> a.operator(ADMIN, Role.ADMIN));
    } finally {
      FileTree.delete(folder);
    }
  }

  private void authority(Authority authority, Path folder) throws IOException {
    Optional<GenericKubernetesResource> there = api.get(Kinds.SECRET, namespace, AUTHORITY);
    if (there.isPresent()) {
      Files.write(folder.resolve("ca.crt"), field(there.get(), CERTIFICATE));
      Files.write(folder.resolve("ca.key"), field(there.get(), KEY));
      progress.accept("the authority is there");
      return;
    }
    authority.init();
    write(
        Optional.empty(),
        AUTHORITY,
        Map.of(
            CERTIFICATE, Files.readAllBytes(folder.resolve("ca.crt")),
            KEY, Files.readAllBytes(folder.resolve("ca.key"))));
    progress.accept("made the authority, secret " + AUTHORITY);
  }

  private void leaf(String secret, Path folder, String name, Consumer<Authority> sign)
      throws IOException {
    Optional<GenericKubernetesResource> there = api.get(Kinds.SECRET, namespace, secret);
    byte[] ca = Files.readAllBytes(folder.resolve("ca.crt"));
    if (there.isPresent() && isGood(there.get(), folder, ca, name)) {
      progress.accept("secret " + secret + " is there");
      return;
    }
    sign.accept(new Authority(folder, clock));
    write(
        there,
        secret,
        Map.of(
            CA, ca,
            CERTIFICATE, Files.readAllBytes(folder.resolve(name + ".crt")),
            KEY, Files.readAllBytes(folder.resolve(name + ".key"))));
    progress.accept("signed " + name + ", secret " + secret);
  }

  private boolean isGood(GenericKubernetesResource secret, Path folder, byte[] ca, String name)
      throws IOException {
    if (!java.util.Arrays.equals(ca, field(secret, CA))) {
      return false;
    }
    Path file = folder.resolve("there.crt");
    Files.write(file, field(secret, CERTIFICATE));
    try {
      X509Certificate certificate = new TlsFiles(file, file, file).chain().getFirst();
      boolean lasts = certificate.getNotAfter().toInstant().isAfter(clock.instant().plus(SOON));
      return lasts && (name.equals(ADMIN) || names(certificate).contains(serverName));
    } catch (io.sekisho.agent.pki.PkiException e) {
      return false;
    }
  }

  private static List<String> names(X509Certificate certificate) {
    var out = new ArrayList<String>();
    try {
      var names = certificate.getSubjectAlternativeNames();
      if (names != null) {
        names.forEach(n -> out.add(String.valueOf(n.get(1))));
      }
    } catch (CertificateParsingException e) {
      // it names nobody, then
    }
    return out;
  }

  private static byte[] field(GenericKubernetesResource secret, String name) {
    return secret.<Object>get("data", name) instanceof String text
        ? Base64.getDecoder().decode(text)
        : new byte[0];
  }

  private void write(
      Optional<GenericKubernetesResource> there, String name, Map<String, byte[]> data) {
    var encoded = new LinkedHashMap<String, String>();
    data.forEach((key, value) -> encoded.put(key, Base64.getEncoder().encodeToString(value)));
    var secret = new GenericKubernetesResource();
    secret.setApiVersion("v1");
    secret.setKind("Secret");
    secret.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace(namespace)
            .withLabels(Map.of("app.kubernetes.io/part-of", "sekisho"))
            .withResourceVersion(there.map(s -> s.getMetadata().getResourceVersion()).orElse(null))
            .build());
    secret.setAdditionalProperty("type", "kubernetes.io/tls");
    secret.setAdditionalProperty("data", encoded);
    if (there.isPresent()) {
      api.replace(Kinds.SECRET, secret);
    } else {
      api.create(Kinds.SECRET, secret);
    }
  }
}
