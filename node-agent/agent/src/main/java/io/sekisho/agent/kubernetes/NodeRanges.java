package io.sekisho.agent.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.agent.apiserver.ApiException;
import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.apiserver.ResourceKind;
import io.sekisho.agent.ipam.PodRanges;
import io.sekisho.agent.state.StateFile;
import io.sekisho.policy.Cidr;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The ranges that Kubernetes gave the node: {@code spec.podCIDRs}, which never change once they are
 * set. A state file has them for a start without the API server.
 */
public final class NodeRanges implements PodRanges {
  private static final String FILE = "kubernetes-ranges";

  private final ApiServer api;
  private final String node;
  private final Path file;
  private List<Cidr> kept;

  /** Of a node by its name in Kubernetes; the file lies in the state folder. */
  public NodeRanges(ApiServer api, String node, Path state) {
    this.api = api;
    this.node = node;
    this.file = state.resolve(FILE);
    this.kept = read(file);
  }

  /** The ranges that the agent of a state folder has taken. */
  static List<Cidr> kept(Path state) {
    return read(state.resolve(FILE));
  }

  private static List<Cidr> read(Path file) {
    try {
      return StateFile.read(file).orElse("").lines().map(Cidr::parse).toList();
    } catch (IllegalArgumentException e) {
      Path aside = StateFile.setAside(file);
      assert !aside.equals(file);
      return List.of();
    }
  }

  @Override
  public Held take() {
    try {
      Optional<GenericKubernetesResource> object = api.get(ResourceKind.NODE, "", node);
      List<Cidr> ranges = object.map(NodeRanges::ranges).orElse(List.of());
      if (ranges.isEmpty()) {
        return held("the node " + node + missing(object.isPresent()));
      }
      keep(ranges);
      return new Held(kept, Optional.empty());
    } catch (ApiException e) {
      return held("the node's ranges are not confirmed: " + e.getMessage());
    } catch (IllegalArgumentException | UncheckedIOException e) {
      return held("the node's ranges cannot be used: " + e.getMessage());
    }
  }

  private static String missing(boolean there) {
    return there ? " has no spec.podCIDRs yet" : " is not in Kubernetes yet";
  }

  private Held held(String message) {
    return new Held(kept, Optional.of(new Trouble(message, kept.isEmpty())));
  }

  static List<Cidr> ranges(GenericKubernetesResource node) {
    Map<?, ?> spec = Fields.map(node, "spec");
    List<?> several = Fields.list(spec, "podCIDRs");
    String one = Fields.text(spec, "podCIDR");
    List<?> texts = several.isEmpty() && !one.isEmpty() ? List.of(one) : several;
    var out = new ArrayList<Cidr>();
    texts.forEach(text -> out.add(Cidr.parse(String.valueOf(text))));
    return out;
  }

  private void keep(List<Cidr> ranges) {
    if (!ranges.equals(kept)) {
      StateFile.write(
          file, ranges.stream().map(Cidr::toString).collect(Collectors.joining("\n")) + "\n");
      kept = List.copyOf(ranges);
    }
  }
}
