/** Puts the agents into a Kubernetes cluster, takes them away, and says how they are. */
@NullMarked
package io.sekisho.agent.install;

import org.jspecify.annotations.NullMarked;
