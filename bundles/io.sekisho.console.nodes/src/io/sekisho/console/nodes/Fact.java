package io.sekisho.console.nodes;

import io.sekisho.api.v1.FeaturePresence;
import io.sekisho.api.v1.KernelFeature;
import io.sekisho.api.v1.MapPressure;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.PeerProbe;
import io.sekisho.api.v1.Ping;
import io.sekisho.api.v1.Uplink;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.NodeTroubles;
import io.sekisho.console.ui.PingWords;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A line about a node.
 *
 * @param key unique on the page
 * @param name what it is about; a title where value and note are empty
 * @param value in a word or a number
 * @param note what else is known
 * @param share how full, 0 to 1; NaN for what is no map
 */
record Fact(String key, String name, String value, String note, Mark mark, double share) {
  /** How a line is marked. */
  enum Mark {
    TITLE,
    NONE,
    GOOD,
    DEGRADED,
    TROUBLE,
    UNKNOWN
  }

  private static Fact title(String text) {
    return new Fact("# " + text, text, "", "", Mark.TITLE, Double.NaN);
  }

  private static Fact line(String key, String name, String value, String note, Mark mark) {
    return new Fact(key, name, value, note, mark, Double.NaN);
  }

  /** Everything about a node: trouble first. */
  static List<Fact> of(NodeRow row) {
    Node node = row.node();
    List<Fact> facts = new ArrayList<>();
    if (!row.alone()) {
      facts.add(title(Texts.facts_ways));
      ways(node).forEach(facts::add);
    }
    facts.add(title(Texts.facts_network));
    network(node).forEach(facts::add);
    facts.add(title(Texts.facts_maps));
    maps(node).forEach(facts::add);
    facts.add(title(Texts.facts_features));
    features(node).forEach(facts::add);
    return facts;
  }

  private static Stream<Fact> ways(Node node) {
    if (node.getProbesCount() == 0) {
      return Stream.of(line("ways", Texts.facts_not_told, Format.UNKNOWN, "", Mark.UNKNOWN));
    }
    return node.getProbesList().stream()
        .sorted(
            Comparator.comparing((PeerProbe p) -> NodeTroubles.way(p).isEmpty())
                .thenComparing(PeerProbe::getNode))
        .flatMap(Fact::way);
  }

  private static Stream<Fact> way(PeerProbe probe) {
    Stream<Fact> first =
        Stream.of(
            ping(Texts.way_endpoint, probe.getNode(), probe.getEndpoint()),
            ping(Texts.way_node, probe.getNode(), probe.getUnderlay()));
    if (!probe.hasEndpointIpv6()) {
      return first;
    }
    return Stream.concat(
        first,
        Stream.of(
            ping(Texts.way_endpoint_ipv6, probe.getNode(), probe.getEndpointIpv6()),
            ping(Texts.way_node_ipv6, probe.getNode(), probe.getUnderlayIpv6())));
  }

  private static Fact ping(String words, String peer, Ping ping) {
    String last = PingWords.last(ping);
    String note = PingWords.answered(ping) + (last.isEmpty() ? "" : ", " + last);
    double loss = PingWords.loss(ping);
    Mark mark =
        Double.isNaN(loss)
            ? Mark.UNKNOWN
            : loss == 0 ? Mark.GOOD : loss < 1 ? Mark.DEGRADED : Mark.TROUBLE;
    String name = Texts.bind(words, peer);
    String value = loss == 1 ? Texts.matrix_silent : PingWords.median(ping);
    return line(name, name, value, note, mark);
  }

  private static Stream<Fact> network(Node node) {
    String device = NodeWords.orUnknown(node.getUnderlayDevice());
    boolean told = !node.getRouting().isEmpty();
    Stream<Fact> ways =
        Stream.of(
            plain(Texts.fact_routing, NodeWords.routing(node), ""),
            plain(Texts.fact_underlay, device, mtu(node.getUnderlayMtu())));
    Stream<Fact> usual =
        Stream.of(
            several(Texts.fact_addresses, node.getAddressesList()),
            several(Texts.fact_pod_ranges, node.getPodCidrsList()),
            plain(Texts.fact_pod_mtu, NodeWords.mtu(node.getPodMtu()), ""),
            plain(
                Texts.fact_masquerade,
                !told ? Format.UNKNOWN : node.getMasquerade() ? Texts.yes : Texts.no,
                !told ? "" : node.getMasquerade() ? Texts.masquerade_on : Texts.masquerade_off),
            several(Texts.fact_health, node.getHealthAddressesList()),
            plain(Texts.fact_agent, NodeWords.orUnknown(node.getVersion()), node.getGrpcAddress()),
            plain(Texts.fact_kernel, NodeWords.orUnknown(node.getKernel()), ""));
    Stream<Fact> uplinks = node.getUplinksList().stream().map(Fact::uplink);
    return Stream.of(ways, uplinks, usual).flatMap(facts -> facts);
  }

  /** A device by which pods' packets leave: by default or not, as what, or why not. */
  private static Fact uplink(Uplink uplink) {
    String name = Texts.bind(Texts.fact_uplink, uplink.getDevice());
    String value =
        uplink.getDefaultIpv4() && uplink.getDefaultIpv6()
            ? Texts.uplink_both
            : uplink.getDefaultIpv4()
                ? Texts.uplink_ipv4
                : uplink.getDefaultIpv6() ? Texts.uplink_ipv6 : Texts.uplink_no_default;
    if (!uplink.getProblem().isEmpty()) {
      return line(name, name, value, uplink.getProblem(), Mark.DEGRADED);
    }
    String sources =
        Stream.of(uplink.getIpv4(), uplink.getIpv6())
            .filter(address -> !address.isEmpty())
            .collect(Collectors.joining(", "));
    String note = Texts.bind(Texts.uplink_as, sources, NodeWords.mtu(uplink.getMtu()));
    return plain(name, value, note);
  }

  private static Fact plain(String name, String value, String note) {
    return line(name, name, value, note, Mark.NONE);
  }

  private static String mtu(int bytes) {
    return Texts.bind(Texts.fact_mtu, NodeWords.mtu(bytes));
  }

  /** Several values need the room of the note. */
  private static Fact several(String name, List<String> values) {
    return values.isEmpty()
        ? plain(name, Format.UNKNOWN, "")
        : plain(name, "", String.join(", ", values));
  }

  private static Stream<Fact> maps(Node node) {
    if (node.getMapsCount() == 0) {
      return Stream.of(line("maps", Texts.facts_not_told, Format.UNKNOWN, "", Mark.UNKNOWN));
    }
    return node.getMapsList().stream()
        .sorted(
            Comparator.comparingInt((MapPressure m) -> rank(m))
                .thenComparing(m -> m.getCapacity() == 0 ? 0 : -NodeWords.share(m))
                .thenComparing(MapPressure::getName))
        .map(Fact::map);
  }

  /** Conntrack and NAT fill with traffic: they come first. */
  private static int rank(MapPressure map) {
    return map.getName().startsWith("conntrack") ? 0 : map.getName().startsWith("nat") ? 1 : 2;
  }

  private static Fact map(MapPressure map) {
    String name = map.getName();
    if (map.getCapacity() == 0) {
      return line(
          "map " + name, name, Format.UNKNOWN, Format.count(map.getEntries()), Mark.UNKNOWN);
    }
    double share = NodeWords.share(map);
    String note =
        Texts.bind(
            Texts.fact_entries, Format.count(map.getEntries()), Format.count(map.getCapacity()));
    Mark mark = share >= 1 ? Mark.TROUBLE : share >= NodeWords.TIGHT ? Mark.DEGRADED : Mark.NONE;
    return new Fact("map " + name, name, Format.share(share), note, mark, share);
  }

  private static Stream<Fact> features(Node node) {
    if (node.getFeaturesCount() == 0) {
      return Stream.of(line("features", Texts.facts_not_told, Format.UNKNOWN, "", Mark.UNKNOWN));
    }
    return node.getFeaturesList().stream()
        .sorted(
            Comparator.comparingInt((KernelFeature f) -> rank(f.getPresence()))
                .thenComparing(KernelFeature::getName))
        .map(Fact::feature);
  }

  private static int rank(FeaturePresence presence) {
    return switch (presence) {
      case MISSING -> 0;
      case PRESENT -> 2;
      default -> 1;
    };
  }

  private static Fact feature(KernelFeature f) {
    String key = "feature " + f.getName();
    return switch (f.getPresence()) {
      case PRESENT -> line(key, f.getName(), Texts.feature_present, f.getPurpose(), Mark.GOOD);
      case MISSING ->
          f.getFallback().isEmpty()
              ? line(key, f.getName(), Texts.feature_missing, lacking(f), Mark.TROUBLE)
              : line(key, f.getName(), Texts.feature_missing, f.getFallback(), Mark.DEGRADED);
      default -> line(key, f.getName(), Format.UNKNOWN, f.getPurpose(), Mark.UNKNOWN);
    };
  }

  private static String lacking(KernelFeature f) {
    return f.getSince().isEmpty()
        ? Texts.feature_nothing
        : Texts.bind(Texts.feature_since, f.getSince());
  }
}
