package io.sekisho.lab.kubernetes;

import io.sekisho.testkit.kubernetes.ControlPlane;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** CoreDNS as pods of a real cluster, behind the service {@code kube-dns}, which we serve. */
final class NameService {
  private static final String ADDRESS = "10.96.0.10";
  private static final String IMAGE = "sekisho.test/coredns:1";

  private NameService() {}

  /** Why there can be none here, or nobody to ask it; empty if there can. */
  static Optional<String> missing() {
    return ControlPlane.missingPrograms("coredns")
        .or(
            () ->
                Files.isExecutable(Path.of("/usr/bin/dig"))
                    ? Optional.empty()
                    : Optional.of("dig is not installed: bind9-dnsutils"));
  }

  /** Variables of node.bash: kubelets tell pods where names are answered. */
  static Map<String, String> settings() {
    return missing().isPresent() ? Map.of() : Map.of("K8S_DNS", ADDRESS);
  }

  /** Makes the image, before nodes join. */
  static void makeImage(ControlPlane plane) {
    if (missing().isEmpty()) {
      plane.script(
          "image.bash",
          plane.folder().resolve("images/coredns.tar").toString(),
          IMAGE,
          ControlPlane.programs().resolve("coredns").toString());
    }
  }

  /** Brings it up, and waits until it answers. */
  static void start(ControlPlane plane) {
    if (missing().isEmpty()) {
      plane.kubectl(
          "apply", "-f", ControlPlane.scripts().resolve("coredns/coredns.yaml").toString());
      plane.kubectl(
          "-n", "kube-system", "rollout", "status", "--timeout", "120s", "deploy/coredns");
    }
  }
}
