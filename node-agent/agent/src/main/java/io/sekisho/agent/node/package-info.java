/** What this node tells the cluster of itself. */
@NullMarked
package io.sekisho.agent.node;

import org.jspecify.annotations.NullMarked;
