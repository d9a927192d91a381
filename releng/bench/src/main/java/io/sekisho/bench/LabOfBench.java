package io.sekisho.bench;

import io.sekisho.lab.ClusterNetwork;
import io.sekisho.lab.Lab;
import io.sekisho.lab.LabFolder;
import io.sekisho.lab.LabNames;
import io.sekisho.lab.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** A lab for one benchmark, without the shop, in a folder of its own; ends with the benchmark. */
final class LabOfBench implements AutoCloseable {
  private final Lab lab;

  LabOfBench(int nodes) {
    this(nodes, ClusterNetwork.USUAL);
  }

  LabOfBench(int nodes, ClusterNetwork network) {
    try {
      lab =
          new Lab(
              new LabNames("skbench"),
              new LabFolder(Files.createTempDirectory("skbench")),
              Programs.ofBuild(),
              line -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    lab.up(new Lab.Wish(nodes, false, false).on(network));
  }

  Lab lab() {
    return lab;
  }

  @Override
  public void close() {
    lab.down();
  }
}
