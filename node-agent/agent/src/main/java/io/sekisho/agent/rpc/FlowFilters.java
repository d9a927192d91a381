package io.sekisho.agent.rpc;

import io.sekisho.api.flow.Endpoint;
import io.sekisho.api.flow.EventTypeFilter;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.FlowFilter;
import io.sekisho.api.flow.Service;
import io.sekisho.api.flow.TCPFlags;
import io.sekisho.api.flow.Workload;
import io.sekisho.api.observer.GetFlowsRequest;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Hubble's flow filters as predicates: within one filter every field that is set must match, of a
 * repeated field any value; of a whitelist any filter, of a blacklist none. Patterns that are
 * broken are refused with IllegalArgumentException.
 */
final class FlowFilters {
  private final List<Predicate<Flow>> all = new ArrayList<>();

  private FlowFilters() {}

  /** What a request lets through. */
  static Predicate<Flow> of(GetFlowsRequest request) {
    var whitelist = request.getWhitelistList().stream().map(FlowFilters::of).toList();
    var blacklist = request.getBlacklistList().stream().map(FlowFilters::of).toList();
    return flow ->
        (whitelist.isEmpty() || whitelist.stream().anyMatch(filter -> filter.test(flow)))
            && blacklist.stream().noneMatch(filter -> filter.test(flow));
  }

  /** One filter. */
  static Predicate<Flow> of(FlowFilter filter) {
    var out = new FlowFilters();
    out.parties(filter);
    out.datapath(filter);
    out.layer4(filter);
    out.layer7(filter);
    return flow -> out.all.stream().allMatch(field -> field.test(flow));
  }

  private <T> void any(List<T> values, Function<T, Predicate<Flow>> field) {
    if (!values.isEmpty()) {
      var predicates = values.stream().map(field).toList();
      all.add(flow -> predicates.stream().anyMatch(p -> p.test(flow)));
    }
  }

  private void parties(FlowFilter f) {
    any(f.getSourceIpList(), text -> address(text, flow -> flow.getIP().getSource()));
    any(f.getDestinationIpList(), text -> address(text, flow -> flow.getIP().getDestination()));
    any(f.getSourcePodList(), text -> pod(text, Flow::getSource));
    any(f.getDestinationPodList(), text -> pod(text, Flow::getDestination));
    any(f.getSourceFqdnList(), text -> names(text, Flow::getSourceNamesList));
    any(f.getDestinationFqdnList(), text -> names(text, Flow::getDestinationNamesList));
    any(f.getSourceLabelList(), text -> labels(text, Flow::getSource));
    any(f.getDestinationLabelList(), text -> labels(text, Flow::getDestination));
    any(f.getSourceServiceList(), text -> service(text, Flow::getSourceService));
    any(f.getDestinationServiceList(), text -> service(text, Flow::getDestinationService));
    any(f.getSourceWorkloadList(), workload -> workload(workload, Flow::getSource));
    any(f.getDestinationWorkloadList(), workload -> workload(workload, Flow::getDestination));
    any(f.getSourceIdentityList(), n -> flow -> flow.getSource().getIdentity() == n);
    any(f.getDestinationIdentityList(), n -> flow -> flow.getDestination().getIdentity() == n);
  }

  private void datapath(FlowFilter f) {
    any(f.getUuidList(), uuid -> flow -> flow.getUuid().equals(uuid));
    any(f.getVerdictValueList(), verdict -> flow -> flow.getVerdictValue() == verdict);
    any(
        f.getTrafficDirectionValueList(),
        direction -> flow -> flow.getTrafficDirectionValue() == direction);
    any(f.getEventTypeList(), FlowFilters::event);
    any(
        f.getReplyList(),
        reply -> flow -> flow.hasIsReply() && flow.getIsReply().getValue() == reply);
    any(f.getNodeNameList(), FlowFilters::node);
    // No flow of ours belongs to a trace.
    any(f.getTraceIdList(), id -> flow -> false);
  }

  private void layer4(FlowFilter f) {
    any(f.getIpVersionValueList(), v -> flow -> flow.getIP().getIpVersionValue() == v);
    any(f.getProtocolList(), FlowFilters::protocol);
    any(f.getSourcePortList(), text -> port(text, FlowPorts::source));
    any(f.getDestinationPortList(), text -> port(text, FlowPorts::destination));
    any(f.getTcpFlagsList(), FlowFilters::flags);
  }

  private void layer7(FlowFilter f) {
    any(
        f.getHttpStatusCodeList(),
        text -> http(TextMatch.status(text), flow -> "" + flow.getL7().getHttp().getCode()));
    any(
        f.getHttpMethodList(),
        text -> http(text::equalsIgnoreCase, flow -> flow.getL7().getHttp().getMethod()));
    any(
        f.getHttpPathList(),
        text -> http(TextMatch.regex("path", text), flow -> path(flow.getL7().getHttp().getUrl())));
    any(
        f.getDnsQueryList(),
        text -> {
          var query = TextMatch.regex("DNS query", text);
          return flow -> flow.getL7().hasDns() && query.test(flow.getL7().getDns().getQuery());
        });
  }

  private static Predicate<Flow> address(String text, Function<Flow, String> of) {
    Cidr wanted = Cidr.parse(text);
    return flow -> {
      String address = of.apply(flow);
      return !address.isEmpty() && wanted.contains(Cidr.parse(address));
    };
  }

  private static Predicate<Flow> pod(String text, Function<Flow, Endpoint> of) {
    var name = TextMatch.NamePrefix.parse(text);
    return flow -> name.matches(of.apply(flow).getNamespace(), of.apply(flow).getPodName());
  }

  private static Predicate<Flow> service(String text, Function<Flow, Service> of) {
    var name = TextMatch.NamePrefix.parse(text);
    return flow -> name.matches(of.apply(flow).getNamespace(), of.apply(flow).getName());
  }

  private static Predicate<Flow> names(String text, Function<Flow, List<String>> of) {
    var name = TextMatch.wildcard(text);
    return flow -> of.apply(flow).stream().anyMatch(name);
  }

  private static Predicate<Flow> labels(String text, Function<Flow, Endpoint> of) {
    var selector = new LabelSelector(text);
    return flow -> selector.test(Labels.of(of.apply(flow).getLabelsList()));
  }

  private static Predicate<Flow> workload(Workload wanted, Function<Flow, Endpoint> of) {
    return flow ->
        of.apply(flow).getWorkloadsList().stream()
            .anyMatch(
                w ->
                    (wanted.getName().isEmpty() || wanted.getName().equals(w.getName()))
                        && (wanted.getKind().isEmpty() || wanted.getKind().equals(w.getKind())));
  }

  private static Predicate<Flow> event(EventTypeFilter wanted) {
    return flow ->
        flow.getEventType().getType() == wanted.getType()
            && (!wanted.getMatchSubType()
                || flow.getEventType().getSubType() == wanted.getSubType());
  }

  /** {@code node} or {@code cluster/node}; either may be a pattern, an empty one matches all. */
  private static Predicate<Flow> node(String text) {
    int slash = text.indexOf('/');
    String node = slash < 0 ? text : text.substring(slash + 1);
    var matches = TextMatch.wildcard(node.isEmpty() ? "*" : node);
    return flow -> matches.test(flow.getNodeName().substring(flow.getNodeName().indexOf('/') + 1));
  }

  private static Predicate<Flow> protocol(String text) {
    return switch (text.toLowerCase(java.util.Locale.ROOT)) {
      case "tcp" -> flow -> flow.getL4().hasTCP();
      case "udp" -> flow -> flow.getL4().hasUDP();
      case "sctp" -> flow -> flow.getL4().hasSCTP();
      case "icmp" -> flow -> flow.getL4().hasICMPv4() || flow.getL4().hasICMPv6();
      case "icmpv4" -> flow -> flow.getL4().hasICMPv4();
      case "icmpv6" -> flow -> flow.getL4().hasICMPv6();
      case "http" -> flow -> flow.getL7().hasHttp();
      case "dns" -> flow -> flow.getL7().hasDns();
      default -> throw new IllegalArgumentException("'" + text + "' is no protocol of ours");
    };
  }

  private static Predicate<Flow> port(String text, Function<Flow, Integer> of) {
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65535) {
      throw new IllegalArgumentException("'" + text + "' is no port from 0 to 65535");
    }
    int wanted = Integer.parseInt(text);
    return flow -> of.apply(flow) == wanted;
  }

  private static Predicate<Flow> flags(TCPFlags wanted) {
    return flow -> flow.getL4().hasTCP() && has(flow.getL4().getTCP().getFlags(), wanted);
  }

  private static boolean has(TCPFlags flags, TCPFlags wanted) {
    return wanted.getAllFields().keySet().stream().allMatch(flags::hasField);
  }

  private static Predicate<Flow> http(Predicate<String> wanted, Function<Flow, String> of) {
    return flow -> flow.getL7().hasHttp() && wanted.test(of.apply(flow));
  }

  private static String path(String url) {
    try {
      String path = java.net.URI.create(url).getPath();
      return path == null ? "" : path;
    } catch (IllegalArgumentException e) {
      return url;
    }
  }
}
