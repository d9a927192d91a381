package io.sekisho.flow.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.flow.Flow;
import io.sekisho.flow.recording.RecordingException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was written comes back, whatever happened to the file's end. */
class RecordingTest {
  @TempDir Path folder;

  private static Flow flow(int number) {
    return Flow.newBuilder().setUuid("flow " + number).setNodeName("n1").build();
  }

  private void write(int from, int to) throws Exception {
    try (RecordingWriter writer = RecordingWriter.open(folder, 4096, 3)) {
      for (int i = from; i < to; i++) {
        writer.append(flow(i));
      }
    }
  }

  private List<String> read() throws RecordingException {
    var out = new ArrayList<String>();
    Recording.read(folder, f -> out.add(f.getUuid()));
    return out;
  }

  private static List<String> names(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "flow " + i).toList();
  }

  private Path only() throws RecordingException {
    List<Path> files = Recording.files(folder);
    assertEquals(1, files.size());
    return files.get(0);
  }

  @Test
  void read_written_comesBackInOrder() throws Exception {
    write(0, 10);
    write(10, 20);
    assertEquals(names(0, 20), read());
    assertEquals(
        "rw-------",
        java.nio.file.attribute.PosixFilePermissions.toString(
            Files.getPosixFilePermissions(only())));
  }

  @Test
  void read_beforeClose_seesWhatWasFlushed() throws Exception {
    try (RecordingWriter writer = RecordingWriter.open(folder, 4096, 3)) {
      writer.append(flow(0));
      assertEquals(List.of(), read());
      writer.flush();
      assertEquals(names(0, 1), read());
    }
  }

  @Test
  void read_tornAtEveryByte_givesTheWholeFlowsBefore() throws Exception {
    write(0, 3);
    byte[] whole = Files.readAllBytes(only());
    for (int length = 0; length < whole.length; length++) {
      Files.write(only(), Arrays.copyOf(whole, length));
      var out = new ArrayList<String>();
      Recording.Contents contents = Recording.read(folder, f -> out.add(f.getUuid()));
      assertEquals(names(0, out.size()), out);
      assertTrue(out.size() < 3);
      assertTrue(contents.damagedBytes() < whole.length / 3 + Frames.HEADER);
    }
  }

  @Test
  void open_tornFile_writesBehindTheWholeFlows() throws Exception {
    write(0, 3);
    byte[] whole = Files.readAllBytes(only());
    for (int length : new int[] {0, 4, whole.length - 1}) {
      Files.write(only(), Arrays.copyOf(whole, length));
      int kept = read().size();
      write(kept, kept + 2);
      assertEquals(names(0, kept + 2), read());
      assertEquals(0, Recording.read(folder, f -> {}).damagedBytes());
    }
  }

  @Test
  void read_anyDamagedByte_neverGivesAWrongFlow() throws Exception {
    write(0, 3);
    byte[] whole = Files.readAllBytes(only());
    for (int i = Frames.HEADER; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 0x41;
      Files.write(only(), damaged);
      List<String> out = read();
      assertEquals(names(0, out.size()), out, "byte " + i);
      assertTrue(out.size() < 3, "byte " + i);
    }
  }

  @Test
  void read_foreignFile_isRefused() throws Exception {
    Path file = folder.resolve(Recording.name(1));
    Files.writeString(file, "hello, this is no recording");
    assertEquals(Code.NOT_A_RECORDING, assertThrows(RecordingException.class, this::read).code());
    Files.write(file, new byte[] {'S', 'K', 'F', 'L', 'O', 'W', 'S', 9});
    assertEquals(Code.UNKNOWN_VERSION, assertThrows(RecordingException.class, this::read).code());
    assertThrows(RecordingException.class, () -> RecordingWriter.open(folder, 4096, 3));
  }

  @Test
  void append_pastTheBound_rotatesAndDeletesTheOldest() throws Exception {
    Files.writeString(folder.resolve("notes.txt"), "not ours");
    write(0, 2000);
    List<Path> files = Recording.files(folder);
    assertEquals(3, files.size());
    for (Path file : files) {
      assertTrue(Files.size(file) <= 4096);
    }
    List<String> out = read();
    assertEquals(names(2000 - out.size(), 2000), out);
    assertTrue(Files.exists(folder.resolve("notes.txt")));
  }

  @Test
  void append_tooLarge_isRefusedAndOthersStay() throws Exception {
    try (RecordingWriter writer = RecordingWriter.open(folder, 4096, 3)) {
      writer.append(flow(0));
      Flow large = Flow.newBuilder().setUuid("x".repeat(5000)).build();
      var e = assertThrows(RecordingException.class, () -> writer.append(large));
      assertEquals(Code.TOO_LARGE, e.code());
      writer.append(flow(1));
    }
    assertEquals(names(0, 2), read());
  }

  @Test
  void append_largerThanTheBuffer_comesBack() throws Exception {
    String text = "x".repeat(200_000);
    try (RecordingWriter writer = RecordingWriter.open(folder, 1 << 20, 3)) {
      writer.append(flow(0));
      writer.append(Flow.newBuilder().setUuid(text).build());
      writer.append(flow(2));
    }
    assertEquals(List.of("flow 0", text, "flow 2"), read());
  }

  @Test
  void read_missingFolder_isEmpty() throws Exception {
    assertEquals(new Recording.Contents(0, 0, 0), Recording.read(folder.resolve("none"), f -> {}));
  }

  @Test
  void open_folderIsAFile_saysSo() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "x", StandardOpenOption.CREATE);
    var e = assertThrows(RecordingException.class, () -> RecordingWriter.open(file, 4096, 1));
    assertEquals(Code.IO, e.code());
  }
}
