package io.sekisho.console.policy;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.DocumentName;
import io.sekisho.api.v1.Problem;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.Revision;
import io.sekisho.api.v1.Severity;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.kubernetes.KubernetesCluster;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.ui.Background;
import io.sekisho.console.ui.Latest;
import io.sekisho.policy.PolicyDocument;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;

/**
 * The documents of a cluster as the operator wants them: those of a base revision with local
 * changes, which are saved as they are made and survive a restart. While nothing is changed the
 * draft follows the head. Texts are read by workers once typing has paused. UI thread only.
 */
final class Draft {
  private static final int PAUSE_MS = 200;

  /** What is new. */
  enum Topic {
    DOCUMENTS,
    TEXT,
    PROBLEMS
  }

  /** Hears of changes, on the UI thread. */
  @FunctionalInterface
  interface Listener {
    void changed(Topic topic);
  }

  private final ClusterSession session;
  private final Display display = Display.getCurrent();
  private final DraftFile file;

  /** Local changes that an earlier start has left. */
  private final CompletableFuture<PushRequest> kept;

  private final List<DraftDocument> documents = new ArrayList<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Map<DraftDocument, List<Problem>> problems = new LinkedHashMap<>();
  private long base;
  private boolean loaded;
  private boolean loading;
  private final Latest<Set<String>, Map<String, List<PolicyDocument>>> reading;
  private final List<Runnable> whenRead = new ArrayList<>();

  Draft(ClusterSession session, DraftFile file) {
    this.session = session;
    this.file = file;
    this.kept = file.read();
    this.reading = new Latest<>(display, PAUSE_MS, Draft::read, (texts, what) -> taken(what));
  }

  private static Map<String, List<PolicyDocument>> read(Collection<String> texts) {
    Map<String, List<PolicyDocument>> out = new HashMap<>();
    texts.forEach(t -> out.put(t, Reading.documents(List.of(t))));
    return out;
  }

  /** Texts were read: titles may be others. */
  private void taken(Map<String, List<PolicyDocument>> read) {
    List<Object> before = names();
    for (DraftDocument document : documents) {
      Optional.ofNullable(read.get(document.text()))
          .ifPresent(found -> document.read(document.text(), found));
    }
    if (!before.equals(names())) {
      changed(Topic.DOCUMENTS);
    }
    if (isRead()) {
      List<Runnable> waiting = List.copyOf(whenRead);
      whenRead.clear();
      waiting.forEach(Runnable::run);
    }
  }

  private List<Object> names() {
    return documents.stream().<Object>map(DraftDocument::names).toList();
  }

  private Set<String> unread() {
    return documents.stream()
        .filter(DraftDocument::unread)
        .map(DraftDocument::text)
        .collect(Collectors.toSet());
  }

  /** Whether it is known whom every text names. */
  private boolean isRead() {
    return documents.stream().noneMatch(DraftDocument::unread);
  }

  /** Runs once it is known whom every text names: now, or when the last one was read. */
  void whenRead(Runnable then) {
    if (isRead()) {
      then.run();
    } else {
      whenRead.add(then);
      reading.now(unread());
    }
  }

  ClusterSession session() {
    return session;
  }

  void addListener(Listener listener) {
    listeners.add(listener);
  }

  void removeListener(Listener listener) {
    listeners.remove(listener);
  }

  private void tell(Topic topic) {
    listeners.forEach(l -> l.changed(topic));
  }

  /** Revision that the changes are made against, 0 for the empty start. */
  long base() {
    return base;
  }

  /** Whether the documents in force are known. */
  boolean loaded() {
    return loaded;
  }

  /** By title. */
  List<DraftDocument> documents() {
    return documents.stream().sorted(Comparator.comparing(DraftDocument::title)).toList();
  }

  /** Those that a push would send. */
  List<DraftDocument> changes() {
    return documents().stream().filter(d -> d.state() != DraftDocument.State.UNCHANGED).toList();
  }

  /**
   * Runs once the documents in force are known: now, or when they have come.
   *
   * @param owner not if it has gone meanwhile
   */
  void whenLoaded(Control owner, Runnable then) {
    if (loaded) {
      then.run();
      return;
    }
    Listener once =
        new Listener() {
          @Override
          public void changed(Topic topic) {
            if (loaded) {
              removeListener(this);
              if (!owner.isDisposed()) {
                then.run();
              }
            }
          }
        };
    addListener(once);
    load();
  }

  /** What was asked for: the documents in force, and at first what was kept of local changes. */
  private record Found(Revision head, PushRequest kept, Map<String, List<PolicyDocument>> read) {}

  /** The documents in force, where they may be others than the known ones. */
  private Optional<CompletableFuture<Revision>> news() {
    Optional<KubernetesObjects> objects = PolicyObjects.of(session).map(KubernetesCluster::objects);
    if (objects.isPresent()) {
      return objects
          .filter(o -> o.synced() && (!loaded || o.version() != base))
          .map(o -> CompletableFuture.completedFuture(PolicyObjects.asRevision(o)));
    }
    return loaded && session.revisions().head() == base
        ? Optional.empty()
        : Optional.of(session.revisions().get(0));
  }

  /**
   * Asks for the documents in force, unless that is under way or they are known. No widget owns the
   * answer: views come and go meanwhile.
   */
  void load() {
    if (!loading) {
      news().ifPresent(this::load);
    }
  }

  private void load(CompletableFuture<Revision> head) {
    loading = true;
    CompletableFuture<PushRequest> before =
        loaded ? CompletableFuture.completedFuture(PushRequest.getDefaultInstance()) : kept;
    Background.onUi(
        head.thenCombineAsync(
            before, (h, k) -> new Found(h, k, read(k.getUpsertList())), Background.workers()),
        display,
        (found, failure) -> {
          loading = false;
          if (failure == null) {
            follow(found);
          }
        });
  }

  /** Takes the documents in force; local changes stay, and are then changes against them. */
  private void follow(Found found) {
    Revision head = found.head();
    List<DraftDocument> old = List.copyOf(documents);
    Map<DocumentName, DraftDocument> byName = byName(old);
    documents.clear();
    for (Document document : head.getDocumentsList()) {
      DraftDocument known =
          Optional.ofNullable(byName.get(DraftDocument.name(document)))
              .filter(d -> !documents.contains(d)) // its text may name two
              .orElseGet(() -> new DraftDocument(Optional.of(document), document.getYaml()));
      known.rebase(Optional.of(document));
      documents.add(known);
    }
    for (DraftDocument mine : old) {
      boolean local =
          mine.state() == DraftDocument.State.ADDED || mine.state() == DraftDocument.State.CHANGED;
      if (local && !documents.contains(mine)) {
        mine.rebase(Optional.empty());
        documents.add(mine);
      }
    }
    base = head.getNumber();
    if (!loaded) {
      loaded = true;
      reapply(found.kept(), found.read());
      if (!old.isEmpty()) {
        keep();
      }
    }
    problems.keySet().retainAll(documents);
    tell(Topic.DOCUMENTS);
  }

  /** By the name in force and by those that the text has; of two the first. */
  private static Map<DocumentName, DraftDocument> byName(List<DraftDocument> documents) {
    Map<DocumentName, DraftDocument> out = new HashMap<>();
    for (DraftDocument document : documents) {
      document.base().ifPresent(b -> out.putIfAbsent(DraftDocument.name(b), document));
      document.names().forEach(n -> out.putIfAbsent(n, document));
    }
    return out;
  }

  private void reapply(PushRequest mine, Map<String, List<PolicyDocument>> read) {
    for (String text : mine.getUpsertList()) {
      List<PolicyDocument> said = read.getOrDefault(text, List.of());
      DraftDocument document =
          said.stream()
              .findFirst()
              .flatMap(d -> find(d.kind(), d.namespace(), d.name()))
              .orElseGet(() -> made(text));
      document.text(text);
      document.read(text, said);
    }
    for (var name : mine.getRemoveList()) {
      find(name.getKind(), name.getNamespace(), name.getName()).ifPresent(d -> d.removed(true));
    }
  }

  /** The document of a name. */
  Optional<DraftDocument> find(String kind, String namespace, String name) {
    return documents.stream().filter(d -> d.is(kind, namespace, name)).findFirst();
  }

  /** A new document. */
  DraftDocument add(String text) {
    DraftDocument made = made(text);
    changed(Topic.DOCUMENTS);
    reading.now(unread());
    return made;
  }

  private DraftDocument made(String text) {
    DraftDocument made = new DraftDocument(Optional.empty(), text);
    documents.add(made);
    return made;
  }

  /** Gives a document another text. */
  void edit(DraftDocument document, String text) {
    String before = document.title();
    DraftDocument.State state = document.state();
    if (document.text(text)) {
      boolean listed = before.equals(document.title()) && state == document.state();
      reading.put(unread());
      changed(listed ? Topic.TEXT : Topic.DOCUMENTS);
    }
  }

  /** Marks a document for removal; a new one just goes. */
  void remove(DraftDocument document) {
    if (document.base().isEmpty()) {
      documents.remove(document);
      problems.remove(document);
    } else {
      document.removed(true);
    }
    changed(Topic.DOCUMENTS);
  }

  /** Makes a document as it is in force; a new one goes. */
  void discard(DraftDocument document) {
    problems.remove(document);
    if (document.base().isEmpty()) {
      documents.remove(document);
    } else {
      document.removed(false);
      document.text(document.base().get().getYaml());
    }
    changed(Topic.DOCUMENTS);
  }

  /** Every change was pushed as this revision: nothing is local any more. */
  void pushed() {
    documents.removeIf(d -> d.state() == DraftDocument.State.REMOVED);
    changes().forEach(DraftDocument::sent);
    changed(Topic.DOCUMENTS);
    load();
  }

  private void changed(Topic topic) {
    keep();
    tell(topic);
  }

  /** While the documents in force are not known, what an earlier start has left stays beside. */
  private void keep() {
    if (loaded) {
      file.write(changesAsRequest());
    } else if (kept.isDone()) {
      file.write(kept.join().toBuilder().mergeFrom(changesAsRequest()).build());
    } else {
      kept.thenRunAsync(this::keep, display::asyncExec);
    }
  }

  /** The texts in force, and those that would be after a push. */
  DryRuns.Sides sides() {
    List<DraftDocument> all = documents();
    return new DryRuns.Sides(
        all.stream().flatMap(d -> d.base().stream()).map(Document::getYaml).toList(),
        all.stream()
            .filter(d -> d.state() != DraftDocument.State.REMOVED)
            .map(DraftDocument::text)
            .toList());
  }

  /** What a push would send, without message. */
  PushRequest changesAsRequest() {
    PushRequest.Builder request = PushRequest.newBuilder().setBase(base);
    for (DraftDocument d : changes()) {
      if (d.state() != DraftDocument.State.REMOVED) {
        request.addUpsert(d.text());
      }
      d.replaced().ifPresent(request::addRemove);
    }
    return request.build();
  }

  /** What the agent says of a document. */
  List<Problem> problems(DraftDocument document) {
    return problems.getOrDefault(document, List.of());
  }

  void problems(DraftDocument document, List<Problem> found) {
    if (!documents.contains(document)) {
      return;
    }
    if (!found.equals(problems.put(document, found))) {
      tell(Topic.PROBLEMS);
    }
  }

  /** Whether any document that would be pushed is known to be wrong. */
  boolean hasErrors() {
    return changes().stream()
        .filter(d -> d.state() != DraftDocument.State.REMOVED)
        .flatMap(d -> problems(d).stream())
        .anyMatch(p -> p.getSeverity() == Severity.ERROR);
  }
}
