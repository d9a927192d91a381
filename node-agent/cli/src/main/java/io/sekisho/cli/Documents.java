package io.sekisho.cli;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.Revision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Documents of a revision by name, and documents of files. */
final class Documents {
  private Documents() {}

  /** Documents of a revision with a name; an empty kind is any. */
  static List<Document> named(Revision revision, String kind, String name) {
    return revision.getDocumentsList().stream()
        .filter(document -> kind.isEmpty() || kind.equals(document.getKind()))
        .filter(document -> name.equals(Texts.name(document)))
        .toList();
  }

  static String text(Document document) {
    String yaml = document.getYaml();
    return yaml.endsWith("\n") ? yaml : yaml + "\n";
  }

  /** The texts of files; {@code -} is standard input. */
  static List<String> read(List<Path> files) {
    var texts = new ArrayList<String>();
    for (Path file : files) {
      try {
        texts.add(
            file.toString().equals("-")
                ? new String(System.in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                : Files.readString(file));
      } catch (NoSuchFileException e) {
        throw new CliException(CliException.Code.USAGE, "there is no file " + file, e);
      } catch (IOException e) {
        throw new CliException(CliException.Code.USAGE, "cannot read " + file + ": " + e, e);
      }
    }
    return texts;
  }

  static List<String> names(List<Path> files) {
    return files.stream().map(Path::toString).toList();
  }
}
