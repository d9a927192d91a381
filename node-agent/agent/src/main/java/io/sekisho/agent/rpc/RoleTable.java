package io.sekisho.agent.rpc;

import static io.sekisho.agent.pki.Role.ADMIN;
import static io.sekisho.agent.pki.Role.NODE;
import static io.sekisho.agent.pki.Role.OPERATOR;
import static io.sekisho.agent.pki.Role.VIEWER;

import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.sekisho.agent.pki.Role;
import io.sekisho.api.observer.ObserverGrpc;
import io.sekisho.api.v1.EndpointsGrpc;
import io.sekisho.api.v1.EnforcementGrpc;
import io.sekisho.api.v1.IdentitiesGrpc;
import io.sekisho.api.v1.NodesGrpc;
import io.sekisho.api.v1.PathsGrpc;
import io.sekisho.api.v1.PoliciesGrpc;
import io.sekisho.api.v1.RevisionsGrpc;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Which role may call which method. What is not in the table nobody may call. */
final class RoleTable {
  private static final Set<Role> SEE = Set.of(VIEWER, OPERATOR, ADMIN);
  private static final Set<Role> PEER = Set.of(VIEWER, OPERATOR, ADMIN, NODE);
  private static final Set<Role> CHANGE = Set.of(OPERATOR, ADMIN);

  /** Sends packets, so not for viewers; nodes ask each other on behalf of operators. */
  private static final Set<Role> TRACE = Set.of(OPERATOR, ADMIN, NODE);

  private static final Map<String, Set<Role>> METHODS = methods();

  private RoleTable() {}

  private static Map<String, Set<Role>> methods() {
    var table = new HashMap<String, Set<Role>>();
    put(table, ObserverGrpc.SERVICE_NAME, PEER, "GetFlows", "GetNodes", "ServerStatus");
    put(table, NodesGrpc.SERVICE_NAME, SEE, "List", "Watch");
    put(table, NodesGrpc.SERVICE_NAME, Set.of(ADMIN), "Remove");
    put(table, EndpointsGrpc.SERVICE_NAME, SEE, "List", "Watch");
    put(table, IdentitiesGrpc.SERVICE_NAME, SEE, "List", "Watch");
    put(
        table,
        RevisionsGrpc.SERVICE_NAME,
        SEE,
        "Validate",
        "History",
        "Get",
        "Diff",
        "WatchRollout");
    put(table, RevisionsGrpc.SERVICE_NAME, CHANGE, "Push", "Confirm", "Rollback");
    put(table, PoliciesGrpc.SERVICE_NAME, SEE, "Trace", "Reach", "Changes", "Beside");
    put(table, PathsGrpc.SERVICE_NAME, TRACE, "Trace");
    put(table, EnforcementGrpc.SERVICE_NAME, SEE, "Get");
    put(table, EnforcementGrpc.SERVICE_NAME, CHANGE, "Set", "AuditEndpoint", "Verify");
    put(table, HealthGrpc.SERVICE_NAME, PEER, "Check", "Watch", "List");
    put(table, ServerReflectionGrpc.SERVICE_NAME, SEE, "ServerReflectionInfo");
    return Map.copyOf(table);
  }

  private static void put(
      Map<String, Set<Role>> table, String service, Set<Role> roles, String... methods) {
    for (String method : methods) {
      table.put(service + "/" + method, roles);
    }
  }

  /** Roles that may call a method; none for a method that is not in the table. */
  static Set<Role> allowed(String method) {
    return METHODS.getOrDefault(method, Set.of());
  }
}
