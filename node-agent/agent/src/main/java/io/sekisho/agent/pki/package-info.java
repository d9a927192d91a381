/** The cluster's own certificates: authority, nodes, operators. Knows nothing else of the agent. */
@NullMarked
package io.sekisho.agent.pki;

import org.jspecify.annotations.NullMarked;
