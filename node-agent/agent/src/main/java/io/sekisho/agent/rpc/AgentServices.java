package io.sekisho.agent.rpc;

import io.sekisho.agent.cluster.Cluster;
import io.sekisho.agent.observer.FlowSource;
import io.sekisho.agent.path.PathTracer;
import io.sekisho.agent.policy.NodeEnforcement;
import io.sekisho.agent.revision.RevisionController;
import io.sekisho.agent.revision.Revisions;

/**
 * What the server serves.
 *
 * @param node name of this node
 * @param version the agent's version
 * @param cluster the cluster as this node sees it
 * @param flows this node's flows
 * @param revisions the revisions of the cluster
 * @param controller tells when the head moves
 * @param paths traces paths from this node's endpoints
 * @param enforcement how this node obeys policies
 */
public record AgentServices(
    String node,
    String version,
    Cluster cluster,
    FlowSource flows,
    Revisions revisions,
    RevisionController controller,
    PathTracer paths,
    NodeEnforcement enforcement) {}
