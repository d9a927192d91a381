package io.sekisho.console.kubernetes.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * The tokens of an OIDC user in the kubeconfig. New ones are written there, as kubectl does:
 * issuers take a refresh token once only, and the next program needs the next one. The file is
 * exchanged whole, by kubectl's lock; only the two values change, if they can be found.
 */
record SavedTokens(Path file, String user) {
  static final String ID = "id-token";
  static final String REFRESH = "refresh-token";

  /** The settings of the user's auth provider as they are now; empty if there are none. */
  Map<String, String> read() throws IOException {
    Map<String, String> out = new HashMap<>();
    provider(load(Files.readString(file)))
        .ifPresent(all -> all.forEach((k, v) -> out.put(String.valueOf(k), String.valueOf(v))));
    return out;
  }

  /**
   * Writes new tokens.
   *
   * @throws IOException if the file can't be written, or somebody else is writing it
   */
  void write(String idToken, String refreshToken) throws IOException {
    Path real = file.toRealPath();
    Path lock = file.resolveSibling(file.getFileName() + ".lock");
    try {
      Files.createFile(lock);
    } catch (FileAlreadyExistsException e) {
      throw new FileSystemException(file.toString(), null, lock + " is there");
    }
    try {
      String text = Files.readString(real);
      String changed = changed(text, Map.of(ID, idToken, REFRESH, refreshToken));
      if (!changed.equals(text)) {
        exchange(real, changed);
      }
    } finally {
      Files.delete(lock);
    }
  }

  private String changed(String text, Map<String, String> tokens) throws IOException {
    Object wanted = load(text);
    Map<Object, Object> settings =
        provider(wanted)
            .orElseThrow(() -> new FileSystemException(file.toString(), null, "the user is gone"));
    String patched = text;
    for (Map.Entry<String, String> each : tokens.entrySet()) {
      String old = String.valueOf(settings.get(each.getKey()));
      settings.put(each.getKey(), each.getValue());
      int at = patched.indexOf(old);
      boolean once = at >= 0 && patched.indexOf(old, at + 1) < 0;
      patched = once ? patched.replace(old, each.getValue()) : patched;
    }
    return says(patched, wanted) ? patched : dump(wanted);
  }

  private static boolean says(String text, Object wanted) {
    try {
      return load(text).equals(wanted);
    } catch (IOException e) {
      return false;
    }
  }

  private static Object load(String text) throws IOException {
    try {
      Object all = new Load(LoadSettings.builder().build()).loadFromString(text);
      return all == null ? new LinkedHashMap<>() : all;
    } catch (RuntimeException e) {
      throw new IOException("it is no YAML"); // the cause would quote it
    }
  }

  private static String dump(Object all) {
    return new Dump(DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build())
        .dumpToString(all);
  }

  /** The user's settings within the whole; changing them changes it. */
  @SuppressWarnings("unchecked")
  private Optional<Map<Object, Object>> provider(Object all) {
    if (!(all instanceof Map<?, ?> map)) {
      return Optional.empty();
    }
    return Tree.maps(map, "users").stream()
        .filter(u -> user.equals(Tree.text(u, "name")))
        .findFirst()
        .map(u -> Tree.map(u, "user", "auth-provider").get("config"))
        .filter(Map.class::isInstance)
        .map(c -> (Map<Object, Object>) c);
  }

  private static Optional<PosixFileAttributeView> owners(Path path) {
    return Optional.ofNullable(Files.getFileAttributeView(path, PosixFileAttributeView.class));
  }

  private static void exchange(Path real, String text) throws IOException {
    Optional<PosixFileAttributeView> owners = owners(real); // Windows has none
    Set<PosixFilePermission> permissions =
        owners.isPresent() ? owners.get().readAttributes().permissions() : Set.of();
    // temporary files are our own only, until they have the permissions of that which they replace
    Path beside = Files.createTempFile(real.toAbsolutePath().getParent(), ".kubeconfig", ".tmp");
    try {
      try (FileChannel out = FileChannel.open(beside, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      if (owners.isPresent()) {
        Files.setPosixFilePermissions(beside, permissions);
      }
      Files.move(beside, real, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(beside);
    }
  }
}
