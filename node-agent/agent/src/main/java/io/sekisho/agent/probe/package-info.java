/** Measures the ways to the other nodes, from node to node and from endpoint to endpoint. */
@NullMarked
package io.sekisho.agent.probe;

import org.jspecify.annotations.NullMarked;
