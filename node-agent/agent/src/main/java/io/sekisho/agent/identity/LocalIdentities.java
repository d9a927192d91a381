package io.sekisho.agent.identity;

import io.sekisho.agent.health.Health;
import io.sekisho.policy.Cidr;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executor;

/** What means something on this node only, identities above all, kept for the next agent. */
public final class LocalIdentities {
  private final LocalIdentityFile<Cidr> cidrFile;
  private final LocalIdentityFile<String> nodeFile;
  private final LocalIdentityFile<Cidr> addressFile;
  private final CidrIdentities cidrs;
  private final NodeIdentities nodes;
  private final NodeAddresses addresses;
  private final Executor writer;
  private final Health health;
  private long keptCidrs;
  private long keptNodes;
  private long keptAddresses;

  /**
   * Begins with what an earlier agent kept in a folder.
   *
   * @param writer runs what blocks, in order
   */
  public LocalIdentities(Path folder, Executor writer, Health health, InstantSource clock) {
    this.cidrFile = LocalIdentityFile.cidrs(folder, health);
    this.nodeFile = LocalIdentityFile.nodes(folder, health);
    this.addressFile = LocalIdentityFile.addresses(folder, health);
    this.writer = writer;
    this.health = health;
    this.cidrs = new CidrIdentities(cidrFile.read());
    this.nodes = new NodeIdentities(nodeFile.read());
    this.addresses = new NodeAddresses(addressFile.read(), clock);
  }

  /** Of prefixes. */
  public CidrIdentities cidrs() {
    return cidrs;
  }

  /** Of other nodes. */
  public NodeIdentities nodes() {
    return nodes;
  }

  /** Where nodes are and were. */
  public NodeAddresses addresses() {
    return addresses;
  }

  /** Keeps what is new; does not block. */
  public void keep() {
    if (cidrs.version() != keptCidrs) {
      keptCidrs = cidrs.version();
      keep(cidrFile, cidrs.numbers());
    }
    if (nodes.version() != keptNodes) {
      keptNodes = nodes.version();
      keep(nodeFile, nodes.numbers());
    }
    if (addresses.version() != keptAddresses) {
      keptAddresses = addresses.version();
      keep(addressFile, addresses.days());
    }
  }

  private <K> void keep(LocalIdentityFile<K> file, Map<K, Integer> numbers) {
    writer.execute(() -> write(file, numbers));
  }

  private <K> void write(LocalIdentityFile<K> file, Map<K, Integer> numbers) {
    try {
      file.write(numbers);
      health.clear(file.component());
    } catch (UncheckedIOException e) {
      health.report(file.component(), String.valueOf(e.getMessage()));
    }
  }
}
