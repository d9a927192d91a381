package io.sekisho.console.flows;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Sheet;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import io.sekisho.flow.Party;
import java.util.List;
import java.util.Optional;

/** One flow, with everything that is known of it. */
record FlowPage(FlowRecord flow, Whys whys) implements Page {
  @Override
  public Object key(Scope scope, ClusterSession session) {
    return List.of(flow, whys.of(session, flow), events(session));
  }

  @Override
  public void write(Sheet sheet, Scope scope, ClusterSession session) {
    sheet.title(FlowColumn.name(flow.client()) + " → " + FlowColumn.name(flow.server()));
    sheet.faint(flow.protocol() + (flow.serverPort() == 0 ? "" : " " + flow.serverPort()));
    sheet.gap();
    sheet.pair(Texts.flow_time, () -> Format.time(flow.timeNanos()));
    sheet.pair(Texts.flow_verdict, () -> FlowColumn.verdict(flow));
    end(sheet, scope, Texts.flow_from, flow.client(), flow.clientPort());
    end(sheet, scope, Texts.flow_to, flow.server(), flow.serverPort());
    sheet.pair(
        Texts.flow_identity, () -> flow.client().identity() + " → " + flow.server().identity());
    sheet.link(Texts.flow_node, flow.node(), () -> scope.select(new Selected.Node(flow.node())));
    sheet.pair(
        Texts.flow_volume,
        () ->
            FlowColumn.counts(flow)
                ? Texts.bind(
                    Texts.flow_volume_value,
                    Format.bytes(flow.bytes()),
                    Format.count(flow.packets()))
                : Texts.flow_volume_none);
    List<KubernetesObjects.Event> events = events(session);
    long millis = flow.timeNanos() / 1_000_000;
    Happenings.headline(sheet, events, () -> millis);
    sheet.gap();
    WhyCard.write(sheet, flow, whys.of(session, flow));
    Actions.buttons(
        sheet, scope, session, flow.verdict() != FlowVerdict.FORWARDED, Optional.of(flow));
    Happenings.write(sheet, events, () -> millis);
  }

  private List<KubernetesObjects.Event> events(ClusterSession session) {
    return Happenings.around(
        session, flow.timeNanos() / 1_000_000, flow.client().key(), flow.server().key());
  }

  /** An end that is a pod is opened by a click. */
  private static void end(Sheet sheet, Scope scope, String title, Party party, int port) {
    if (party.kind() == Party.Kind.WORKLOAD && !party.pod().isEmpty()) {
      Selected.Pod pod = new Selected.Pod(party.namespace(), party.pod(), party.workload());
      sheet.link(title, end(party, port), () -> scope.select(pod));
    } else {
      sheet.pair(title, () -> end(party, port));
    }
  }

  private static String end(Party party, int port) {
    String name = party.pod().isEmpty() ? party.workload() : party.pod();
    String address = party.address().isEmpty() ? "" : " " + party.address();
    return name + address + (port == 0 ? "" : ":" + port);
  }
}
