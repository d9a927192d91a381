package io.sekisho.console.policy.editor.view;

import io.sekisho.console.policy.editor.model.Live;
import io.sekisho.policy.Entity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.eclipse.jface.fieldassist.ContentProposal;
import org.eclipse.jface.fieldassist.IContentProposal;
import org.eclipse.jface.fieldassist.IContentProposalProvider;

/** What inline editing proposes: labels and values that exist now. */
public final class Proposals {
  private static final int MOST = 12;
  private static final List<String> PORTS =
      List.of("53/UDP", "80/TCP", "443/TCP", "8080/TCP", "ICMP EchoRequest", "TCP", "UDP");

  private static final List<String> ICMP =
      List.of(
          "ICMP EchoRequest",
          "ICMP DestinationUnreachable",
          "ICMP TimeExceeded",
          "ICMPv6 EchoRequest",
          "ICMPv6 PacketTooBig",
          "ICMPv6 DestinationUnreachable");

  private Proposals() {}

  /** Keys of labels, and behind {@code =} their values; the rest of the line stays. */
  static IContentProposalProvider conditions(Live live) {
    Map<String, SortedSet<String>> labels = live.labels();
    return (contents, position) -> proposals(conditions(labels, contents, position));
  }

  /** Whole lines that may follow what is typed up to a place. */
  public static List<String> conditions(
      Map<String, SortedSet<String>> labels, String line, int position) {
    String before = line.substring(0, Math.min(position, line.length()));
    int start = before.lastIndexOf(',') + 1;
    String part = before.substring(start).stripLeading();
    String head = before.substring(0, before.length() - part.length());
    String tail = line.substring(before.length());
    List<String> out = new ArrayList<>();
    int equals = part.indexOf('=');
    if (equals > 0) {
      String key = part.substring(0, equals).strip();
      String typed = part.substring(equals + 1).strip();
      labels.getOrDefault(key, new java.util.TreeSet<>()).stream()
          .filter(v -> v.startsWith(typed) && !v.equals(typed))
          .forEach(v -> out.add(head + key + "=" + v + tail));
    } else {
      labels.keySet().stream()
          .filter(k -> k.startsWith(part))
          .forEach(
              k ->
                  labels.get(k).stream().limit(3).forEach(v -> out.add(head + k + "=" + v + tail)));
    }
    return out.stream().limit(MOST).toList();
  }

  static IContentProposalProvider entities() {
    return (contents, position) ->
        proposals(Entity.words().stream().filter(w -> w.startsWith(contents)).toList());
  }

  static IContentProposalProvider ports() {
    return items(PORTS);
  }

  static IContentProposalProvider icmp() {
    return items(ICMP);
  }

  /** Of a list: what may stand in the place of the item that is typed. */
  private static IContentProposalProvider items(List<String> words) {
    return (contents, position) -> {
      int start = contents.substring(0, position).lastIndexOf(',') + 1;
      String typed = contents.substring(start, position).strip();
      String head = contents.substring(0, start) + (start > 0 ? " " : "");
      return proposals(
          words.stream()
              .filter(p -> p.startsWith(typed) && !p.equals(typed))
              .map(p -> head + p)
              .toList());
    };
  }

  static IContentProposalProvider none() {
    return (contents, position) -> new IContentProposal[0];
  }

  private static IContentProposal[] proposals(List<String> texts) {
    return texts.stream().map(ContentProposal::new).toArray(IContentProposal[]::new);
  }
}
