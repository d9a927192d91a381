package io.sekisho.libbpf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Objects: settings, loading, test runs, errors. */
final class BpfObjectTest {
  @Test
  void set_integerAndBytes_reachTheProgram() {
    byte[] address = new byte[16];
    address[15] = 7;
    try (var object = Fixture.open("fixture")) {
      object.set("answer", Fixture.u32(40)).set("address", address).load();
      try (var program = object.program("answers")) {
        assertEquals(47, program.testRun(Fixture.frame()).returnValue());
      }
    }
  }

  @Test
  void get_beforeAndAfterSet_saysTheValue() {
    try (var object = Fixture.open("fixture")) {
      assertArrayEquals(Fixture.u32(1), object.get("answer"));
      object.set("answer", Fixture.u32(2));
      assertArrayEquals(Fixture.u32(2), object.get("answer"));
    }
  }

  @Test
  void set_wrongSize_isInvalid() {
    try (var object = Fixture.open("fixture")) {
      var error =
          assertThrows(BpfException.class, () -> object.set("answer", new byte[] {1, 2, 3}));

      assertEquals(BpfException.Code.INVALID, error.code());
    }
  }

  @Test
  void set_unknownVariable_isNotFound() {
    try (var object = Fixture.open("fixture")) {
      var error = assertThrows(BpfException.class, () -> object.set("question", new byte[4]));

      assertEquals(BpfException.Code.NOT_FOUND, error.code());
    }
  }

  @Test
  void load_refusedProgram_carriesTheVerifierLog() {
    try (var object = Fixture.open("rejected")) {
      var error = assertThrows(BpfException.class, object::load);

      assertEquals(BpfException.Code.LOAD_FAILED, error.code());
      assertTrue(error.getMessage().contains("invalid bpf_context access"), error.getMessage());
    }
  }

  @Test
  void open_garbage_isInvalid() {
    byte[] garbage = new byte[1000];
    var error = assertThrows(BpfException.class, () -> BpfObject.open("garbage", garbage));

    assertEquals(BpfException.Code.INVALID, error.code());
  }

  @Test
  void open_truncatedObject_neverCrashes() {
    byte[] whole = Fixture.bytes("fixture");
    for (int length = 0; length < whole.length; length += 97) {
      byte[] part = java.util.Arrays.copyOf(whole, length);
      assertThrows(BpfException.class, () -> BpfObject.open("part", part).close());
    }
  }

  @Test
  void program_afterObjectClosed_stillRuns() {
    BpfProgram program;
    try (var object = Fixture.open("fixture")) {
      program = object.load().program("drops");
    }
    try (program) {
      assertEquals(2, program.testRun(Fixture.frame()).returnValue());
      assertTrue(program.id() > 0);
    }
  }

  @Test
  void testRun_withContext_returnsTheContext() {
    byte[] context = new byte[192];
    try (var object = Fixture.open("fixture").load();
        var program = object.program("answers")) {
      var result = program.testRun(TestRun.of(Fixture.frame()).context(context).repeat(10));

      int mark = ByteBuffer.wrap(result.context()).order(ByteOrder.nativeOrder()).getInt(8);
      assertEquals(1, mark);
      assertEquals(64, result.packet().length);
    }
  }

  @Test
  void testRun_frameTooShort_isInvalid() {
    try (var object = Fixture.open("fixture").load();
        var program = object.program("answers")) {
      var error = assertThrows(BpfException.class, () -> program.testRun(new byte[5]));

      assertEquals(BpfException.Code.INVALID, error.code());
    }
  }

  @Test
  void names_ofMapsAndPrograms_areThoseOfTheSource() {
    try (var object = Fixture.open("fixture")) {
      var maps = new ArrayList<String>();
      object.mapNames().forEach(maps::add);
      var programs = new ArrayList<String>();
      object.programNames().forEach(programs::add);

      assertEquals(Set.of("pairs", "counters", "tables", "events"), Set.copyOf(maps));
      assertEquals(List.of("answers", "drops", "emits", "counts"), programs);
    }
  }

  @Test
  void program_unknownName_isNotFound() {
    try (var object = Fixture.open("fixture").load()) {
      var error = assertThrows(BpfException.class, () -> object.program("nothing"));

      assertEquals(BpfException.Code.NOT_FOUND, error.code());
    }
  }

  @Test
  void btf_struct_hasMembersOfAnonymousOnes() {
    try (var object = Fixture.open("fixture")) {
      var pair = object.btf().struct("pair").orElseThrow();

      assertEquals(16, pair.size());
      assertEquals(new Btf.Member("second", 32, 4), pair.member("second").orElseThrow());
      assertEquals(6, pair.member("tail").orElseThrow().size());
    }
  }
}
