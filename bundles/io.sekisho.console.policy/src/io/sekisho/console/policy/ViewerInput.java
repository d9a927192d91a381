package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterSession;

/**
 * A document that is only looked at.
 *
 * @param session of its cluster
 * @param document which
 */
record ViewerInput(ClusterSession session, InForce document) implements TitledInput {
  @Override
  public boolean exists() {
    return document.text().isPresent();
  }

  @Override
  public String getName() {
    return document.title();
  }

  /** With the kind: another one may have the same name. */
  @Override
  public String getToolTipText() {
    return document.subject().kind() + " " + document.title();
  }
}
