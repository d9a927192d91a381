package io.sekisho.agent.reconcile;

import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.ServiceCatalog;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Documents whose rules about services mean the backends of now. What means the same as before
 * stays the same object, so that a service that no document speaks of costs nothing. Belongs to the
 * event loop.
 */
final class ResolvedDocuments {
  private Map<PolicyDocument, PolicyDocument> known = Map.of();

  /** The documents, in their order. */
  List<PolicyDocument> resolve(ServiceCatalog services, List<PolicyDocument> documents) {
    var next = new IdentityHashMap<PolicyDocument, PolicyDocument>();
    var out = new ArrayList<PolicyDocument>(documents.size());
    List<PolicyDocument> fresh = services.resolve(documents);
    for (int i = 0; i < documents.size(); i++) {
      PolicyDocument now =
          Optional.ofNullable(known.get(documents.get(i)))
              .filter(fresh.get(i)::equals)
              .orElse(fresh.get(i));
      next.put(documents.get(i), now);
      out.add(now);
    }
    known = next;
    return out;
  }
}
