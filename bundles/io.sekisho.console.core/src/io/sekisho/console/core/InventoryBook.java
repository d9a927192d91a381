package io.sekisho.console.core;

import io.sekisho.api.v1.Change;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.EndpointEvent;
import io.sekisho.api.v1.Identity;
import io.sekisho.api.v1.IdentityEvent;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.NodeEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Keeps what the three watches tell. After a reconnect a watch tells the present state again; what
 * it has not named by its SYNCED is gone. Not safe for threads.
 */
final class InventoryBook {
  private final Shelf<String, Node> nodes = new Shelf<>();
  private final Shelf<String, Endpoint> endpoints = new Shelf<>();
  private final Shelf<Integer, Identity> identities = new Shelf<>();

  /** The watches begin anew; what is known stays until it is contradicted. */
  void begin() {
    nodes.begin();
    endpoints.begin();
    identities.begin();
  }

  void node(NodeEvent event) {
    nodes.apply(event.getChange(), event.getNode().getName(), event.getNode());
  }

  void endpoint(EndpointEvent event) {
    Endpoint endpoint = event.getEndpoint();
    endpoints.apply(event.getChange(), endpoint.getNode() + "/" + endpoint.getId(), endpoint);
  }

  void identity(IdentityEvent event) {
    identities.apply(event.getChange(), event.getIdentity().getNumber(), event.getIdentity());
  }

  ClusterInventory snapshot() {
    return new ClusterInventory(
        nodes.synced && endpoints.synced, nodes.known, endpoints.known, identities.known);
  }

  /** Objects of one kind. */
  private static final class Shelf<K, V> {
    private final Map<K, V> known = new HashMap<>();
    private final Set<K> told = new HashSet<>();
    private boolean synced;

    void begin() {
      told.clear();
      synced = false;
    }

    void apply(Change change, K key, V value) {
      switch (change) {
        case UPSERTED -> {
          known.put(key, value);
          told.add(key);
        }
        case REMOVED -> {
          known.remove(key);
          told.remove(key);
        }
        case SYNCED -> {
          if (!synced) {
            known.keySet().retainAll(told);
            synced = true;
          }
        }
        case CHANGE_UNKNOWN, UNRECOGNIZED -> {}
      }
    }
  }
}
