/**
 * The agent's gRPC server and its calls to other agents: transports, roles, and one class for each
 * service. Reads the cluster, the flows and the revisions; knows neither datapath nor controllers.
 */
@NullMarked
package io.sekisho.agent.rpc;

import org.jspecify.annotations.NullMarked;
