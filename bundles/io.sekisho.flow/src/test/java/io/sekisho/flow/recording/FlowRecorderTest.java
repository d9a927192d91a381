package io.sekisho.flow.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.flow.Flow;
import io.sekisho.flow.recording.RecordingException.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FlowRecorderTest {
  @TempDir Path folder;

  private static Flow flow(int number) {
    return Flow.newBuilder().setUuid("flow " + number).build();
  }

  private List<Flow> read() throws Exception {
    List<Flow> out = new ArrayList<>();
    Recording.replay(folder, out::add);
    return out;
  }

  @Test
  void close_manyFlows_allAreThereInOrder() throws Exception {
    List<Flow> flows = new ArrayList<>();
    try (var recorder = FlowRecorder.open(folder)) {
      for (int i = 0; i < 50_000; i++) {
        flows.add(flow(i));
        recorder.put(flows.getLast());
      }
      recorder.close();
      assertEquals(50_000, recorder.written());
      assertEquals(0, recorder.missing());
    }
    assertEquals(flows, read());
  }

  @Test
  void offer_fasterThanTheDisk_writtenAndMissingAddUp() throws Exception {
    var recorder = FlowRecorder.open(folder);
    for (int i = 0; i < 200_000; i++) {
      recorder.offer(flow(i));
    }
    recorder.close();
    recorder.offer(flow(-1));
    assertEquals(200_001, recorder.written() + recorder.missing());
    assertEquals(recorder.written(), read().size());
  }

  @Test
  void offer_tooLarge_isMissingAndTheRestGoesOn() throws Exception {
    var recorder = FlowRecorder.open(folder, 4096, 1);
    recorder.put(Flow.newBuilder().setUuid("x".repeat(5000)).build());
    recorder.put(flow(1));
    recorder.close();
    assertEquals(List.of(flow(1)), read());
    assertEquals(1, recorder.missing());
    assertTrue(recorder.failure().isEmpty());
  }

  @Test
  void offer_bounded_oldestFilesGo() throws Exception {
    var recorder = FlowRecorder.open(folder, 4096, 2);
    for (int i = 0; i < 2_000; i++) {
      recorder.put(flow(i));
    }
    recorder.close();
    List<Flow> kept = read();
    assertEquals(flow(1_999), kept.getLast());
    assertTrue(kept.size() < 1_000, "kept " + kept.size());
    try (var files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void run_diskRefuses_endsWithTheReasonAndCountsTheRest() throws Exception {
    Path inside = folder.resolve("recording");
    var recorder = FlowRecorder.open(inside, 4096, 8);
    try (var files = Files.list(inside)) {
      Files.delete(files.findFirst().orElseThrow());
    }
    Files.delete(inside); // the next file can't be made
    for (int i = 0; i < 2_000; i++) {
      recorder.put(flow(i));
    }
    recorder.close();
    assertEquals(Code.IO, recorder.failure().orElseThrow().code());
    assertEquals(2_000, recorder.written() + recorder.missing());
  }

  @Test
  void put_manyWaitForRoomWhileTheDiskRefuses_allComeBack() throws Exception {
    Path inside = folder.resolve("recording");
    var recorder = FlowRecorder.open(inside, 4096, 8);
    try (var files = Files.list(inside)) {
      Files.delete(files.findFirst().orElseThrow());
    }
    Files.delete(inside); // the next file can't be made
    List<Thread> putting = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      putting.add(Thread.ofVirtual().start(() -> putMany(recorder, 1_000)));
    }
    for (Thread thread : putting) {
      assertTrue(thread.join(Duration.ofSeconds(60)), "waits for ever");
    }
    recorder.close();
    assertEquals(40_000, recorder.written() + recorder.missing());
  }

  private static void putMany(FlowRecorder recorder, int count) {
    try {
      for (int i = 0; i < count; i++) {
        recorder.put(flow(i));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void open_fileInThePlaceOfTheFolder_saysSo() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    var thrown = assertThrows(RecordingException.class, () -> FlowRecorder.open(file));
    assertTrue(thrown.getMessage().contains(file.toString()), thrown.getMessage());
  }

  @Test
  void replay_folderWithout_isAnError() {
    var thrown = assertThrows(RecordingException.class, () -> Recording.replay(folder, flow -> {}));
    assertEquals(Code.NOT_A_RECORDING, thrown.code());
  }
}
