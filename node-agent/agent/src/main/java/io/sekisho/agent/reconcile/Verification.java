package io.sekisho.agent.reconcile;

import com.google.protobuf.Timestamp;
import io.sekisho.agent.datapath.DesiredState;
import io.sekisho.agent.datapath.MapDifference;
import io.sekisho.api.v1.VerifyResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What came of a comparison of the kernel with the documents.
 *
 * @param revision whose documents
 * @param finished when
 * @param took how long
 * @param endpoints how many were compared; the node itself is one if documents speak of it
 * @param policyEntries how many entries their tables should have
 * @param prefixes how many the ipcache should have
 * @param differences everything that differed
 * @param repaired whether it was written anew, and says what it should now
 */
public record Verification(
    long revision,
    Instant finished,
    Duration took,
    int endpoints,
    long policyEntries,
    long prefixes,
    List<MapDifference> differences,
    boolean repaired) {
  /** Differences that are told one by one. */
  static final int TOLD = 1000;

  /** Characters of a text in {@link #first}: a service may have hundreds of backends. */
  private static final int LONGEST = 200;

  /** Keeps an immutable copy. */
  public Verification {
    differences = List.copyOf(differences);
  }

  /** The first difference in one line. */
  String first() {
    MapDifference first = differences.getFirst();
    String where = first.endpoint() == 0 ? "" : " of " + DesiredState.name(first.endpoint());
    return "%s%s: %s is '%s' instead of '%s'"
        .formatted(first.map(), where, first.key(), cut(first.found()), cut(first.expected()));
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " …";
  }

  /** As the API has it. */
  public VerifyResponse toApi(String node) {
    var out =
        VerifyResponse.newBuilder()
            .setNode(node)
            .setRevision(revision)
            .setFinished(
                Timestamp.newBuilder()
                    .setSeconds(finished.getEpochSecond())
                    .setNanos(finished.getNano()))
            .setTook(
                com.google.protobuf.Duration.newBuilder()
                    .setSeconds(took.getSeconds())
                    .setNanos(took.getNano()))
            .setEndpoints(endpoints)
            .setPolicyEntries(policyEntries)
            .setPrefixes(prefixes)
            .setDifferenceCount(differences.size())
            .setRepaired(repaired);
    differences.stream()
        .limit(TOLD)
        .map(
            d ->
                io.sekisho.api.v1.MapDifference.newBuilder()
                    .setMap(d.map())
                    .setEndpoint(d.endpoint())
                    .setKey(d.key())
                    .setExpected(d.expected())
                    .setFound(d.found()))
        .forEach(out::addDifferences);
    return out.build();
  }
}
