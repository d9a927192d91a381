package io.sekisho.lab.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the specs of a table are run, and what of them is on disk when. */
final class PartRunTest {
  private static final String TITLE = "two nodes";

  @TempDir Path folder;

  private final List<String> ran = Collections.synchronizedList(new ArrayList<>());

  private PartRun part(String title, boolean resume, String... names) throws IOException {
    var made = new PartRun(title, folder, "part");
    made.plan(List.of(names), List.of(Spec.leftOut("z", "cannot run here")), resume);
    return made;
  }

  private Spec passed(String name) {
    ran.add(name);
    return new Spec(name, Spec.Result.PASSED, 1, "");
  }

  private static void run(PartRun part, int parallel, Function<String, Spec> run) {
    part.run(parallel, () -> false, run, spec -> {});
  }

  private String onDisk() {
    try {
      return SpecTable.read(folder, "part").orElseThrow().specs().stream()
          .map(spec -> spec.name() + " " + spec.result().word())
          .collect(Collectors.joining(", "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void run_eachResult_isOnDiskBeforeTheNextBegins() throws IOException {
    var seen = new ArrayList<String>();
    PartRun part = part(TITLE, false, "a", "b");
    run(
        part,
        1,
        name -> {
          seen.add(onDisk());
          return name.equals("a")
              ? new Spec(name, Spec.Result.FAILED, 2.5, "no answer\nmore")
              : passed(name);
        });
    assertEquals(List.of("a left, b left, z skipped", "a failed, b left, z skipped"), seen);
    assertEquals("a failed, b passed, z skipped", onDisk());
    assertEquals(
        """
        two nodes
        failed     2.5  a: no answer
        passed     1.0  b
        skipped    0.0  z: cannot run here
        1 passed, 1 failed, 1 skipped in 4 s
        """,
        Files.readString(folder.resolve("part.txt")));
  }

  @Test
  void run_timeIsUp_leavesTheRest() throws IOException {
    PartRun part = part(TITLE, false, "a", "b", "c");
    part.run(1, () -> ran.size() == 1, this::passed, spec -> {});
    assertEquals("a passed, b left, c left, z skipped", onDisk());
    assertTrue(part.table().sum().contains("1 skipped, 2 left in"), part.table()::sum);
  }

  @Test
  void plan_resumed_runsWhatDidNotPass() throws IOException {
    run(
        part(TITLE, false, "a", "b"),
        1,
        n -> n.equals("a") ? passed(n) : new Spec(n, Spec.Result.FAILED, 1, "no"));
    ran.clear();
    run(part(TITLE, true, "a", "b", "c"), 1, this::passed);
    assertEquals(List.of("b", "c"), ran);
    assertEquals("a passed, b passed, c passed, z skipped", onDisk());
    ran.clear();
    run(part("three nodes", true, "a"), 1, this::passed);
    assertEquals(List.of("a"), ran, "another title is another run");
  }

  @Test
  void plan_resumedFromATornTable_isRefused() throws IOException {
    Files.writeString(folder.resolve("part.json"), "{\"title\": ");
    assertThrows(IOException.class, () -> part(TITLE, true, "a"));
    Files.writeString(folder.resolve("part.json"), "");
    assertThrows(IOException.class, () -> part(TITLE, true, "a"));
  }

  @Test
  void run_parallel_runsSeveralButSerialOnesAlone() throws IOException {
    var together = new CyclicBarrier(2);
    run(
        part(TITLE, false, "[Serial] a", "b", "c"),
        2,
        name -> {
          if (!name.contains("[Serial]")) {
            meet(together);
          }
          return passed(name);
        });
    assertEquals("[Serial] a", ran.getLast());
    assertEquals("[Serial] a passed, b passed, c passed, z skipped", onDisk());
  }

  private static void meet(CyclicBarrier together) {
    try {
      together.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new AssertionError("they do not run together", e);
    }
  }

  @Test
  void stop_whileOneRuns_keepsWhatIsKnownAndNoMore() throws IOException {
    PartRun part = part(TITLE, false, "a", "b", "c");
    run(
        part,
        1,
        name -> {
          if (name.equals("b")) {
            part.stop();
          }
          return passed(name);
        });
    assertEquals("a passed, b left, c left, z skipped", onDisk());
  }

  @Test
  void run_thatCannotBegin_hasFailed() throws IOException {
    PartRun part = part(TITLE, false, "a");
    run(
        part,
        1,
        name -> {
          throw new UncheckedIOException(new IOException("no such program"));
        });
    assertTrue(part.table().text().contains("no such program"), part.table()::text);
    assertEquals(1, part.table().count(Spec.Result.FAILED));
  }

  @Test
  void exclusions_withoutKubeProxy_areThoseOfPortsOfNodes() {
    String service = "[sig-network] Services should ";
    List<String> names =
        List.of(
            service + "be able to create a functioning NodePort service [Conformance]",
            service + "be able to change the type from ExternalName to NodePort [Conformance]",
            service + "be able to change the type from NodePort to ExternalName [Conformance]",
            service + "delete a collection of services [Conformance]");
    assertEquals(names.subList(0, 2), excluded(names, false));
    assertEquals(List.of(), excluded(names, true));
  }

  /** Of these the ones that are left out for their ports of nodes. */
  private static List<String> excluded(List<String> names, boolean proxy) {
    List<Exclusion> all =
        Exclusion.all(proxy).stream().filter(e -> e.why().startsWith("ports of nodes")).toList();
    return names.stream().filter(name -> Exclusion.of(name, all).isPresent()).toList();
  }
}
