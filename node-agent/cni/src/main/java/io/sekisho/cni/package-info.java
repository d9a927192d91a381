/**
 * The CNI plugin: a short-lived process that a container runtime executes on a node. It reads the
 * network configuration from standard input and the CNI_* environment, asks the node's agent
 * through a Unix socket, and prints the answer. All state is the agent's; see the CNI specification
 * 1.1.
 */
@NullMarked
package io.sekisho.cni;

import org.jspecify.annotations.NullMarked;
