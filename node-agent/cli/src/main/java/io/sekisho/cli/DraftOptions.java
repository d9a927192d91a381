package io.sekisho.cli;

import io.sekisho.api.v1.PolicySet;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which documents a question is about. */
final class DraftOptions {
  @Option(
      names = "--documents",
      paramLabel = "FILE",
      description = "Documents on top of the revision, not pushed yet; - is standard input.")
  private List<Path> files = List.of();

  @Option(
      names = "--revision",
      paramLabel = "N",
      description = "Another revision than the one in force; 0 is the empty start.")
  private @Nullable Long revision;

  PolicySet set() {
    var set = PolicySet.newBuilder().addAllUpsert(Documents.read(files));
    return revision == null ? set.build() : set.setRevision(revision).build();
  }

  List<String> names() {
    return Documents.names(files);
  }
}
