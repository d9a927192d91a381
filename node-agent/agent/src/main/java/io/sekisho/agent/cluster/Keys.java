package io.sekisho.agent.cluster;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Labels;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The keys of the cluster store, as fixed in store.proto. */
public final class Keys {
  /** Before the names of nodes. */
  public static final String NODES = "nodes/";

  /** Before {@code node/id}. */
  public static final String ENDPOINTS = "endpoints/";

  /** Before the numbers of identities. */
  public static final String IDENTITIES = "identities/by-number/";

  /** Before the names of nodes that say what they realize. */
  public static final String REALIZED = "realized/";

  /** Before the ranges of addresses that are leased to nodes. */
  public static final String RANGES = "ranges/";

  /** Which revision is in force. */
  public static final String HEAD = "head";

  private Keys() {}

  static String node(String name) {
    return NODES + name;
  }

  static String endpoint(String node, int id) {
    return ENDPOINTS + node + "/" + id;
  }

  static String range(Cidr range) {
    return RANGES + range;
  }

  static String identity(int number) {
    return IDENTITIES + number;
  }

  static String realized(String node) {
    return REALIZED + node;
  }

  /** Key of one revision. */
  public static String revision(long number) {
    return "revisions/" + number;
  }

  /** Key of a long text, by its SHA-256 in hexadecimal. */
  public static String text(String hash) {
    return "texts/" + hash;
  }

  static String labels(Labels labels) {
    return "identities/by-labels/" + HexFormat.of().formatHex(sha256(labels));
  }

  /** SHA-256 (FIPS 180-4) of the labels' canonical form. */
  static byte[] sha256(Labels labels) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(labels.toString().getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
