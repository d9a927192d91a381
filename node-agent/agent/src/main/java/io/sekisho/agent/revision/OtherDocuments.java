package io.sekisho.agent.revision;

import io.sekisho.api.v1.Document;
import io.sekisho.policy.DocumentName;
import io.sekisho.policy.ServiceCatalog;
import java.util.List;
import java.util.Optional;

/**
 * Documents that are in force beside those of revisions, and what rules about services mean. Any
 * thread may ask; nothing blocks.
 */
public interface OtherDocuments {
  /** Revisions are all there is. */
  OtherDocuments NONE =
      new OtherDocuments() {
        @Override
        public Optional<String> owner(DocumentName name) {
          return Optional.empty();
        }

        @Override
        public List<Document> documents() {
          return List.of();
        }

        @Override
        public ServiceCatalog services() {
          return ServiceCatalog.EMPTY;
        }
      };

  /** Who has a document's name beside the revisions; empty if nobody has. */
  Optional<String> owner(DocumentName name);

  /** Those in force. */
  List<Document> documents();

  /** The services that rules may speak of. */
  ServiceCatalog services();
}
