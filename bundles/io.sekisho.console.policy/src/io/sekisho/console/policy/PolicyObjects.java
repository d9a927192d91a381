package io.sekisho.console.policy;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.DocumentName;
import io.sekisho.api.v1.Revision;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.kubernetes.KubernetesCluster;
import io.sekisho.console.core.kubernetes.KubernetesContext.Target;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Policy;
import io.sekisho.console.core.kubernetes.ObjectRef;
import java.util.List;
import java.util.Optional;

/** Policies as objects of the cluster's API server, where the operator has chosen that. */
final class PolicyObjects {
  private PolicyObjects() {}

  /** The API server whose objects the draft is about; empty where it is about revisions. */
  static Optional<KubernetesCluster> of(ClusterSession session) {
    return session.kubernetes().filter(k -> k.context().target() == Target.KUBERNETES);
  }

  /** The policies as if they were a revision, whose number is the snapshot's version. */
  static Revision asRevision(KubernetesObjects objects) {
    Revision.Builder out = Revision.newBuilder().setNumber(objects.version());
    for (Policy policy : objects.policies()) {
      out.addDocuments(
          Document.newBuilder()
              .setKind(policy.ref().kind())
              .setNamespace(policy.ref().namespace())
              .setName(policy.ref().name())
              .setYaml(policy.yaml()));
    }
    return out.build();
  }

  /** The objects of documents that shall go. */
  static List<ObjectRef> refs(List<DocumentName> names) {
    return names.stream()
        .map(n -> new ObjectRef(n.getKind(), n.getNamespace(), n.getName()))
        .toList();
  }
}
