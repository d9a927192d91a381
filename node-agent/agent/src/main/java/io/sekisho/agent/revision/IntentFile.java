package io.sekisho.agent.revision;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sekisho.agent.cluster.ChecksummedFile;
import io.sekisho.api.v1.Head;
import io.sekisho.api.v1.Revision;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What this node knew last: head, revision in force and, while that waits for confirmation, the one
 * to go back to; three delimited protobuf messages. With it a node that starts without the store
 * does what it did before.
 */
final class IntentFile {
  private static final System.Logger LOG = System.getLogger(IntentFile.class.getName());
  private static final String FORMAT = "SKINTNT1";

  private final ChecksummedFile file;

  IntentFile(Path path) {
    file = new ChecksummedFile(path, FORMAT);
  }

  /**
   * A head with what it names.
   *
   * @param confirmed the same as {@code revision} unless that is pending
   */
  record Known(Head head, Revision revision, Revision confirmed) {}

  /** What was written last; empty if nothing was, or if the file was damaged. */
  Optional<Known> read() {
    try {
      return file.read().map(IntentFile::decode);
    } catch (IOException | UncheckedIOException e) {
      LOG.log(System.Logger.Level.ERROR, "the last intent is unknown: {0}", e.getMessage());
      return Optional.empty();
    }
  }

  private static Known decode(byte[] content) {
    var in = new ByteArrayInputStream(content);
    try {
      var head = Head.parseDelimitedFrom(in);
      var revision = Revision.parseDelimitedFrom(in);
      var confirmed = Revision.parseDelimitedFrom(in);
      if (head == null || revision == null || confirmed == null) {
        throw new InvalidProtocolBufferException("it ends too early");
      }
      return new Known(head, revision, confirmed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keeps what is known; a disk that fails costs the next start, not this one. */
  void write(Known known) {
    var out = new ByteArrayOutputStream();
    try {
      known.head.writeDelimitedTo(out);
      known.revision.writeDelimitedTo(out);
      known.confirmed.writeDelimitedTo(out);
      file.write(out.toByteArray());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "the intent was not kept on disk: {0}", e.getMessage());
    }
  }
}
