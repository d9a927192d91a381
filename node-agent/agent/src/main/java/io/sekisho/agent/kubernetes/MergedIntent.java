package io.sekisho.agent.kubernetes;

import io.sekisho.agent.revision.Intent;
import io.sekisho.agent.revision.OtherDocuments;
import io.sekisho.api.v1.Document;
import io.sekisho.policy.DocumentName;
import io.sekisho.policy.Kind;
import io.sekisho.policy.ServiceCatalog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * The documents of a revision beside those of the API server: what a node realizes. A name that
 * both have belongs to the revision; the object of the API server does not count then. Nothing is
 * told before both sides are known.
 */
final class MergedIntent implements OtherDocuments {
  /** How many states are remembered until the datapath has them. */
  private static final int REMEMBERED = 64;

  private final LongSupplier nanos;
  private final Intent.Listener listener;
  private Optional<Intent> revision = Optional.empty();
  private Optional<List<PolicyObject>> objects = Optional.empty();
  private ServiceCatalog services = ServiceCatalog.EMPTY;
  private final TreeMap<Long, Map<String, Long>> told = new TreeMap<>();
  private Optional<Intent> last = Optional.empty();

  /** Tells a listener of what follows. */
  MergedIntent(LongSupplier nanos, Intent.Listener listener) {
    this.nanos = nanos;
    this.listener = listener;
  }

  /** A revision is in force. */
  synchronized void revision(Intent intent) {
    revision = Optional.of(intent);
    tell();
  }

  /** The API server holds these, and the services that they and revisions may speak of. */
  synchronized void objects(List<PolicyObject> now, ServiceCatalog nowServices) {
    objects = Optional.of(List.copyOf(now));
    services = nowServices;
    tell();
  }

  /** Whether the API server's side is known. */
  synchronized boolean isComplete() {
    return objects.isPresent();
  }

  private void tell() {
    if (revision.isEmpty() || objects.isEmpty()) {
      return;
    }
    Set<DocumentName> taken = taken();
    var documents = new ArrayList<Document>(revision.get().documents());
    var digests = new HashMap<String, Long>();
    for (PolicyObject object : objects.get()) {
      if (!object.yaml().isEmpty() && !taken.contains(object.documentName())) {
        documents.add(object.document());
        digests.merge(object.kind().text(), digest(object), Long::sum);
      }
    }
    long number = revision.get().revision();
    boolean same =
        last.isPresent()
            && last.get().revision() == number
            && last.get().documents().equals(documents)
            && last.get().services().equals(services);
    if (same) {
      return;
    }
    long now = Math.max(nanos.getAsLong(), told.isEmpty() ? Long.MIN_VALUE : told.lastKey() + 1);
    told.put(now, Map.copyOf(digests));
    if (told.size() > REMEMBERED) {
      told.pollFirstEntry();
    }
    last = Optional.of(new Intent(number, documents, services, now));
    listener.intended(last.get());
  }

  /** The documents of the revision. */
  synchronized List<Document> pushed() {
    return revision.map(Intent::documents).orElse(List.of());
  }

  /** The names that the revision has. */
  synchronized Set<DocumentName> taken() {
    var out = new HashSet<DocumentName>();
    pushed().forEach(d -> out.add(new DocumentName(d.getKind(), d.getNamespace(), d.getName())));
    return out;
  }

  @Override
  public synchronized Optional<String> owner(DocumentName name) {
    return !taken().contains(name)
            && objects.orElse(List.of()).stream().anyMatch(o -> o.documentName().equals(name))
        ? Optional.of("the Kubernetes API server")
        : Optional.empty();
  }

  @Override
  public synchronized List<Document> documents() {
    Set<DocumentName> taken = taken();
    return objects.orElse(List.of()).stream()
        .filter(o -> !o.yaml().isEmpty() && !taken.contains(o.documentName()))
        .map(PolicyObject::document)
        .toList();
  }

  @Override
  public synchronized ServiceCatalog services() {
    return services;
  }

  /**
   * What is in force of each kind, in one number, once the datapath realizes an intent: the sum of
   * the objects' digests. Two nodes that tell the same realize the same.
   *
   * @param realizedNanos {@link Intent#pushedNanos} of the newest intent that is realized
   */
  synchronized Map<String, Long> digests(long realizedNanos) {
    return Optional.ofNullable(told.floorEntry(realizedNanos))
        .map(Map.Entry::getValue)
        .orElse(Map.of());
  }

  /** 64 bits of SHA-256 (FIPS 180-4) over an object's uid and text. */
  static long digest(PolicyObject object) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(object.uid().getBytes(StandardCharsets.UTF_8));
      byte[] sum = sha.digest(object.yaml().getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(sum).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The sum of the digests of those of a kind that are in force. */
  static long digest(Kind kind, List<PolicyObject> all, Set<DocumentName> taken) {
    return all.stream()
        .filter(o -> o.kind() == kind && !o.yaml().isEmpty() && !taken.contains(o.documentName()))
        .mapToLong(MergedIntent::digest)
        .sum();
  }
}
