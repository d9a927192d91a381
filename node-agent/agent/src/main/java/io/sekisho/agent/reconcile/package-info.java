/** From inputs to the desired state of the dataplane, and from there to the kernel. */
@NullMarked
package io.sekisho.agent.reconcile;

import org.jspecify.annotations.NullMarked;
