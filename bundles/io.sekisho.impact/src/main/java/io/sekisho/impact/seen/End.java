package io.sekisho.impact.seen;

import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.net.InetAddress;

/** One end of recorded connections, as far as policies care. */
public sealed interface End {
  /** Its key in graph and selection: {@code namespace/workload}, or what is shown outside. */
  String key();

  /** What people call it. */
  default String name() {
    return key().startsWith("/") ? key().substring(1) : key();
  }

  /**
   * A pod, a node, or anything else whose labels decide.
   *
   * @param identity its labels, as they were when the flow was told
   */
  record Known(String key, Identity identity) implements End {
    /** The security labels. */
    public Labels labels() {
      return identity.labels();
    }

    /** Whether policies decide at this end: it has an interface of its own. */
    public boolean isEndpoint() {
      return identity.isEndpoint();
    }

    /** Whether it is the node on which the other end lives. */
    public boolean isOwnNode() {
      return labels().get("reserved:host").isPresent();
    }
  }

  /** Something outside of the cluster: its address decides, by the prefixes that documents name. */
  record Outside(String key, InetAddress address) implements End {}

  /**
   * Nobody can say what it was.
   *
   * @param why as a sentence
   */
  record Unknown(String key, String why) implements End {}
}
