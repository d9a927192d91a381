package io.sekisho.console.kubernetes;

import io.sekisho.testkit.Await;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.nio.file.Path;

/** A user who may change network policies in the namespace shop, and does not delete them. */
final class Deputy {
  private static final String GROUP = "deputies";
  private static final String POLICIES = "networkpolicies.networking.k8s.io";

  private Deputy() {}

  /** Makes the user; the kubeconfig. */
  static Path of(ControlPlane cluster) {
    cluster.kubectl(
        "create",
        "role",
        "deputy",
        "-n",
        "shop",
        "--verb=get,list,watch,patch,create",
        "--resource=" + POLICIES);
    cluster.kubectl(
        "create", "rolebinding", "deputy", "-n", "shop", "--role=deputy", "--group=" + GROUP);
    Await.until("the role counts", () -> mayPatch(cluster));
    return cluster.user("deputy", "/O=" + GROUP + "/CN=deputy");
  }

  private static boolean mayPatch(ControlPlane cluster) {
    return cluster.tryKubectl(
        "auth", "can-i", "patch", POLICIES, "-n", "shop", "--as=d", "--as-group=" + GROUP);
  }
}
