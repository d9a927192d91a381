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
 * @param nodes how many nodes
 * @param shop whether the shop runs
 * @param leaseSeconds after which a silent node is gone
 * @param pods pods that are up
 */
public record LabDescription(
    String lab, int nodes, boolean shop, int leaseSeconds, List<Pod> pods) {
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /** Keeps an immutable copy. */
  public LabDescription {
    pods = List.copyOf(pods);
  }

  /** The same with other pods. */
  LabDescription withPods(List<Pod> others) {
    return new LabDescription(lab, nodes, shop, leaseSeconds, others);
  }

  /** The nodes, in order. */
  public List<LabNode> labNodes() {
    return IntStream.rangeClosed(1, nodes).mapToObj(LabNode::new).toList();
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
