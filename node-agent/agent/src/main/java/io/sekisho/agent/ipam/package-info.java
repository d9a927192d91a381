/** Addresses for the node's pods. */
@NullMarked
package io.sekisho.agent.ipam;

import org.jspecify.annotations.NullMarked;
