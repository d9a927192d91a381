package io.sekisho.agent.install;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.agent.apiserver.Administration;
import io.sekisho.agent.apiserver.ResourceKind;
import io.sekisho.policy.Cidr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks at a cluster before anything is changed: rights, nodes, ranges of pods, other networks. */
public final class Checks {
  /** The oldest kernel that the dataplane is tried on; what it has, the agent finds out there. */
  private static final int[] OLDEST = {6, 1};

  private static final Pattern RELEASE = Pattern.compile("^(\\d+)\\.(\\d+)");

  /** DaemonSets of networks that would give pods their interfaces too. */
  private static final Pattern OTHERS =
      Pattern.compile(
          "calico-node|canal|cilium|kube-flannel(-ds)?|flannel|weave-net|antrea-agent|kindnet"
              + "|kube-router|aws-node|azure-cns|ovnkube-node|kube-ovn-cni");

  private final Administration api;
  private final String namespace;
  private final boolean ownRanges;
  private final List<GenericKubernetesResource> manifests;

  /**
   * What was found.
   *
   * @param serious whether an installation would not work
   * @param sentence what it is, and what to do
   */
  public record Finding(boolean serious, String sentence) {}

  /**
   * Looks at a cluster.
   *
   * @param namespace where Sekisho shall be
   * @param ownRanges whether the agents have ranges of pods from their configuration
   * @param manifests what shall be applied
   */
  public Checks(
      Administration api,
      String namespace,
      boolean ownRanges,
      List<GenericKubernetesResource> manifests) {
    this.api = api;
    this.namespace = namespace;
    this.ownRanges = ownRanges;
    this.manifests = List.copyOf(manifests);
  }

  /** What is in the way of taking Sekisho out of a cluster. */
  public static Optional<Finding> removal(Administration api, String namespace) {
    return rights(new Rights(api, namespace).refusedToRemove());
  }

  /** All that is in the way, or should be known. */
  public List<Finding> run() {
    var out = new ArrayList<Finding>();
    rights(new Rights(api, namespace).refusedToInstall(manifests)).ifPresent(out::add);
    if (out.isEmpty()) {
      List<GenericKubernetesResource> nodes = api.list(ResourceKind.NODE, "", "");
      if (nodes.isEmpty()) {
        out.add(new Finding(false, "the cluster has no node yet"));
      }
      nodes.forEach(node -> node(node, out));
      if (!ownRanges) {
        ranges(nodes, out);
      }
      networks(out);
    }
    return out;
  }

  private static Optional<Finding> rights(List<String> refused) {
    return refused.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                true,
                "you may not "
                    + String.join(", ", refused)
                    + ": ask for the role cluster-admin, or give another context"));
  }

  private static void node(GenericKubernetesResource node, List<Finding> out) {
    String name = node.getMetadata().getName();
    String system = Fleet.text(node.get("status", "nodeInfo", "operatingSystem"));
    if (!system.equals("linux")) {
      out.add(new Finding(false, "node " + name + " runs " + system + ": it gets no agent"));
      return;
    }
    String architecture = Fleet.text(node.get("status", "nodeInfo", "architecture"));
    if (!architecture.equals("amd64")) {
      out.add(
          new Finding(
              true, "node " + name + " is " + architecture + ": the agent's image is for amd64"));
    }
    String kernel = Fleet.text(node.get("status", "nodeInfo", "kernelVersion"));
    if (isOlder(kernel)) {
      out.add(
          new Finding(
              true,
              "node "
                  + name
                  + " has the kernel "
                  + kernel
                  + ", older than "
                  + OLDEST[0]
                  + "."
                  + OLDEST[1]
                  + ": update it, or keep agents away with a nodeSelector"));
    }
  }

  /** Whether a release is older than the oldest; what cannot be read is not. */
  static boolean isOlder(String release) {
    Matcher numbers = RELEASE.matcher(release);
    if (!numbers.find()) {
      return false;
    }
    int major = Integer.parseInt(numbers.group(1));
    int minor = Integer.parseInt(numbers.group(2));
    return major < OLDEST[0] || (major == OLDEST[0] && minor < OLDEST[1]);
  }

  /** Each node needs a range of its own, apart from all nodes' addresses. */
  private static void ranges(List<GenericKubernetesResource> nodes, List<Finding> out) {
    var none = new ArrayList<String>();
    var owners = new HashMap<Cidr, String>();
    Map<String, List<String>> addresses = new HashMap<>();
    for (GenericKubernetesResource node : nodes) {
      String name = node.getMetadata().getName();
      List<String> cidrs = texts(node.get("spec", "podCIDRs"));
      if (cidrs.isEmpty()) {
        none.add(name);
      }
      for (String text : cidrs) {
        String other = owners.put(Cidr.parse(text), name);
        if (other != null) {
          out.add(new Finding(true, "nodes " + other + " and " + name + " both have " + text));
        }
      }
      addresses.put(name, internal(node));
    }
    if (!none.isEmpty()) {
      out.add(
          new Finding(
              true,
              "no range of pod addresses (spec.podCIDR) on "
                  + none.stream().sorted().collect(Collectors.joining(", "))
                  + ": start kube-controller-manager with --allocate-node-cidrs and"
                  + " --cluster-cidr, or configure pods.pools"));
    }
    addresses.forEach((node, all) -> all.forEach(a -> overlap(node, a, owners, out)));
  }

  private static void overlap(
      String node, String address, Map<Cidr, String> owners, List<Finding> out) {
    Optional<Cidr> inside =
        owners.keySet().stream().filter(c -> c.contains(Cidr.parse(address))).findFirst();
    inside.ifPresent(
        range ->
            out.add(
                new Finding(
                    true,
                    "the address "
                        + address
                        + " of node "
                        + node
                        + " lies in the pod range "
                        + range
                        + ": choose ranges apart from the nodes'")));
  }

  private static List<String> internal(GenericKubernetesResource node) {
    return Fleet.maps(node.get("status", "addresses")).stream()
        .filter(a -> Fleet.text(a.get("type")).equals("InternalIP"))
        .map(a -> Fleet.text(a.get("address")))
        .toList();
  }

  private static List<String> texts(@Nullable Object list) {
    return list instanceof List<?> all ? all.stream().map(String::valueOf).toList() : List.of();
  }

  private void networks(List<Finding> out) {
    for (GenericKubernetesResource set : api.list(Kinds.DAEMON_SET, "", "")) {
      if (OTHERS.matcher(set.getMetadata().getName()).matches()) {
        out.add(
            new Finding(
                true,
                "another network is installed: DaemonSet "
                    + set.getMetadata().getNamespace()
                    + "/"
                    + set.getMetadata().getName()
                    + "; remove it and its file in /etc/cni/net.d of the nodes first"));
      }
    }
  }
}
