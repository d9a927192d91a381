package io.sekisho.console.policy.editor.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.policy.editor.model.Condition;
import io.sekisho.console.policy.editor.model.Edit;
import io.sekisho.console.policy.editor.model.EditException;
import io.sekisho.console.policy.editor.model.Effect;
import io.sekisho.console.policy.editor.model.PeerForm;
import io.sekisho.console.policy.editor.model.PortForm;
import io.sekisho.console.policy.editor.model.RulePicture;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.console.policy.editor.yaml.YamlException;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Documents;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyTextTest {
  private static PolicyText read(String text) throws YamlException {
    PolicyText read = PolicyText.read(text);
    assertEquals(List.of(), Documents.parse(List.of(text)).errors());
    return read;
  }

  private static SpecPicture spec(PolicyText text) {
    return text.specs().getFirst();
  }

  private static List<RulePicture> rules(PolicyText text, Direction direction) {
    return spec(text).rules(direction).toList();
  }

  private static PeerForm.Pods app(String name) {
    return new PeerForm.Pods(List.of(Condition.is("app", name)));
  }

  @Test
  void samples_all_haveNoErrors() throws YamlException {
    for (String sample : Samples.all()) {
      read(sample);
    }
  }

  @Test
  void read_cilium_showsPeersPortsAndDefaults() throws Exception {
    PolicyText text = read(Samples.CILIUM);
    assertEquals(app("payment"), spec(text).subject());
    List<RulePicture> in = rules(text, Direction.INGRESS);
    assertEquals(3, in.size());
    assertEquals(app("cart"), in.getFirst().peers().getFirst().form());
    assertEquals(List.of(PortForm.tcp(8443)), in.getFirst().ports());
    assertEquals(Effect.DENY, in.get(2).effect());
    RulePicture out = rules(text, Direction.EGRESS).getFirst();
    assertEquals("203.0.113.0/24 except 203.0.113.40/32", out.peers().getFirst().form().line());
    assertEquals(2, spec(text).isolated().size());
  }

  @Test
  void read_prefixList_hasNothingToDraw() throws Exception {
    String list =
        """
        apiVersion: sekisho.io/v1
        kind: PrefixList
        metadata: {name: bad}
        spec: {deny: [203.0.113.0/24]}
        """;
    assertEquals(List.of(), PolicyText.read(list).specs());
  }

  @Test
  void addPeer_sameSort_joinsTheRule() throws Exception {
    PolicyText text = read(Samples.CILIUM);
    RulePicture rule = rules(text, Direction.INGRESS).getFirst();
    String next = text.after(List.of(new Edit.AddPeer(rule.id(), app("web")))).yaml().text();
    assertEquals(
        Samples.CILIUM.replace(
            "        - matchLabels: {app: checkout}\n",
            "        - matchLabels: {app: checkout}\n"
                + "        - matchLabels:\n"
                + "            app: web\n"),
        next);
    read(next);
  }

  @Test
  void addPeer_anotherSort_getsARuleWithTheSamePorts() throws Exception {
    PolicyText text = read(Samples.CILIUM);
    RulePicture rule = rules(text, Direction.INGRESS).getFirst();
    PolicyText next = text.after(List.of(new Edit.AddPeer(rule.id(), new PeerForm.Entity("host"))));
    RulePicture made = rules(read(next.yaml().text()), Direction.INGRESS).get(1);
    assertEquals(new PeerForm.Entity("host"), made.peers().getFirst().form());
    assertEquals(rule.ports(), made.ports());
  }

  @Test
  void setEffect_deny_movesTheRuleWithItsComments() throws Exception {
    PolicyText text = read(Samples.CILIUM);
    RulePicture rule = rules(text, Direction.INGRESS).getFirst();
    String next = text.after(List.of(new Edit.SetEffect(rule.id(), Effect.DENY))).yaml().text();
    assertTrue(next.contains("app: cart # first"), next);
    assertTrue(next.contains("port: \"8443\" # https"), next);
    assertEquals(
        2,
        rules(read(next), Direction.INGRESS).stream()
            .filter(r -> r.effect() == Effect.DENY)
            .count());
  }

  @Test
  void removeRule_lastThatAllows_keepsDefaultDeny() throws Exception {
    PolicyText text = read(Samples.CILIUM);
    RulePicture rule = rules(text, Direction.EGRESS).getFirst();
    PolicyText next = text.after(List.of(new Edit.RemoveRule(rule.id())));
    assertTrue(spec(read(next.yaml().text())).isolated().contains(Direction.EGRESS));
    assertEquals(List.of(), rules(next, Direction.EGRESS));
  }

  @Test
  void addRule_denyWhereNothingIsDenied_leavesTheRestAllowed() throws Exception {
    String text = Samples.CILIUM.replaceAll("(?s)  egress:.*?  ingressDeny", "  ingressDeny");
    PolicyText before = read(text);
    Edit edit =
        new Edit.AddRule(
            spec(before).path(),
            Direction.EGRESS,
            Effect.DENY,
            new PeerForm.Entity("world"),
            List.of());
    PolicyText next = before.after(List.of(edit));
    assertEquals(spec(before).isolated(), spec(read(next.yaml().text())).isolated());
  }

  @Test
  void addRule_denyInNetworkPolicy_isRefused() throws Exception {
    PolicyText text = read(Samples.NETWORK_POLICY);
    Edit edit =
        new Edit.AddRule(spec(text).path(), Direction.INGRESS, Effect.DENY, app("x"), List.of());
    EditException e = assertThrows(EditException.class, () -> text.after(List.of(edit)));
    assertEquals(EditException.Code.EFFECT_OF_KIND, e.code());
  }

  @Test
  void setIsolation_networkPolicy_writesPolicyTypes() throws Exception {
    PolicyText text = read(Samples.NETWORK_POLICY);
    PolicyText next =
        text.after(List.of(new Edit.SetIsolation(spec(text).path(), Direction.EGRESS, true)));
    assertEquals(
        Samples.NETWORK_POLICY.replace("[Ingress] #", "[Ingress, Egress] #"), next.yaml().text());
  }

  @Test
  void moveRule_ordered_takesCommentsAlong() throws Exception {
    PolicyText text = read(Samples.CLUSTER_NETWORK_POLICY);
    RulePicture first = rules(text, Direction.INGRESS).getFirst();
    PolicyText next = text.after(List.of(new Edit.MoveRule(first.id(), 1)));
    assertEquals("no-ops", rules(next, Direction.INGRESS).getFirst().name());
    assertTrue(
        next.yaml().text().contains("name: monitoring\n      action: Accept # always"),
        next.yaml().text());
    read(next.yaml().text());
  }

  @Test
  void setPeer_prefixGetsException_becomesASet() throws Exception {
    String text =
        Samples.CILIUM.replace("fromEntities:\n        - world", "fromCIDR: [10.0.0.0/8]");
    PolicyText before = read(text);
    RulePicture deny = rules(before, Direction.INGRESS).getLast();
    PeerForm form = PeerForm.prefix("10.0.0.0/8 except 10.1.0.0/16");
    PolicyText next = before.after(List.of(new Edit.SetPeer(deny.peers().getFirst().id(), form)));
    assertEquals(
        form,
        rules(read(next.yaml().text()), Direction.INGRESS).getLast().peers().getFirst().form());
  }

  private static final String SERVICES =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: out, namespace: shop}
      spec:
        endpointSelector: {}
        egress:
          - toServices:
              - k8sService: # the bank
                  serviceName: payment
                  namespace: bank
              - k8sServiceSelector:
                  selector: {matchLabels: {tier: backend}}
                  namespace: shop
      """;

  private static PolicyText with(PolicyText text, Edit... edits) throws Exception {
    return read(text.after(List.of(edits)).yaml().text());
  }

  @Test
  void services_read_areNamedOrSelected() throws Exception {
    List<RulePicture> rules = rules(read(SERVICES), Direction.EGRESS);
    assertEquals(
        List.of("bank/payment", "tier=backend"),
        rules.getFirst().peers().stream().map(p -> p.form().line()).toList());
    assertTrue(rules.getFirst().peers().stream().allMatch(p -> p.form().editable()));
  }

  @Test
  void setPeer_service_changesItsNameAndKeepsTheRest() throws Exception {
    PolicyText text = read(SERVICES);
    RulePicture rule = rules(text, Direction.EGRESS).getFirst();
    PeerForm named = rule.peers().getFirst().form().parse("ledger");
    PeerForm selected = rule.peers().getLast().form().parse("tier=backend, has audited");
    PolicyText next =
        with(
            text,
            new Edit.SetPeer(rule.peers().getFirst().id(), named),
            new Edit.SetPeer(rule.peers().getLast().id(), selected));
    assertEquals(
        List.of("ledger", "tier=backend, has audited"),
        rules(next, Direction.EGRESS).getFirst().peers().stream()
            .map(p -> p.form().line())
            .toList());
    assertTrue(next.yaml().text().contains("k8sService: # the bank"), next.yaml().text());
    assertTrue(next.yaml().text().contains("namespace: shop\n"), next.yaml().text());
  }

  @Test
  void addRule_service_isOnlyForWhereItMayGo() throws Exception {
    PolicyText text = read(SERVICES);
    PeerForm service = PeerForm.Service.unnamed().parse("shop/cart");
    var out =
        new Edit.AddRule(spec(text).path(), Direction.EGRESS, Effect.ALLOW, service, List.of());
    assertEquals(
        "shop/cart",
        rules(with(text, out), Direction.EGRESS).getLast().peers().getFirst().form().line());
    var in =
        new Edit.AddRule(spec(text).path(), Direction.INGRESS, Effect.ALLOW, service, List.of());
    EditException e = assertThrows(EditException.class, () -> text.after(List.of(in)));
    assertEquals(EditException.Code.PEER_OF_KIND, e.code());
    assertThrows(EditException.class, () -> PeerForm.Service.unnamed().parse("not a name"));
  }

  private static PeerForm addresses(String line) throws EditException {
    return new PeerForm.Prefix("", List.of()).parse(line);
  }

  private static List<String> lines(RulePicture rule) {
    return rule.peers().stream().map(p -> p.form().line()).toList();
  }

  @Test
  void severalPrefixes_cilium_arePeersOfOneRule() throws Exception {
    PolicyText text = read(SERVICES);
    PeerForm two = addresses("10.1.0.0/16, 10.2.0.0/16");
    PolicyText made =
        with(
            text,
            new Edit.AddRule(spec(text).path(), Direction.EGRESS, Effect.ALLOW, two, List.of()));
    RulePicture rule = rules(made, Direction.EGRESS).getLast();
    assertEquals(List.of("10.1.0.0/16", "10.2.0.0/16"), lines(rule));
    PolicyText set =
        with(
            made,
            new Edit.SetPeer(rule.peers().getFirst().id(), addresses("10.3.0.0/16, 192.0.2.1")));
    assertEquals(
        List.of("10.3.0.0/16", "10.2.0.0/16", "192.0.2.1/32"),
        lines(rules(set, Direction.EGRESS).getLast()));
  }

  @Test
  void severalPrefixes_networkPolicy_arePeersOfOneRule() throws Exception {
    PolicyText text = read(Samples.NETWORK_POLICY);
    PeerForm two = addresses("10.1.0.0/16, 10.2.0.0/16");
    PolicyText made =
        with(
            text,
            new Edit.AddRule(spec(text).path(), Direction.INGRESS, Effect.ALLOW, two, List.of()));
    assertEquals(
        List.of("10.1.0.0/16", "10.2.0.0/16"), lines(rules(made, Direction.INGRESS).getLast()));
  }

  @Test
  void networks_tiers_areOnePeerThatCanBeChanged() throws Exception {
    String text =
        """
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: {name: guard}
        spec:
          tier: Admin
          priority: 10
          subject: {namespaces: {}}
          egress:
            - action: Deny
              to:
                - networks: [10.1.0.0/16, 10.2.0.0/16] # both
        """;
    PolicyText before = read(text);
    RulePicture rule = rules(before, Direction.EGRESS).getFirst();
    assertEquals(List.of("10.1.0.0/16, 10.2.0.0/16"), lines(rule));
    PeerForm three = rule.peers().getFirst().form().parse("10.1.0.0/16, 10.2.0.0/16, 10.3.0.0/16");
    PolicyText next = with(before, new Edit.SetPeer(rule.peers().getFirst().id(), three));
    assertEquals(text.replace("10.2.0.0/16]", "10.2.0.0/16, 10.3.0.0/16]"), next.yaml().text());
  }

  @Test
  void addresses_brokenPart_isRefused() {
    for (String wrong : List.of("10.1.0.0/16, x", "10.0.0.0/8 except 11.0.0.0/8", "", ",")) {
      assertThrows(EditException.class, () -> addresses(wrong), wrong);
    }
  }

  @Test
  void condition_parse_readsWhatItPrints() throws EditException {
    for (String line :
        List.of("app=cart", "tier in (a, b)", "tier not in (a)", "has x", "has no x", "a=b, c=d")) {
      assertEquals(line, Condition.text(Condition.parse(line)));
    }
    assertThrows(EditException.class, () -> Condition.parse("app cart"));
    assertThrows(EditException.class, () -> Condition.parse("tier in ()"));
  }

  @Test
  void port_parse_readsWhatItPrints() throws EditException {
    for (String line :
        List.of("8080/TCP", "8000-8100/UDP", "http/TCP", "TCP", "53/ANY", "ICMP Echo", "all")) {
      String known = line.equals("all") ? "ANY" : line;
      assertEquals(PortForm.parse(known), PortForm.parse(PortForm.text(PortForm.parse(known))));
    }
    assertEquals(List.of(PortForm.tcp(80)), PortForm.parse("80"));
    for (String wrong : List.of("0", "70000", "9-8", "80/FOO", "-", "HTTP_")) {
      assertThrows(EditException.class, () -> PortForm.parse(wrong), wrong);
    }
  }
}
