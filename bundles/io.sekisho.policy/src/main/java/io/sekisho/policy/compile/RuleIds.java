package io.sekisho.policy.compile;

import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.Rule;
import io.sekisho.policy.RuleReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The 32-bit numbers by which the datapath names rules. A number is a hash of the rule's name and
 * content, so that it is the same on every node, and stays while the rule does; below {@link
 * #FIRST} numbers are reserved and mean decisions that no document made. Two rules with one hash
 * (one pair in 2^32) are told apart by hashing again, in the order of their names.
 */
public final class RuleIds {
  /** Nothing is known of the decision (RuleRef.Reserved of the API has the same numbers). */
  public static final int UNKNOWN = 0;

  /** No policy selects the endpoint in the direction. */
  public static final int NOT_ENFORCED = 1;

  /** A policy selects the endpoint, and no rule allows this. */
  public static final int DEFAULT_DENY = 2;

  /** Traffic from the endpoint's own node always passes. */
  public static final int LOCAL_HOST = 3;

  /** A reply of a connection that was allowed. */
  public static final int REPLY = 4;

  /** A node's own traffic that passes whatever documents say, see {@link FailSafe}. */
  public static final int FAIL_SAFE = 8;

  /** First number of a rule. */
  public static final int FIRST = 16;

  private final Map<PolicyDocument, DocumentFacts> facts;

  /** Sorted; each rule has that of its own. */
  private final int[] numbers;

  private final Supplier<Named> named;

  /** Made when somebody asks for a name: most numbers are never asked for. */
  private record Named(Map<RuleReference, Integer> ids, Map<Integer, RuleReference> rules) {}

  private RuleIds(Map<PolicyDocument, DocumentFacts> facts) {
    this.facts = facts;
    int[] first =
        facts.values().stream()
            .flatMap(f -> f.hashes().stream())
            .mapToInt(h -> h)
            .sorted()
            .toArray();
    if (areApart(first)) {
      this.named = new Once<>(this::named);
      this.numbers = first;
    } else {
      Named told = toldApart();
      this.named = new Once<>(() -> told);
      this.numbers = told.rules().keySet().stream().mapToInt(n -> n).sorted().toArray();
    }
  }

  /** Numbers for every rule of the documents. */
  public static RuleIds of(Collection<PolicyDocument> documents) {
    return of(DocumentFacts.of(documents, Map.of()));
  }

  static RuleIds of(Map<PolicyDocument, DocumentFacts> facts) {
    return new RuleIds(facts);
  }

  private static boolean areApart(int[] sorted) {
    for (int i = 0; i < sorted.length; i++) {
      if (isReserved(sorted[i]) || (i > 0 && sorted[i] == sorted[i - 1])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isReserved(int number) {
    return Integer.compareUnsigned(number, FIRST) < 0;
  }

  private Named named() {
    var out = new Named(HashMap.newHashMap(numbers.length), HashMap.newHashMap(numbers.length));
    for (DocumentFacts document : facts.values()) {
      for (int i = 0; i < document.rules().size(); i++) {
        RuleReference reference = document.rules().get(i).reference();
        out.ids().put(reference, document.hashes().get(i));
        out.rules().put(document.hashes().get(i), reference);
      }
    }
    return out;
  }

  /** The order of names decides which of two rules with one hash is hashed again. */
  private Named toldApart() {
    var out = new Named(new HashMap<>(), new HashMap<>());
    MessageDigest digest = sha256();
    facts.values().stream()
        .flatMap(f -> f.rules().stream())
        .sorted(Comparator.comparing(Rule::reference))
        .forEach(
            rule -> {
              int attempt = 0;
              int number = hash(rule, attempt, digest);
              while (isReserved(number)
                  || out.rules().putIfAbsent(number, rule.reference()) != null) {
                number = hash(rule, ++attempt, digest);
              }
              out.ids().put(rule.reference(), number);
            });
    return out;
  }

  /** The number that a rule has if no other one wants it. */
  static int firstHash(Rule rule) {
    return hash(rule, 0, sha256());
  }

  private static int hash(Rule rule, int attempt, MessageDigest digest) {
    RuleReference name = rule.reference();
    String content =
        String.join(
            "\n",
            name.kind(),
            name.namespace(),
            name.name(),
            name.section().text(),
            Integer.toString(name.index()),
            rule.canonicalText(),
            Integer.toString(attempt));
    return ByteBuffer.wrap(digest.digest(content.getBytes(StandardCharsets.UTF_8))).getInt();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * The number of a rule.
   *
   * @throws IllegalArgumentException if no document has the rule
   */
  public int id(RuleReference rule) {
    Integer id = named.get().ids().get(rule);
    if (id == null) {
      throw new IllegalArgumentException("no document has the rule " + rule);
    }
    return id;
  }

  /** The rule of a number; empty for reserved numbers and for rules that are gone. */
  public Optional<RuleReference> rule(int id) {
    return Optional.ofNullable(named.get().rules().get(id));
  }

  /** The rules that others do not have, by number. */
  Map<Integer, Rule> without(RuleIds others) {
    var out = new HashMap<Integer, Rule>();
    facts.forEach(
        (document, fact) -> {
          if (!others.facts.containsKey(document)) {
            for (Rule rule : fact.rules()) {
              int number = id(rule.reference());
              if (Arrays.binarySearch(others.numbers, number) < 0) {
                out.put(number, rule);
              }
            }
          }
        });
    return out;
  }
}
