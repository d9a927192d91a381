/**
 * Revisions: stored by compare-and-set, realized by every node, confirmed or reverted by each
 * node's own clock.
 */
@NullMarked
package io.sekisho.agent.revision;

import org.jspecify.annotations.NullMarked;
