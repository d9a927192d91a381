package io.sekisho.bench;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.sekisho.agent.apiserver.ResourceKind;
import io.sekisho.lab.LabException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests to the API server that cost their sender little, for they are not what is measured: what
 * is sent is text, connections are kept, and of the answer nothing is asked for but the metadata.
 * May be called on any thread; calls block.
 */
final class KubernetesRequests implements AutoCloseable {
  private static final String METADATA =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
  private static final Pattern VERSION = Pattern.compile("\"resourceVersion\":\"([0-9]+)\"");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http;
  private final URI server;

  /** Sends nothing yet. */
  KubernetesRequests(Path kubeconfig) {
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    server = URI.create(config.getMasterUrl());
    try {
      http =
          HttpClient.newBuilder()
              .sslContext(
                  SSLUtils.sslContext(SSLUtils.keyManagers(config), SSLUtils.trustManagers(config)))
              .version(HttpClient.Version.HTTP_1_1)
              .executor(Executors.newVirtualThreadPerTaskExecutor())
              .build();
    } catch (IOException | GeneralSecurityException e) {
      throw new LabException(LabException.Code.AGENT, "the kubeconfig cannot be used", e);
    }
  }

  private static String path(ResourceKind kind, String namespace) {
    return (kind.group().isEmpty() ? "/api/" : "/apis/")
        + kind.apiVersion()
        + "/namespaces/"
        + namespace
        + "/"
        + kind.plural();
  }

  private static String path(ResourceKind kind, String namespace, String name) {
    return path(kind, namespace) + "/" + name;
  }

  /** Makes an object of a namespace; its version. */
  String create(ResourceKind kind, String namespace, String object) {
    return send("POST", path(kind, namespace), "application/json", object);
  }

  /** Replaces an object, if it has the version that the new one names, if it names one. */
  String replace(ResourceKind kind, String namespace, String name, String object) {
    return send("PUT", path(kind, namespace, name), "application/json", object);
  }

  /** Changes the fields of an object's status that a merge patch names. */
  String patchStatus(ResourceKind kind, String namespace, String name, String patch) {
    String path = path(kind, namespace, name) + "/status";
    return send("PATCH", path, "application/merge-patch+json", patch);
  }

  /** Removes an object, which must be there. */
  void delete(ResourceKind kind, String namespace, String name) {
    String version = send("DELETE", path(kind, namespace, name), "application/json", "");
    assert !version.isEmpty();
  }

  private String send(String method, String path, String type, String body) {
    BodyPublisher content =
        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(PATIENCE)
            .header("Accept", METADATA)
            .header("Content-Type", type)
            .method(method, content)
            .build();
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new LabException(
            LabException.Code.AGENT,
            method + " " + path + ": " + answer.statusCode() + " " + answer.body());
      }
      Matcher version = VERSION.matcher(answer.body());
      return version.find() ? version.group(1) : "";
    } catch (IOException e) {
      throw new LabException(LabException.Code.AGENT, method + " " + path + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException(LabException.Code.TIMEOUT, "interrupted", e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
