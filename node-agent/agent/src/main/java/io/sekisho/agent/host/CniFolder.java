package io.sekisho.agent.host;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The network configurations of a host. Of several, container runtimes take the first by name, so
 * one before ours gives pods another network.
 */
public final class CniFolder {
  private static final System.Logger LOG = System.getLogger(CniFolder.class.getName());

  private final Path own;

  /**
   * A folder; it need not exist.
   *
   * @param own our configuration in it
   */
  public CniFolder(Path own) {
    this.own = own.toAbsolutePath();
  }

  /** Names of those that come before ours, sorted; none as long as ours is not there. */
  public List<String> first() {
    Path folder = own.getParent();
    var out = new ArrayList<String>();
    if (folder == null || !Files.exists(own)) {
      return out;
    }
    try (var files = Files.newDirectoryStream(folder, "*.{conf,conflist,json}")) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (name.compareTo(String.valueOf(own.getFileName())) < 0) {
          out.add(name);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.log(System.Logger.Level.DEBUG, "{0} cannot be read: {1}", folder, e.toString());
    }
    out.sort(String::compareTo);
    return out;
  }
}
