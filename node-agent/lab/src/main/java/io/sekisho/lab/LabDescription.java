package io.sekisho.lab;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What of a lab is up, as its file says.
 *
 * @param lab the lab's name
 * @param wish what was asked for
 * @param moved numbers of the nodes that changed their addresses
 * @param pods pods that are up
 */
public record LabDescription(String lab, Lab.Wish wish, List<Integer> moved, List<Pod> pods) {
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /** Keeps immutable copies. */
  public LabDescription {
    moved = List.copyOf(moved);
    pods = List.copyOf(pods);
  }

  /** The same with other pods. */
  LabDescription withPods(List<Pod> others) {
    return new LabDescription(lab, wish, moved, others);
  }

  /** The same with another wish. */
  LabDescription withWish(Lab.Wish other) {
    return new LabDescription(lab, other, moved, pods);
  }

  /** The same with other nodes moved. */
  LabDescription withMoved(List<Integer> others) {
    return new LabDescription(lab, wish, others, pods);
  }

  /** How many nodes. */
  public int nodes() {
    return wish.nodes();
  }

  /** Whether the shop runs. */
  public boolean shop() {
    return wish.shop();
  }

  /** The nodes, in order. */
  public List<LabNode> labNodes() {
    return IntStream.rangeClosed(1, nodes())
        .mapToObj(LabNode::new)
        .map(node -> moved.contains(node.number()) ? node.moved() : node)
        .toList();
  }

  /** Reads the description; empty if there is none. */
  static Optional<LabDescription> read(LabFolder folder) {
    try {
      return Optional.ofNullable(
          GSON.fromJson(Files.readString(folder.description()), LabDescription.class));
    } catch (IOException e) {
      return Optional.empty();
    } catch (JsonParseException e) {
      throw new LabException(
          LabException.Code.IO,
          folder.description() + " is torn; end what is left of the lab by: sekisho lab down",
          e);
    }
  }

  /** Writes it for later commands. */
  void write(LabFolder folder) {
    try {
      AtomicFile.write(folder.description(), GSON.toJson(this) + "\n");
    } catch (IOException e) {
      throw new LabException(LabException.Code.IO, "cannot write " + folder.description(), e);
    }
  }
}
