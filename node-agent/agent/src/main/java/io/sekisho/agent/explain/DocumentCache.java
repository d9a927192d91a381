package io.sekisho.agent.explain;

import static java.util.stream.Collectors.toSet;

import io.sekisho.agent.revision.OtherDocuments;
import io.sekisho.api.v1.Document;
import io.sekisho.policy.DocumentName;
import io.sekisho.policy.Documents;
import io.sekisho.policy.PolicyDocument;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Documents as they were read, remembered, so that a draft costs only what is new in it. */
final class DocumentCache {
  /** Documents beyond those of the largest question before any are forgotten. */
  private static final int SPARE = 2_000;

  private final AtomicInteger most = new AtomicInteger();
  private final Map<Document, Optional<PolicyDocument>> known = new ConcurrentHashMap<>();

  /** Stored documents and those beside them, with rules about services meaning what they do now. */
  List<PolicyDocument> read(List<Document> documents, OtherDocuments beside) {
    var all = new ArrayList<Document>(documents);
    Set<DocumentName> names = documents.stream().map(DocumentCache::name).collect(toSet());
    beside.documents().stream().filter(d -> !names.contains(name(d))).forEach(all::add);
    return beside.services().resolve(read(all));
  }

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

  private static DocumentName name(Document document) {
    return new DocumentName(document.getKind(), document.getNamespace(), document.getName());
  }

  private Optional<PolicyDocument> parse(Document document) {
    return Documents.parse(List.of(document.getYaml())).documents().stream().findFirst();
  }
}
