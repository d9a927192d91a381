package io.sekisho.agent.config;

import io.sekisho.agent.datapath.Masquerade;
import io.sekisho.agent.datapath.Overlay;
import io.sekisho.agent.datapath.Routing;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.compile.FailSafe;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The agent's settings, all checked; {@link ConfigReader} makes it from a YAML file. Defaults stand
 * beside each component.
 *
 * @param node the node's name, and the cluster's ({@code default})
 * @param underlay what carries the overlay
 * @param pods where the node's pods get their addresses
 * @param routing how packets travel to other nodes' pods ({@code vxlan})
 * @param overlay the tunnel: its port (8472 for VXLAN, 6081 for Geneve), and who makes outer
 *     headers (the programs)
 * @param masquerade what leaves the cluster gets the node's address
 * @param store where the cluster's state is
 * @param grpc the TCP server; without it only the Unix socket is served
 * @param dirs folders
 * @param flows the ring of flows
 * @param conntrackEntries capacity of each connection table (by the machine's memory, see {@link
 *     ConnectionCapacity})
 * @param natEntries capacity of the table of masqueraded connections, two entries for each (twice
 *     as many)
 * @param health how nodes watch each other
 * @param failSafe what of the node's own traffic passes whatever documents say
 * @param apiServers where Kubernetes' API is, for the entity {@code kube-apiserver}
 * @param policy how policies are obeyed
 * @param kubernetes the API server that pods and policies come from; empty without Kubernetes
 * @param services folder of the cgroup (version 2) whose processes reach services by our programs;
 *     empty if services are not ours
 */
public record AgentConfig(
    NodeName node,
    Underlay underlay,
    Pods pods,
    Routing routing,
    Overlay overlay,
    MasqueradeConfig masquerade,
    Store store,
    Optional<Grpc> grpc,
    Dirs dirs,
    Flows flows,
    OptionalInt conntrackEntries,
    OptionalInt natEntries,
    HealthConfig health,
    FailSafe failSafe,
    List<Cidr> apiServers,
    PolicyConfig policy,
    Optional<Kubernetes> kubernetes,
    Optional<Path> services) {

  /** Keeps an immutable copy. */
  public AgentConfig {
    apiServers = List.copyOf(apiServers);
  }

  /**
   * Where the node's pods get their addresses: from ranges of its own, or from ranges that it
   * leases from the cluster's pools. One of both is empty, or both where Kubernetes gives it
   * ranges.
   *
   * @param cidrs the node's own ranges: one or two, of different families
   * @param pools the cluster's: one or two, of different families
   */
  public record Pods(List<Cidr> cidrs, List<Pool> pools) {
    /** Keeps immutable copies. */
    public Pods {
      cidrs = List.copyOf(cidrs);
      pools = List.copyOf(pools);
    }
  }

  /**
   * A range of the whole cluster, from which each node leases a part.
   *
   * @param cidr the whole
   * @param nodeLength prefix length of a node's part, in the family's own bits (24 of 32, 64 of
   *     128)
   */
  public record Pool(Cidr cidr, int nodeLength) {}

  /**
   * What leaves the cluster gets the node's address.
   *
   * @param enabled whether it does (true)
   * @param ports which ports such connections get (49152-65535), and on which devices beside the
   *     underlay (those that default routes leave by)
   * @param exclude destinations outside to which pods speak with their own address
   */
  public record MasqueradeConfig(boolean enabled, Masquerade ports, List<Cidr> exclude) {
    /** Keeps an immutable copy. */
    public MasqueradeConfig {
      exclude = List.copyOf(exclude);
    }
  }

  /**
   * How nodes watch each other, and how others watch this one.
   *
   * @param leaseSeconds after which a silent node is gone: 300, as long as Kubernetes leaves pods
   *     on a node that does not answer, for an agent that is away (an update that fetches an image,
   *     say) must not take its node out of the others' maps; that it is silent they say after 30 s
   * @param listen where HTTP tells whether the agent lives and serves, for a kubelet's probes;
   *     empty for nowhere
   * @param probes whether the ways to the other nodes are measured (true)
   * @param probeSeconds how often (10)
   */
  public record HealthConfig(
      int leaseSeconds, Optional<InetSocketAddress> listen, boolean probes, int probeSeconds) {}

  /**
   * How policies are obeyed.
   *
   * @param enforcement where ({@code default}), and whether all is under audit (false)
   * @param verifySeconds how often the kernel's maps are compared with the documents (300); 0 for
   *     never
   * @param spared ranges that deny lists never deny, beside the addresses of nodes
   */
  public record PolicyConfig(Enforcement enforcement, int verifySeconds, List<Cidr> spared) {
    /** Keeps an immutable copy. */
    public PolicyConfig {
      spared = List.copyOf(spared);
    }
  }

  /**
   * Who the node is.
   *
   * @param name its name
   * @param cluster the cluster that it belongs to
   * @param labels its labels as texts, {@code k8s:zone=a}
   */
  public record NodeName(String name, String cluster, List<String> labels) {
    /** Keeps an immutable copy. */
    public NodeName {
      labels = List.copyOf(labels);
    }
  }

  /**
   * What carries the overlay.
   *
   * @param device its name
   * @param addresses the node's own addresses on it; empty to read them from the device
   */
  public record Underlay(String device, List<InetAddress> addresses) {
    /** Keeps an immutable copy. */
    public Underlay {
      addresses = List.copyOf(addresses);
    }
  }

  /** Kinds of cluster store. */
  public enum StoreType {
    /** A file in the state folder; a cluster of one node. */
    FILE,
    /** An etcd cluster. */
    ETCD,
    /** Custom resources of a Kubernetes API server. */
    KUBERNETES
  }

  /**
   * The API server that pods and policies come from.
   *
   * @param nodeName the node's name in Kubernetes, which is its name
   * @param kubeconfig how to reach it; empty inside of a pod, whose service account is used
   * @param namespace where Sekisho's own objects are ({@code sekisho-system})
   * @param podTimeout how long ADD waits for its pod to be known (10 s)
   * @param requestsPerSecond at most so many on the average (20)
   * @param includeLabels keys of labels that become security labels in any case
   * @param excludeLabels keys of labels that do not; empty for those that usually do not
   * @param cniConfiguration our network configuration on the host, whose folder is looked at
   *     ({@code /etc/cni/net.d/05-sekisho.conflist})
   */
  public record Kubernetes(
      String nodeName,
      Optional<Path> kubeconfig,
      String namespace,
      Duration podTimeout,
      int requestsPerSecond,
      List<Pattern> includeLabels,
      List<Pattern> excludeLabels,
      Path cniConfiguration) {
    /** Keeps immutable copies. */
    public Kubernetes {
      includeLabels = List.copyOf(includeLabels);
      excludeLabels = List.copyOf(excludeLabels);
    }
  }

  /**
   * Where the cluster's state is.
   *
   * @param type what kind
   * @param endpoints URLs of etcd, each with its port
   * @param tls how to meet etcd; empty for plain text
   */
  public record Store(StoreType type, List<URI> endpoints, Optional<Tls> tls) {
    /** Keeps an immutable copy. */
    public Store {
      endpoints = List.copyOf(endpoints);
    }
  }

  /** PEM files: who is trusted, who we are, and the key of that (PKCS#8). */
  public record Tls(Path ca, Path certificate, Path key) {}

  /**
   * The TCP server.
   *
   * @param listen where it listens
   * @param tls its certificates
   * @param serverName name that every agent's certificate bears, so that one certificate serves
   *     all; empty where each names its agent's address
   * @param loopback whether the same port of 127.0.0.1 is served too: there a port-forward through
   *     an API server ends (false)
   */
  public record Grpc(
      InetSocketAddress listen, Tls tls, Optional<String> serverName, boolean loopback) {}

  /**
   * Folders.
   *
   * @param run sockets ({@code /run/sekisho/<node>})
   * @param state endpoints and file store ({@code /var/lib/sekisho/<node>})
   * @param bpf holds the node's pin folder ({@code /sys/fs/bpf/sekisho})
   */
  public record Dirs(Path run, Path state, Path bpf) {
    /** The CNI plugin's socket. */
    public Path cniSocket() {
      return run.resolve("cni.sock");
    }

    /** The root-only gRPC socket. */
    public Path agentSocket() {
      return run.resolve("agent.sock");
    }

    /** The socket that serves metrics as text. */
    public Path metricsSocket() {
      return run.resolve("metrics.sock");
    }
  }

  /**
   * The ring of flows.
   *
   * @param capacity flows that it holds (65536), a power of two
   * @param aggregationSeconds how often an open connection is reported without news (5)
   */
  public record Flows(int capacity, int aggregationSeconds) {}
}
