package io.sekisho.cli;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.Revision;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Documents of a revision by name, and documents of files. */
final class Documents {
  /** Bytes of a file at most: more than any agent takes, and a file may have no end. */
  private static final int LONGEST = 64 << 20;

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
    return files.stream().map(Documents::text).toList();
  }

  private static String text(Path file) {
    try {
      if (file.toString().equals("-")) {
        return text(file, System.in);
      }
      try (InputStream in = Files.newInputStream(file)) {
        return text(file, in);
      }
    } catch (NoSuchFileException e) {
      throw new CliException(CliException.Code.USAGE, "there is no file " + file, e);
    } catch (CharacterCodingException e) {
      throw new CliException(CliException.Code.USAGE, file + " is no text in UTF-8", e);
    } catch (IOException e) {
      throw new CliException(CliException.Code.USAGE, "cannot read " + file + ": " + e, e);
    }
  }

  private static String text(Path file, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(LONGEST + 1);
    if (bytes.length > LONGEST) {
      throw new CliException(
          CliException.Code.USAGE, file + " is longer than " + LONGEST + " bytes");
    }
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  static List<String> names(List<Path> files) {
    return files.stream().map(Path::toString).toList();
  }
}
