package io.sekisho.console.policy.editor.view;

import io.sekisho.console.policy.editor.model.Condition;
import io.sekisho.console.policy.editor.model.Edit;
import io.sekisho.console.policy.editor.model.Effect;
import io.sekisho.console.policy.editor.model.PeerForm;
import io.sekisho.console.policy.editor.model.PortForm;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Rules that are made with one click. */
public enum Quick {
  DEFAULT_DENY_IN,
  DEFAULT_DENY_OUT,
  ALLOW_ALL_IN,
  ALLOW_ALL_OUT,
  ALLOW_DNS,
  SAME_NAMESPACE_IN,
  SAME_NAMESPACE_OUT,
  FROM_NODES,
  TO_WORLD,
  DENY_WORLD_IN,
  DENY_WORLD_OUT;

  private static final Set<Quick> CILIUM_ONLY =
      EnumSet.of(FROM_NODES, TO_WORLD, DENY_WORLD_IN, DENY_WORLD_OUT);

  /** The key of its text. */
  public String key() {
    return "quick." + name().toLowerCase(Locale.ROOT);
  }

  /** Those that a spec can have. */
  public static List<Quick> of(SpecPicture spec) {
    boolean cilium =
        spec.head().kind() == Kind.CILIUM || spec.head().kind() == Kind.CILIUM_CLUSTERWIDE;
    if (spec.ordered() || spec.demands()) {
      return List.of();
    }
    boolean namespaced = spec.head().kind().namespaced();
    List<Quick> out = new ArrayList<>();
    for (Quick quick : values()) {
      boolean sameNamespace = quick == SAME_NAMESPACE_IN || quick == SAME_NAMESPACE_OUT;
      if ((cilium || !CILIUM_ONLY.contains(quick)) && (namespaced || !sameNamespace)) {
        out.add(quick);
      }
    }
    return List.copyOf(out);
  }

  /** What it does to a spec. */
  public List<Edit> edits(SpecPicture spec) {
    return switch (this) {
      case DEFAULT_DENY_IN -> isolate(spec, Direction.INGRESS);
      case DEFAULT_DENY_OUT -> isolate(spec, Direction.EGRESS);
      case ALLOW_ALL_IN -> allow(spec, Direction.INGRESS, everybody(spec), List.of());
      case ALLOW_ALL_OUT -> allow(spec, Direction.EGRESS, everybody(spec), List.of());
      case ALLOW_DNS -> allow(spec, Direction.EGRESS, dns(), ports());
      case SAME_NAMESPACE_IN -> allow(spec, Direction.INGRESS, all(), List.of());
      case SAME_NAMESPACE_OUT -> allow(spec, Direction.EGRESS, all(), List.of());
      case FROM_NODES -> allow(spec, Direction.INGRESS, new PeerForm.Entity("host"), List.of());
      case TO_WORLD -> allow(spec, Direction.EGRESS, world(), List.of());
      case DENY_WORLD_IN -> rule(spec, Direction.INGRESS, Effect.DENY, world(), List.of());
      case DENY_WORLD_OUT -> rule(spec, Direction.EGRESS, Effect.DENY, world(), List.of());
    };
  }

  private static PeerForm everybody(SpecPicture spec) {
    return spec.head().kind() == Kind.NETWORK_POLICY
        ? new PeerForm.Everybody()
        : new PeerForm.Entity("all");
  }

  private static PeerForm all() {
    return new PeerForm.Pods(List.of());
  }

  private static PeerForm world() {
    return new PeerForm.Entity("world");
  }

  private static PeerForm dns() {
    return new PeerForm.Pods(
        List.of(
            Condition.is("k8s-app", "kube-dns"), Condition.is(Condition.NAMESPACE, "kube-system")));
  }

  private static List<PortForm> ports() {
    return List.of(PortForm.udp(53), PortForm.tcp(53));
  }

  private static List<Edit> isolate(SpecPicture spec, Direction direction) {
    return List.of(new Edit.SetIsolation(spec.path(), direction, true));
  }

  private static List<Edit> allow(
      SpecPicture spec, Direction direction, PeerForm peer, List<PortForm> ports) {
    return rule(spec, direction, Effect.ALLOW, peer, ports);
  }

  private static List<Edit> rule(
      SpecPicture spec, Direction direction, Effect effect, PeerForm peer, List<PortForm> ports) {
    return List.of(new Edit.AddRule(spec.path(), direction, effect, peer, ports));
  }
}
