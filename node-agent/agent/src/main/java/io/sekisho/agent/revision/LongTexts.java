package io.sekisho.agent.revision;

import io.sekisho.agent.cluster.ClusterStore;
import io.sekisho.agent.cluster.ClusterStore.Lifetime;
import io.sekisho.agent.cluster.ClusterStoreException;
import io.sekisho.agent.cluster.ClusterStoreException.Code;
import io.sekisho.agent.cluster.Keys;
import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.Revision;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Keeps long texts of documents beside the revisions, compressed, each once by its hash: so a
 * revision stays small however long its lists are, and the next one does not hold them again. They
 * are never deleted, as revisions are not.
 */
final class LongTexts {
  /** From so many characters on a text is kept apart. */
  static final int LONG = 16_384;

  /** Below etcd's limit for one request, 1.5 MiB. */
  static final int LARGEST = 1 << 20;

  private final ClusterStore store;

  LongTexts(ClusterStore store) {
    this.store = store;
  }

  /**
   * The revision as it is stored.
   *
   * @throws IllegalArgumentException if a text is too long even when it is compressed
   */
  Revision put(Revision revision) {
    var out = revision.toBuilder();
    for (Document.Builder document : out.getDocumentsBuilderList()) {
      if (document.getYaml().length() >= LONG) {
        document.setTextKey(put(document.getName(), document.getYaml())).clearYaml();
      }
    }
    return out.build();
  }

  private String put(String name, String text) {
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    byte[] packed = deflated(plain);
    if (packed.length > LARGEST) {
      throw new IllegalArgumentException(
          "the document " + name + " has " + packed.length + " bytes even when it is compressed");
    }
    String key = Keys.text(HexFormat.of().formatHex(sha256(plain)));
    store.compareAndSet(key, 0, packed, Lifetime.PERSISTENT);
    return key;
  }

  /** The revision with the texts of all of its documents. */
  Revision whole(Revision stored) {
    if (stored.getDocumentsList().stream().allMatch(d -> d.getTextKey().isEmpty())) {
      return stored;
    }
    var out = stored.toBuilder();
    for (Document.Builder document : out.getDocumentsBuilderList()) {
      if (!document.getTextKey().isEmpty()) {
        document.setYaml(text(document.getTextKey())).clearTextKey();
      }
    }
    return out.build();
  }

  private String text(String key) {
    byte[] packed =
        store
            .get(key)
            .orElseThrow(() -> new ClusterStoreException(Code.CORRUPT, "the store has lost " + key))
            .value();
    try (var in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ClusterStoreException(
          Code.CORRUPT, "the store's value of " + key + " is broken", e);
    }
  }

  private static byte[] deflated(byte[] plain) {
    var out = new ByteArrayOutputStream();
    try (var packer = new DeflaterOutputStream(out)) {
      packer.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all that is written", e);
    }
    return out.toByteArray();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
