package io.sekisho.policy;

import io.sekisho.policy.parse.DocumentReader;
import java.util.List;

/** Reads policies from YAML. */
public final class Documents {
  /** API version of both kinds. */
  public static final String API_VERSION = "cilium.io/v2";

  /** Kind of a policy that speaks of endpoints of its namespace. */
  public static final String NAMESPACED = "CiliumNetworkPolicy";

  /** Kind of a policy that speaks of endpoints of all namespaces. */
  public static final String CLUSTERWIDE = "CiliumClusterwideNetworkPolicy";

  private Documents() {}

  /**
   * Reads YAML streams of one or more documents each. Never throws on what is written there: every
   * problem of every text is told at once, and a document with an error is left out of the result.
   *
   * @param texts YAML streams; problems name them by place
   */
  public static Parsed parse(List<String> texts) {
    return DocumentReader.read(texts);
  }
}
