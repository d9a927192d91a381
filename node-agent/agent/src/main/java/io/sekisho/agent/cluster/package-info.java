/**
 * The cluster store: keys and values that all nodes share, with leases and watches; and above it
 * what they mean. Knows neither datapath nor gRPC.
 */
@NullMarked
package io.sekisho.agent.cluster;

import org.jspecify.annotations.NullMarked;
