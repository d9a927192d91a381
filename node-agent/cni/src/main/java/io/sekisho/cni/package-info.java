/** The CNI plugin that a container runtime executes, and the words it speaks with the agent. */
@NullMarked
package io.sekisho.cni;

import org.jspecify.annotations.NullMarked;
