package io.sekisho.agent.node;

import io.sekisho.agent.datapath.NodeFeature;
import io.sekisho.api.v1.FeaturePresence;
import io.sekisho.api.v1.KernelFeature;
import io.sekisho.api.v1.Node;
import java.util.List;
import java.util.function.Supplier;

/** Tells what the kernel can do; tried once, on a thread of its own, after the agent serves. */
public final class FeaturePart implements NodePart {
  private static final System.Logger LOG = System.getLogger(FeaturePart.class.getName());

  private volatile List<KernelFeature> features = List.of();

  /** Begins to try; until it is known nothing is told. */
  public void begin(Supplier<List<NodeFeature>> trial) {
    Thread.ofPlatform().name("kernel-features").daemon().start(() -> learn(trial.get()));
  }

  private void learn(List<NodeFeature> tried) {
    tried.stream()
        .filter(NodeFeature::missing)
        .forEach(f -> LOG.log(System.Logger.Level.INFO, "this kernel has {0}", f.explain()));
    features = tried.stream().map(FeaturePart::message).toList();
  }

  private static KernelFeature message(NodeFeature feature) {
    return KernelFeature.newBuilder()
        .setName(feature.name())
        .setPresence(
            switch (feature.presence()) {
              case PRESENT -> FeaturePresence.PRESENT;
              case MISSING -> FeaturePresence.MISSING;
              case UNKNOWN -> FeaturePresence.FEATURE_PRESENCE_UNKNOWN;
            })
        .setPurpose(feature.purpose())
        .setSince(feature.since())
        .setFallback(feature.fallback().orElse(""))
        .build();
  }

  @Override
  public void addTo(Node.Builder node) {
    node.addAllFeatures(features);
  }
}
