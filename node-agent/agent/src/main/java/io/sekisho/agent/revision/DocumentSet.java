package io.sekisho.agent.revision;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.DocumentName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Documents by kind, namespace and name; immutable, sorted by name. */
final class DocumentSet {
  private final SortedMap<String, Document> byName;

  private DocumentSet(SortedMap<String, Document> byName) {
    this.byName = byName;
  }

  static DocumentSet of(Collection<Document> documents) {
    var byName = new TreeMap<String, Document>();
    documents.forEach(document -> byName.put(name(document), document));
    return new DocumentSet(byName);
  }

  /** Kind and name of a document, as people write it. */
  static String name(Document document) {
    return name(document.getKind(), document.getNamespace(), document.getName());
  }

  static String name(DocumentName name) {
    return name(name.getKind(), name.getNamespace(), name.getName());
  }

  private static String name(String kind, String namespace, String name) {
    return kind + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
  }

  boolean contains(DocumentName name) {
    return byName.containsKey(name(name));
  }

  /** This set with documents added or replaced, and others removed. */
  DocumentSet with(Collection<Document> upsert, Collection<DocumentName> remove) {
    var next = new TreeMap<>(byName);
    remove.forEach(name -> next.remove(name(name)));
    upsert.forEach(document -> next.put(name(document), document));
    return new DocumentSet(next);
  }

  /** Names of those documents that this set has not, or has with another text. */
  List<String> others(Collection<Document> documents) {
    return documents.stream()
        .filter(d -> !d.equals(byName.get(name(d))))
        .map(DocumentSet::name)
        .toList();
  }

  List<Document> documents() {
    return List.copyOf(byName.values());
  }

  Map<String, Document> byName() {
    return byName;
  }

  /** How this set differs from another. */
  Counts since(DocumentSet base) {
    int added = 0;
    int changed = 0;
    for (var entry : byName.entrySet()) {
      Document before = base.byName.get(entry.getKey());
      if (before == null) {
        added++;
      } else if (!before.getYaml().equals(entry.getValue().getYaml())) {
        changed++;
      }
    }
    int removed =
        (int) base.byName.keySet().stream().filter(name -> !byName.containsKey(name)).count();
    return new Counts(added, changed, removed);
  }

  /** Numbers of documents. */
  record Counts(int added, int changed, int removed) {}
}
