package io.sekisho.agent.revision;

import io.sekisho.api.v1.Document;
import io.sekisho.policy.ServiceCatalog;
import java.util.List;

/**
 * The documents that this node shall realize now.
 *
 * @param revision their revision's number, 0 for the empty start
 * @param documents as their authors wrote them; they were valid when they were pushed
 * @param services what their rules about services mean
 * @param pushedNanos System.nanoTime when this node learned of it
 */
public record Intent(
    long revision, List<Document> documents, ServiceCatalog services, long pushedNanos) {
  /** Nothing was ever pushed. */
  public static final Intent EMPTY = new Intent(0, List.of(), 0);

  /** Where no services are known. */
  public Intent(long revision, List<Document> documents, long pushedNanos) {
    this(revision, documents, ServiceCatalog.EMPTY, pushedNanos);
  }

  /** Keeps an immutable copy. */
  public Intent {
    documents = List.copyOf(documents);
  }

  /** Whether another has the same documents of the same revision, whatever their services mean. */
  public boolean says(Intent other) {
    return revision == other.revision && documents.equals(other.documents);
  }

  /** Takes intents: the present one at once, then each that follows; must not block. */
  @FunctionalInterface
  public interface Listener {
    /** Shall be realized now. */
    void intended(Intent intent);
  }
}
