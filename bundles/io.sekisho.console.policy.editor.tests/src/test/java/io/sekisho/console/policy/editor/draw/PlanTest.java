package io.sekisho.console.policy.editor.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.policy.editor.edit.PolicyText;
import io.sekisho.console.policy.editor.edit.Samples;
import io.sekisho.console.policy.editor.model.Condition;
import io.sekisho.console.policy.editor.model.Finding;
import io.sekisho.console.policy.editor.model.Live;
import io.sekisho.console.policy.editor.model.LivePod;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Peer;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.Rule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
  static final Live LIVE =
      new Live(
          true,
          List.of(
              pod("shop", "cart", 0),
              pod("shop", "cart", 1),
              pod("shop", "payment", 0),
              pod("ops", "scanner", 0),
              pod("kube-system", "kube-dns", 0)));

  static LivePod pod(String namespace, String workload, int number) {
    return new LivePod(
        namespace,
        workload,
        workload + "-" + number,
        Labels.of(
            "k8s:app=" + workload,
            "k8s:k8s-app=" + workload,
            "k8s:pod-template-hash=" + workload.length(),
            "k8s:io.kubernetes.pod.namespace=" + namespace));
  }

  private static PolicyText read(String text) throws Exception {
    return PolicyText.read(text);
  }

  @Test
  void of_anyKindAndWidth_boxesNeverOverlapAndStayInside() throws Exception {
    for (String sample : Samples.all()) {
      for (SpecPicture spec : read(sample).specs()) {
        for (int width : List.of(100, 660, 837, 1200, 2500)) {
          Plan plan = Plan.of(spec, LIVE, width);
          List<Element> all = plan.elements();
          for (int i = 0; i < all.size(); i++) {
            Rect a = all.get(i).box();
            assertTrue(a.x() >= 0 && a.right() <= plan.width(), a + " of " + plan.width());
            assertTrue(a.y() >= 0 && a.bottom() <= plan.height(), a.toString());
            for (int j = i + 1; j < all.size(); j++) {
              assertFalse(a.meets(all.get(j).box()), all.get(i) + " and " + all.get(j));
            }
          }
        }
      }
    }
  }

  @Test
  void of_everyPeer_hasABoxAndALine() throws Exception {
    for (String sample : Samples.all()) {
      for (SpecPicture spec : read(sample).specs()) {
        Plan plan = Plan.of(spec, LIVE, 900);
        spec.rules()
            .forEach(
                r ->
                    r.peers()
                        .forEach(
                            p -> {
                              ElementId id = new ElementId.Peer(p.id());
                              assertTrue(plan.element(id).isPresent(), id.toString());
                              assertTrue(
                                  plan.wires().stream().anyMatch(w -> w.element().equals(id)));
                            }));
      }
    }
  }

  @Test
  void of_arrows_standAtTheServer() throws Exception {
    Plan plan = Plan.of(read(Samples.CILIUM).specs().getFirst(), LIVE, 900);
    Rect subject = plan.elements().getFirst().box();
    plan.wires().stream()
        .filter(Wire::head)
        .forEach(
            w ->
                assertTrue(
                    w.x2() == subject.x() || w.x2() > subject.right(),
                    () -> w + " ends at " + subject));
  }

  @Test
  void of_audit_isDotted() throws Exception {
    String text =
        Samples.CILIUM.replace(
            "  namespace: shop\n",
            "  namespace: shop\n  annotations: {sekisho.io/enforcement: audit}\n");
    Plan plan = Plan.of(read(text).specs().getFirst(), LIVE, 900);
    assertTrue(plan.wires().stream().allMatch(w -> w.style() == Wire.Style.AUDIT));
  }

  /** The picture's own count of pods is that of the policy engine. */
  @Test
  void matching_samples_agreesWithTheEngine() throws Exception {
    for (String sample : List.of(Samples.CILIUM, Samples.CLUSTERWIDE, Samples.NETWORK_POLICY)) {
      PolicyDocument document = Documents.parse(List.of(sample)).documents().getFirst();
      List<Long> engine = new ArrayList<>();
      for (Rule rule : document.rules().toList()) {
        rule.peers().stream()
            .filter(Peer.Endpoints.class::isInstance)
            .map(p -> ((Peer.Endpoints) p).selector())
            .forEach(
                s -> engine.add(LIVE.pods().stream().filter(p -> s.matches(p.labels())).count()));
      }
      List<Long> picture = new ArrayList<>();
      for (SpecPicture spec : read(sample).specs()) {
        spec.rules()
            .forEach(
                r ->
                    r.peers().stream()
                        .map(p -> p.form())
                        .filter(
                            io.sekisho.console.policy.editor.model.PeerForm.Pods.class::isInstance)
                        .map(
                            f ->
                                ((io.sekisho.console.policy.editor.model.PeerForm.Pods) f)
                                    .conditions())
                        .forEach(
                            c ->
                                picture.add(
                                    (long) LIVE.matching(c, spec.head().namespace()).size())));
      }
      assertEquals(engine, picture, sample);
    }
  }

  @Test
  void workload_named_meansItsPodsOnly() {
    List<Condition> own = LIVE.workload("shop", "cart", "shop");
    assertEquals("app=cart", Condition.text(own));
    assertEquals(2, LIVE.matching(own, "shop").size());
    assertEquals(
        "app=scanner, namespace=ops", Condition.text(LIVE.workload("ops", "scanner", "shop")));
  }

  @Test
  void marks_problemInAPeer_standAtItsBox() throws Exception {
    PolicyText text = read(Samples.CILIUM);
    Plan plan = Plan.of(text.specs().getFirst(), LIVE, 900);
    int line = 1 + (int) Samples.CILIUM.lines().takeWhile(l -> !l.contains("- world")).count();
    Finding finding = new Finding(true, line, 11, "wrong", "");
    Marks marks = Marks.of(List.of(finding), text.yaml().text(), Places.of(text.yaml(), plan));
    ElementId id = marks.of().keySet().iterator().next();
    assertEquals("world", plan.element(id).orElseThrow().lines().getFirst());
    Marks head =
        Marks.of(
            List.of(new Finding(true, 2, 1, "head", "")),
            text.yaml().text(),
            Places.of(text.yaml(), plan));
    assertEquals(1, head.elsewhere().size());
  }

  private static String icmp(String more) {
    return """
    apiVersion: cilium.io/v2
    kind: CiliumNetworkPolicy
    metadata: {name: ping, namespace: shop}
    spec:
      endpointSelector: {}
      ingress:
        - fromEndpoints: [{}]
          icmps:
            - fields: [{type: 8, family: IPv4}, {type: EchoRequest, family: IPv6}]
    """
        + more;
  }

  @Test
  void icmp_types_standApartFromPorts() throws Exception {
    Plan plan = Plan.of(read(icmp("")).specs().getFirst(), LIVE, 900);
    List<Element> chips =
        plan.elements().stream()
            .filter(e -> e.id() instanceof ElementId.Icmp || e.id() instanceof ElementId.Ports)
            .toList();
    assertEquals(1, chips.size());
    assertEquals(Element.Shape.ICMP, chips.getFirst().shape());
    assertEquals(List.of("ICMP", "EchoRequest", "ICMPv6", "EchoRequest"), chips.getFirst().lines());
    assertTrue(chips.getFirst().tip().contains("ICMP EchoRequest, ICMPv6 EchoRequest"));

    String both = icmp("      toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]\n");
    Plan two = Plan.of(read(both).specs().getFirst(), LIVE, 900);
    var rule = two.spec().rules().getFirst().id();
    Element ports = two.element(new ElementId.Ports(rule)).orElseThrow();
    Element types = two.element(new ElementId.Icmp(rule)).orElseThrow();
    assertEquals(List.of("80/TCP"), ports.lines());
    assertFalse(ports.box().meets(types.box()));
    ElementId peer = new ElementId.Peer(two.spec().rules().getFirst().peers().getFirst().id());
    assertEquals(2, two.wires().stream().filter(w -> w.element().equals(peer)).count());
  }

  @Test
  void places_behindWideLetters_areThoseOfTheText() throws Exception {
    String text = Samples.CILIUM.replace("# first", "# \uD83D\uDE00\uD83D\uDE00 first");
    PolicyText read = read(text);
    Plan plan = Plan.of(read.specs().getFirst(), LIVE, 900);
    Places places = Places.of(read.yaml(), plan);
    ElementId world = places.at(text.indexOf("- world") + 2).orElseThrow();
    assertEquals("world", plan.element(world).orElseThrow().lines().getFirst());
    Places.Place place =
        places.all().stream().filter(p -> p.id().equals(world)).findFirst().orElseThrow();
    assertEquals("world", text.substring(place.span().start(), place.span().end()));
  }

  @Test
  void matching_sameQuestion_isCountedOnce() {
    List<Condition> cart = List.of(Condition.is("app", "cart"));
    assertTrue(LIVE.matching(cart, "shop") == LIVE.matching(List.copyOf(cart), "shop"));
    assertEquals(0, LIVE.matching(cart, "ops").size());
  }

  @Test
  void side_middle_parts() throws Exception {
    Plan plan = Plan.of(read(Samples.CILIUM).specs().getFirst(), LIVE, 900);
    assertEquals(Direction.INGRESS, plan.side(10));
    assertEquals(Direction.EGRESS, plan.side(890));
  }
}
