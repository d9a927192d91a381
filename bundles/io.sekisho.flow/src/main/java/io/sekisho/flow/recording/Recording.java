package io.sekisho.flow.recording;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sekisho.api.flow.Flow;
import io.sekisho.flow.recording.RecordingException.Code;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A folder of recorded flows: files that {@link RecordingWriter} has written, oldest first. */
public final class Recording {
  private static final Pattern NAME = Pattern.compile("flows-([0-9]{12})\\.skflows");

  private Recording() {}

  /**
   * What reading found.
   *
   * @param files how many files there were
   * @param flows how many flows were read
   * @param damagedBytes bytes that could not be read: the torn end of a file after a crash, or what
   *     stands behind a damaged place
   */
  public record Contents(int files, long flows, long damagedBytes) {}

  /**
   * Reads every flow of a folder in the order of writing.
   *
   * @param folder where the files are
   * @param reader gets each flow
   * @throws RecordingException if a file is no recording or can't be read
   */
  public static Contents read(Path folder, Consumer<Flow> reader) throws RecordingException {
    List<Path> files = files(folder);
    long flows = 0;
    long damaged = 0;
    for (Path file : files) {
      Scan scan = scan(file, reader);
      flows += scan.flows();
      damaged += scan.size() - scan.wholeBytes();
    }
    return new Contents(files.size(), flows, damaged);
  }

  /**
   * The same of a folder that must have a recording.
   *
   * @throws RecordingException if it has none, or a file is no recording or can't be read
   */
  public static Contents replay(Path folder, Consumer<Flow> reader) throws RecordingException {
    Contents contents = read(folder, reader);
    if (contents.files() == 0) {
      throw new RecordingException(
          Code.NOT_A_RECORDING, "there is no recording of flows in " + folder);
    }
    return contents;
  }

  /** How far a file is whole. */
  record Scan(long flows, long wholeBytes, long size) {}

  static Scan scan(Path file, Consumer<Flow> reader) throws RecordingException {
    try (var in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      long size = Files.size(file);
      if (!Frames.header(in, file.toString())) {
        return new Scan(0, 0, size);
      }
      long flows = 0;
      long whole = Frames.HEADER;
      for (var content = Frames.next(in); content.isPresent(); content = Frames.next(in)) {
        Optional<Flow> flow = flow(content.get());
        if (flow.isEmpty()) {
          break;
        }
        reader.accept(flow.get());
        flows++;
        whole += Frames.OVERHEAD + content.get().length;
      }
      return new Scan(flows, whole, Math.max(size, whole));
    } catch (IOException e) {
      throw new RecordingException("can't read " + file, e);
    }
  }

  private static Optional<Flow> flow(byte[] content) {
    try {
      return Optional.of(Flow.parseFrom(content));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  /** The files of a folder, oldest first; none if the folder does not exist. */
  static List<Path> files(Path folder) throws RecordingException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(p -> number(p) >= 0)
          .sorted(Comparator.comparingLong(Recording::number))
          .toList();
    } catch (IOException e) {
      throw new RecordingException("can't list " + folder, e);
    }
  }

  /** The number in a file's name, -1 if it is none of ours. */
  static long number(Path file) {
    Matcher matcher = NAME.matcher(file.getFileName().toString());
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }

  static String name(long number) {
    return String.format(Locale.ROOT, "flows-%012d.skflows", number);
  }
}
