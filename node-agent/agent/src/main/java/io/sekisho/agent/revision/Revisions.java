package io.sekisho.agent.revision;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.sekisho.agent.cluster.ClusterStore;
import io.sekisho.agent.cluster.ClusterStoreException;
import io.sekisho.agent.revision.DocumentReader.Read;
import io.sekisho.agent.revision.RevisionException.Code;
import io.sekisho.agent.revision.RevisionStore.VersionedHead;
import io.sekisho.api.v1.DiffResponse;
import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.DocumentDiff;
import io.sekisho.api.v1.Head;
import io.sekisho.api.v1.HistoryResponse;
import io.sekisho.api.v1.PolicySet;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.PushResponse;
import io.sekisho.api.v1.Revision;
import io.sekisho.api.v1.RevisionState;
import io.sekisho.api.v1.RollbackRequest;
import io.sekisho.api.v1.Severity;
import io.sekisho.api.v1.ValidateRequest;
import io.sekisho.api.v1.ValidateResponse;
import java.time.Clock;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What can be done with revisions. Calls block on the cluster store, and fail with {@link
 * RevisionException} or {@link io.sekisho.agent.cluster.ClusterStoreException}; whoever fails has
 * changed nothing.
 */
public final class Revisions {
  /** All texts of a revision, bytes: they must fit one message to who asks for it. */
  private static final int LARGEST = 8 << 20;

  /** In which a push about nodes' own traffic must be confirmed, if the caller says nothing. */
  private static final Duration NODE_CONFIRM = Duration.newBuilder().setSeconds(60).build();

  private static final int HISTORY = 100;

  private final RevisionStore store;
  private final DocumentReader reader;
  private final Judge judge;
  private final Clock clock;
  private final Countdown countdown;
  private volatile OtherDocuments others = OtherDocuments.NONE;

  /** Revisions of a cluster; the clock also says how much time passes. */
  public Revisions(ClusterStore store, DocumentReader reader, Judge judge, Clock clock) {
    this(store, reader, judge, clock, () -> clock.millis() * 1_000_000);
  }

  /**
   * Revisions of a cluster.
   *
   * @param nanos says how much time passes, as {@link System#nanoTime}
   */
  public Revisions(
      ClusterStore store, DocumentReader reader, Judge judge, Clock clock, LongSupplier nanos) {
    countdown = new Countdown(clock, nanos);
    this.store = new RevisionStore(store);
    this.reader = reader;
    this.judge = judge;
    this.clock = clock;
  }

  /** Names that others than revisions have are refused from now on, with the owner's name. */
  public void beside(OtherDocuments documents) {
    others = documents;
  }

  /** What is in force beside revisions. */
  public OtherDocuments others() {
    return others;
  }

  /**
   * Every problem of the texts, of their names and of what they would make of their base; changes
   * nothing.
   */
  public ValidateResponse validate(ValidateRequest request) {
    var read = reader.read(request.getTextsList());
    var approval = read.hasErrors() ? Approval.of(read) : judge(request, read);
    return ValidateResponse.newBuilder()
        .addAllProblems(approval.problems())
        .addAllProblems(Clashes.of(read, others).problems())
        .addAllDocuments(read.documents())
        .addAllExpectations(approval.expectations())
        .build();
  }

  private Approval judge(ValidateRequest request, Read read) {
    DocumentSet base;
    try {
      base = DocumentSet.of(base(request.hasBase(), request.getBase()).getDocumentsList());
    } catch (ClusterStoreException e) {
      return Approval.of(read).warning("expectations were not proved: " + e.getMessage());
    }
    return judge(base, base.with(read.documents(), request.getRemoveList()), read);
  }

  private Approval judge(DocumentSet before, DocumentSet after, Read read) {
    return Approval.of(read, judge.judge(before.documents(), after.documents(), read.documents()));
  }

  private Revision base(boolean named, long number) {
    return existing(named ? number : store.head().head().getNumber());
  }

  /**
   * The documents of a revision with a draft's changes.
   *
   * @return the revision that was asked for, its documents changed
   * @throws RevisionException if there is no such revision, or the draft has errors
   */
  public Revision documents(PolicySet set) {
    var base = base(set.hasRevision(), set.getRevision());
    if (set.getUpsertCount() == 0 && set.getRemoveCount() == 0) {
      return base;
    }
    var documents = DocumentSet.of(base.getDocumentsList());
    var next = documents.with(readValid(set.getUpsertList()).documents(), set.getRemoveList());
    return base.toBuilder().clearDocuments().addAllDocuments(next.documents()).build();
  }

  private Read readValid(List<String> texts) {
    var read = reader.read(texts);
    if (read.hasErrors()) {
      long errors = read.problems().stream().filter(p -> p.getSeverity() == Severity.ERROR).count();
      String message =
          errors == 1 ? "a document has an error" : "the documents have " + errors + " errors";
      throw new RevisionException(Code.INVALID, message, read.problems());
    }
    return read;
  }

  /** Stores a new revision and puts it in force. */
  public PushResponse push(PushRequest request, String author) {
    var read = readValid(request.getUpsertList());
    Clashes.of(read, others).check();
    var from = headAt(request.getBase());
    if (isPending(from.head())) {
      throw new RevisionException(
          Code.STATE,
          "revision "
              + from.head().getNumber()
              + " waits for its confirmation; confirm it or roll it back first");
    }
    var base = DocumentSet.of(existing(from.head().getNumber()).getDocumentsList());
    for (var name : request.getRemoveList()) {
      if (!base.contains(name)) {
        throw new RevisionException(
            Code.NOT_FOUND, "there is no " + DocumentSet.name(name) + " to remove");
      }
    }
    var next = base.with(read.documents(), request.getRemoveList());
    var approval = judge(base, next, read).overriding(request.getOverrideExpectationsList());
    var draft = draft(from, base, next, author, request.getMessage());
    Duration confirm = request.hasConfirmWithin() ? request.getConfirmWithin() : null;
    if (confirm == null && !request.getWithoutConfirmation()) {
      for (String name : base.others(read.aboutNodes())) {
        confirm = NODE_CONFIRM;
        approval = approval.warning(mustConfirm(name));
      }
    }
    return putInForce(from, draft, confirm, approval);
  }

  private List<Document> aboutNodes(DocumentSet set) {
    return reader.read(set.documents().stream().map(Document::getYaml).toList()).aboutNodes();
  }

  private static String mustConfirm(String document) {
    return "%s speaks of nodes' own traffic: all is reverted in %d s unless you confirm"
        .formatted(document, NODE_CONFIRM.getSeconds());
  }

  /** Puts the documents of an old revision in force again, as a new revision. */
  public PushResponse rollback(RollbackRequest request, String author) {
    var from = headAt(request.getBase());
    var base = DocumentSet.of(existing(from.head().getNumber()).getDocumentsList());
    var target = existing(request.getTo());
    if (RevisionStore.state(target, from.head()) == RevisionState.REVISION_STATE_UNKNOWN) {
      throw missing(request.getTo());
    }
    String message =
        request.getMessage().isEmpty()
            ? "rollback to revision " + request.getTo()
            : request.getMessage();
    Clashes.of(target.getDocumentsList(), others).check();
    Duration confirm = request.hasConfirmWithin() ? request.getConfirmWithin() : null;
    var next = DocumentSet.of(target.getDocumentsList());
    // what comes back by itself when nobody confirms may also come back earlier
    var confirmed = DocumentSet.of(existing(from.head().getConfirmed()).getDocumentsList());
    var read = new Read(List.of(), List.of(), List.of(), List.of());
    var approval = judge(confirmed, next, read).overriding(request.getOverrideExpectationsList());
    if (confirm == null && !request.getWithoutConfirmation()) {
      for (String name : confirmed.others(aboutNodes(next))) {
        confirm = NODE_CONFIRM;
        approval = approval.warning(mustConfirm(name));
      }
    }
    return putInForce(from, draft(from, base, next, author, message), confirm, approval);
  }

  private Revision.Builder draft(
      VersionedHead from, DocumentSet base, DocumentSet next, String author, String message) {
    var counts = next.since(base);
    return Revision.newBuilder()
        .setBase(from.head().getNumber())
        .setAuthor(author)
        .setMessage(message)
        .setCreated(Timestamps.fromMillis(clock.millis()))
        .addAllDocuments(next.documents())
        .setAdded(counts.added())
        .setChanged(counts.changed())
        .setRemoved(counts.removed());
  }

  private PushResponse putInForce(
      VersionedHead from, Revision.Builder draft, @Nullable Duration confirm, Approval approval) {
    approval.check();
    draft.addAllOverridden(approval.overrides());
    if (confirm != null) {
      if (!Durations.isPositive(confirm)) {
        throw new RevisionException(Code.INVALID, "the time to confirm must be positive");
      }
      draft.setConfirmDeadline(Timestamps.add(draft.getCreated(), confirm));
    }
    int size = draft.build().getSerializedSize();
    if (size > LARGEST) {
      throw new RevisionException(
          Code.INVALID, "the documents have " + size + " bytes; a revision holds " + LARGEST);
    }
    settleRecord(from.head());
    var created = create(draft, from.head().getNumber());
    var head = Head.newBuilder().setNumber(created.getNumber());
    if (confirm == null) {
      head.setConfirmed(created.getNumber());
    } else {
      head.setConfirmed(from.head().getConfirmed());
      head.setConfirmDeadline(created.getConfirmDeadline()).setConfirmWithin(confirm);
    }
    if (!store.moveHead(from, head.build())) {
      store.abandon(created.getNumber());
      throw new RevisionException(Code.CONFLICT, "another push came first; read the head again");
    }
    pushed(head.build());
    var state = confirm == null ? RevisionState.CONFIRMED : RevisionState.PENDING;
    store.setState(created, state);
    var told = created.toBuilder().setState(state).clearDocuments().build();
    return PushResponse.newBuilder()
        .setRevision(told)
        .addAllProblems(approval.problems())
        .addAllExpectations(approval.expectations())
        .build();
  }

  private Revision create(Revision.Builder draft, long after) {
    try {
      return store.create(draft, after);
    } catch (IllegalArgumentException e) {
      throw new RevisionException(Code.INVALID, String.valueOf(e.getMessage()));
    }
  }

  /** Writes down the state of the revision that is about to be no more the head. */
  private void settleRecord(Head head) {
    var record = store.revision(head.getNumber());
    if (head.getNumber() > 0 && record.isPresent()) {
      boolean confirmed = head.getConfirmed() == head.getNumber();
      var state = confirmed ? RevisionState.CONFIRMED : RevisionState.PENDING;
      if (record.get().getState() != state) {
        store.setState(record.get(), state);
      }
    }
  }

  /** Keeps a revision that waits for it. */
  public Revision confirm(long number) {
    var from = store.head();
    if (from.head().getNumber() != number || !isPending(from.head())) {
      throw new RevisionException(
          Code.STATE, "revision " + number + " does not wait for confirmation");
    }
    if (isOver(from.head())) {
      throw new RevisionException(
          Code.STATE, "the time to confirm revision " + number + " has run out");
    }
    var head = Head.newBuilder().setNumber(number).setConfirmed(number).build();
    if (!store.moveHead(from, head)) {
      throw new RevisionException(Code.CONFLICT, "the head moved; read it again");
    }
    var revision = existing(number);
    store.setState(revision, RevisionState.CONFIRMED);
    return view(revision, head).clearDocuments().build();
  }

  /**
   * Takes an unconfirmed head back whose time has run out; any agent may do it, one succeeds.
   *
   * @return whether this call did it
   */
  public boolean revertOverdue() {
    var from = store.head();
    if (!isPending(from.head()) || !isOver(from.head())) {
      return false;
    }
    long confirmed = from.head().getConfirmed();
    var head = Head.newBuilder().setNumber(confirmed).setConfirmed(confirmed).build();
    if (!store.moveHead(from, head)) {
      return false;
    }
    store
        .revision(from.head().getNumber())
        .ifPresent(revision -> store.setState(revision, RevisionState.REVERTED));
    return true;
  }

  /** Revisions that were in force, newest first, without documents. */
  public HistoryResponse history(int limit, long before) {
    var head = store.head().head();
    var response = HistoryResponse.newBuilder().setHead(head.getNumber());
    int most = limit == 0 ? HISTORY : limit;
    long last = store.last(head.getNumber());
    for (long n = before == 0 ? last : Math.min(last, before - 1);
        n > 0 && response.getRevisionsCount() < most;
        n--) {
      store
          .summary(n)
          .map(revision -> view(revision, head).clearDocuments().build())
          .filter(r -> r.getState() != RevisionState.REVISION_STATE_UNKNOWN)
          .ifPresent(response::addRevisions);
    }
    return response.build();
  }

  /** One revision with its documents; number 0 is the head. */
  public Revision get(long number) {
    var head = store.head().head();
    var revision = view(existing(number == 0 ? head.getNumber() : number), head).build();
    if (revision.getState() == RevisionState.REVISION_STATE_UNKNOWN) {
      throw missing(number);
    }
    return revision;
  }

  /** Documents that differ between two revisions; 0 is the empty start. */
  public DiffResponse diff(long from, long to) {
    var before = DocumentSet.of(existing(from).getDocumentsList()).byName();
    var after = DocumentSet.of(existing(to).getDocumentsList()).byName();
    var names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    var response = DiffResponse.newBuilder();
    for (String name : names) {
      Document old = before.getOrDefault(name, Document.getDefaultInstance());
      Document now = after.getOrDefault(name, Document.getDefaultInstance());
      if (old.equals(now)) {
        continue;
      }
      var diff = DocumentDiff.newBuilder();
      if (before.containsKey(name)) {
        diff.setBefore(old);
      }
      if (after.containsKey(name)) {
        diff.setAfter(now);
      }
      response.addDocuments(diff.setUnified(reader.diff(old.getYaml(), now.getYaml())));
    }
    return response.build();
  }

  private VersionedHead headAt(long base) {
    var head = store.head();
    if (head.head().getNumber() != base) {
      throw new RevisionException(
          Code.CONFLICT,
          "revision " + head.head().getNumber() + " is in force, not " + base + "; read it again");
    }
    return head;
  }

  private Revision existing(long number) {
    return store.revision(number).orElseThrow(() -> missing(number));
  }

  private static RevisionException missing(long number) {
    return new RevisionException(Code.NOT_FOUND, "there is no revision " + number);
  }

  private static Revision.Builder view(Revision revision, Head head) {
    return revision.toBuilder().setState(RevisionStore.state(revision, head));
  }

  static boolean isPending(Head head) {
    return head.getNumber() != head.getConfirmed();
  }

  /** Begins to count the time to confirm a head that was moved just now. */
  void pushed(Head head) {
    countdown.begin(head);
  }

  /** Whether the time to confirm a pending head is over. */
  boolean isOver(Head head) {
    return countdown.isOver(head);
  }
}
