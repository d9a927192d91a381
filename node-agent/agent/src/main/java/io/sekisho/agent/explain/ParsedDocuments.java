package io.sekisho.agent.explain;

import io.sekisho.api.v1.Document;
import io.sekisho.policy.Documents;
import io.sekisho.policy.PolicyDocument;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Documents as they were read, remembered, so that a draft costs only what is new in it. */
final class ParsedDocuments {
  /** Documents beyond those of the last question before any are forgotten. */
  private static final int SPARE = 2_000;

  private final Map<Document, Optional<PolicyDocument>> known = new ConcurrentHashMap<>();

  /** Stored documents; one that cannot be read any more is left out. */
  List<PolicyDocument> read(List<Document> documents) {
    List<PolicyDocument> out =
        documents.stream().flatMap(d -> known.computeIfAbsent(d, this::parse).stream()).toList();
    if (known.size() > documents.size() + SPARE) {
      known.keySet().retainAll(new HashSet<>(documents));
    }
    return out;
  }

  private Optional<PolicyDocument> parse(Document document) {
    return Documents.parse(List.of(document.getYaml())).documents().stream().findFirst();
  }
}
