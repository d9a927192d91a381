package io.sekisho.policy.compile;

import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.Rule;
import io.sekisho.policy.RuleReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  private final Map<RuleReference, Integer> ids = new HashMap<>();

  /** By the object: a document that stays in force stays the same object. */
  private final Map<Rule, Integer> firstHashes = new IdentityHashMap<>();

  private final Map<Integer, RuleReference> rules = new HashMap<>();

  private RuleIds() {}

  /** Numbers for every rule of the documents. */
  public static RuleIds of(Collection<PolicyDocument> documents) {
    return of(documents, new RuleIds());
  }

  /** The same numbers, sooner where documents are those of the numbers before. */
  static RuleIds of(Collection<PolicyDocument> documents, RuleIds before) {
    List<Rule> rules = documents.stream().flatMap(PolicyDocument::rules).toList();
    var out = new RuleIds();
    MessageDigest digest = sha256();
    boolean apart = true;
    for (Rule rule : rules) {
      Integer known = before.firstHashes.get(rule);
      int first = known != null ? known : hash(rule, 0, digest);
      out.firstHashes.put(rule, first);
      apart &= out.tryAdd(rule, first);
    }
    if (!apart) {
      // The order of names decides which of two rules with one hash is hashed again.
      out.ids.clear();
      out.rules.clear();
      rules.stream()
          .sorted(Comparator.comparing(Rule::reference))
          .forEach(rule -> out.add(rule, digest));
    }
    return out;
  }

  private boolean tryAdd(Rule rule, int id) {
    boolean free =
        Integer.compareUnsigned(id, FIRST) >= 0 && rules.putIfAbsent(id, rule.reference()) == null;
    if (free) {
      ids.put(rule.reference(), id);
    }
    return free;
  }

  private void add(Rule rule, MessageDigest digest) {
    int attempt = 0;
    while (!tryAdd(rule, hash(rule, attempt, digest))) {
      attempt++;
    }
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
    Integer id = ids.get(rule);
    if (id == null) {
      throw new IllegalArgumentException("no document has the rule " + rule);
    }
    return id;
  }

  /** The rule of a number; empty for reserved numbers and for rules that are gone. */
  public Optional<RuleReference> rule(int id) {
    return Optional.ofNullable(rules.get(id));
  }
}
