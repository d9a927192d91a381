package io.sekisho.agent.reconcile;

import io.sekisho.agent.datapath.DesiredState;

/**
 * What the dataplane shall do, and for which revision; immutable.
 *
 * @param revision whose documents it realizes
 * @param pushedNanos when this node learned of the revision, by the ticker
 * @param state all of it
 */
public record Plan(long revision, long pushedNanos, DesiredState state) {}
