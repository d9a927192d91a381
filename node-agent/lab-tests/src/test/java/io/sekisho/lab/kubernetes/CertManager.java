package io.sekisho.lab.kubernetes;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** cert-manager's controllers beside a control plane; {@link #close} ends them. */
final class CertManager implements AutoCloseable {
  /** An issuer that signs itself makes an authority, which an issuer of authorities signs with. */
  private static final String HOUSE =
      """
      apiVersion: cert-manager.io/v1
      kind: Issuer
      metadata: {name: self, namespace: sekisho-system}
      spec: {selfSigned: {}}
      ---
      apiVersion: cert-manager.io/v1
      kind: Certificate
      metadata: {name: house, namespace: sekisho-system}
      spec:
        isCA: true
        commonName: house
        secretName: house
        privateKey: {algorithm: ECDSA, size: 256}
        issuerRef: {group: cert-manager.io, kind: Issuer, name: self}
      ---
      apiVersion: cert-manager.io/v1
      kind: Issuer
      metadata: {name: house, namespace: sekisho-system}
      spec: {ca: {secretName: house}}
      """;

  private final ControlPlane plane;
  private final Process process;

  /** Starts them, with an issuer {@code house} in sekisho-system. */
  CertManager(ControlPlane plane) {
    this.plane = plane;
    Path program = ControlPlane.programs().resolve("cert-manager");
    plane.kubectl("apply", "--server-side", "-f", program + ".crds.yaml");
    plane.awaitResources();
    var builder =
        new ProcessBuilder(program.toString(), "--kubeconfig", plane.kubeconfig().toString());
    builder.redirectErrorStream(true).redirectOutput(log().toFile());
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    plane.kubectlWith(HOUSE, "apply", "-f", "-");
  }

  private Path log() {
    return plane.folder().resolve("cert-manager.log");
  }

  /** What it says, and what became of the certificates, for messages. */
  String says() {
    try {
      List<String> lines = Files.readAllLines(log());
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()))
          + plane.kubectl("get", "certificates,certificaterequests,issuers", "-A", "-o", "wide");
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** What a secret holds; empty if it is not there. */
  Map<String, byte[]> secret(String name) {
    String text =
        plane.kubectl(
            "-n", "sekisho-system", "get", "secret", name, "--ignore-not-found", "-o", "json");
    var out = new TreeMap<String, byte[]>();
    if (!text.isBlank()) {
      JsonObject data = JsonParser.parseString(text).getAsJsonObject().getAsJsonObject("data");
      data.entrySet()
          .forEach(
              e -> out.put(e.getKey(), Base64.getDecoder().decode(e.getValue().getAsString())));
    }
    return out;
  }

  /** Asks for a new certificate, as its own command line does. */
  void renew(String certificate) {
    change(
        certificate,
        "status",
        """
        {"status": {"conditions": [{"type": "Issuing", "status": "True", "reason": "ManuallyTriggered",
        "message": "asked for", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}\
        """);
  }

  /** Lets a certificate last so long, and be renewed so early. */
  void shorten(String certificate, String life, String early) {
    change(
        certificate,
        "",
        "{\"spec\": {\"duration\": \"%s\", \"renewBefore\": \"%s\"}}".formatted(life, early));
  }

  private void change(String certificate, String part, String patch) {
    plane.kubectl(
        "-n",
        "sekisho-system",
        "patch",
        "certificate",
        certificate,
        "--subresource=" + part,
        "--type=merge",
        "-p",
        patch);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
