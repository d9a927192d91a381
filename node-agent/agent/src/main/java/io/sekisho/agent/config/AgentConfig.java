package io.sekisho.agent.config;

import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The agent's settings, all checked; {@link ConfigReader} makes it from a YAML file. Defaults stand
 * beside each component.
 *
 * @param node the node's name, and the cluster's ({@code default})
 * @param underlay what carries the overlay
 * @param podCidrs ranges of the node's pods: one or two, of different families
 * @param overlayPort UDP port of VXLAN (8472, Linux' own default)
 * @param store where the cluster's state is
 * @param grpc the TCP server; without it only the Unix socket is served
 * @param dirs folders
 * @param flows the ring of flows
 * @param conntrackEntries capacity of each connection table (65536)
 * @param leaseSeconds after which a silent node is gone (10)
 */
public record AgentConfig(
    NodeName node,
    Underlay underlay,
    List<Cidr> podCidrs,
    int overlayPort,
    Store store,
    Optional<Grpc> grpc,
    Dirs dirs,
    Flows flows,
    int conntrackEntries,
    int leaseSeconds) {

  /** Keeps an immutable copy. */
  public AgentConfig {
    podCidrs = List.copyOf(podCidrs);
  }

  /** Names: of the node, and of the cluster that it belongs to. */
  public record NodeName(String name, String cluster) {}

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
    ETCD
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

  /** The TCP server: where it listens, and its certificates. */
  public record Grpc(InetSocketAddress listen, Tls tls) {}

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
