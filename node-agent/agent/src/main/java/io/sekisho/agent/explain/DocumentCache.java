package io.sekisho.agent.explain;

import io.sekisho.api.v1.Document;
import io.sekisho.policy.Documents;
import io.sekisho.policy.PolicyDocument;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Documents as they were read, remembered, so that a draft costs only what is new in it. */
final class DocumentCache {
  /** Documents beyond those of the largest question before any are forgotten. */
  private static final int SPARE = 2_000;

  private final AtomicInteger most = new AtomicInteger();
  private final Map<Document, Optional<PolicyDocument>> known = new ConcurrentHashMap<>();

  /** Stored documents; one that cannot be read any more is left out. */
  List<PolicyDocument> read(List<Document> documents) {
    List<PolicyDocument> out =
        documents.stream().flatMap(d -> known.computeIfAbsent(d, this::parse).stream()).toList();
    // a small question between large ones, as of a draft, must not cost what those are asked about
    if (known.size() > most.accumulateAndGet(documents.size(), Math::max) + SPARE) {
      known.keySet().retainAll(new HashSet<>(documents));
      most.set(documents.size());
    }
    return out;
  }

  private Optional<PolicyDocument> parse(Document document) {
    return Documents.parse(List.of(document.getYaml())).documents().stream().findFirst();
  }
}
