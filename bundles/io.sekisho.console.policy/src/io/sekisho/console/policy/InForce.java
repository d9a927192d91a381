package io.sekisho.console.policy;

import io.sekisho.api.v1.Document;
import io.sekisho.console.core.kubernetes.KubernetesCluster;
import io.sekisho.console.core.kubernetes.KubernetesContext.Target;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Policy;
import io.sekisho.console.core.kubernetes.ObjectRef;
import java.util.Optional;

/** A document in force that is not the draft's, for the cluster's changes go another way. */
sealed interface InForce {
  /** {@code namespace/name}, or the name alone. */
  String title();

  /** Its YAML as it is now; empty once it is gone. */
  Optional<String> text();

  /**
   * Why it can't be changed here.
   *
   * @param cluster name of the cluster
   */
  String why(String cluster);

  /** Where policies of the cluster must go for it to be changed here. */
  Target home();

  /** How to find it again. */
  RuleSubject subject();

  /** An object of the API server, where changes are pushed to the agents; it is followed. */
  record OfKubernetes(KubernetesCluster cluster, ObjectRef ref) implements InForce {
    @Override
    public String title() {
      return ref.title();
    }

    @Override
    public Optional<String> text() {
      return cluster.objects().policy(ref).map(Policy::yaml);
    }

    @Override
    public Target home() {
      return Target.KUBERNETES;
    }

    @Override
    public RuleSubject subject() {
      return new RuleSubject(title(), ref.kind(), 0);
    }

    @Override
    public String why(String name) {
      return cluster.objects().synced() && text().isEmpty()
          ? Texts.bind(Texts.read_only_gone, ref.kind())
          : Texts.bind(Texts.read_only_object, ref.kind(), name);
    }
  }

  /** Whether policies of the cluster can go there by this session. */
  default boolean movable() {
    return true;
  }

  /** One of which the document is at hand, as it was when it was found. */
  sealed interface OfDocument extends InForce {
    /** The document. */
    Document document();

    @Override
    default String title() {
      return DraftDocument.path(DraftDocument.name(document()));
    }

    @Override
    default Optional<String> text() {
      return Optional.of(document().getYaml());
    }

    @Override
    default RuleSubject subject() {
      return new RuleSubject(title(), document().getKind(), 0);
    }
  }

  /** An object of an API server that agents follow and this session does not see. */
  record OfAgents(Document document) implements OfDocument {
    @Override
    public Target home() {
      return Target.KUBERNETES;
    }

    @Override
    public boolean movable() {
      return false;
    }

    @Override
    public String why(String cluster) {
      return Texts.bind(Texts.read_only_agents, document.getKind());
    }
  }

  /** A document of a revision, where changes are applied to the API server. */
  record OfRevision(Document document, long revision) implements OfDocument {
    @Override
    public Target home() {
      return Target.AGENTS;
    }

    @Override
    public String why(String cluster) {
      return Texts.bind(
          Texts.read_only_revision, new Object[] {document.getKind(), revision, cluster});
    }
  }
}
