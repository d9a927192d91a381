package io.sekisho.agent.node;

import io.sekisho.api.v1.Node;

/** Part of what a node tells of itself; asked on the event loop, must not block. */
@FunctionalInterface
public interface NodePart {
  /** Sets the fields that this part knows. */
  void addTo(Node.Builder node);
}
