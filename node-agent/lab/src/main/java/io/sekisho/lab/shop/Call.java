package io.sekisho.lab.shop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A peer that a workload calls.
 *
 * @param target the peer's name in the counters
 * @param kind what is spoken
 * @param share of the requests served that lead to this call, 0 to 1; 0 for none
 * @param rate calls per second of the workload's own accord
 * @param reuse calls on one connection, at least 1
 * @param addresses where the peer is; each call takes one by chance
 */
public record Call(
    String target, Kind kind, double share, double rate, int reuse, List<String> addresses) {
  /** What is spoken to a peer. */
  public enum Kind {
    /** HTTP/1.1 GET. */
    HTTP,
    /** A line out, a line in. */
    STORE,
    /** Only a connection, closed at once. */
    CONNECT
  }

  /** Keeps an immutable copy. */
  public Call {
    addresses = List.copyOf(addresses);
  }

  /** Text form: {@code target=cart;kind=http;share=1.0;rate=0.0;reuse=1;to=10.0.0.1:80,...}. */
  @Override
  public String toString() {
    return "target=%s;kind=%s;share=%s;rate=%s;reuse=%d;to=%s"
        .formatted(
            target,
            kind.name().toLowerCase(Locale.ROOT),
            share,
            rate,
            reuse,
            String.join(",", addresses));
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if a field is missing or wrong
   */
  public static Call parse(String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String pair : text.split(";", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("\"" + pair + "\" is not KEY=VALUE");
      }
      fields.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    List<String> addresses = new ArrayList<>();
    for (String address : field(fields, "to").split(",", -1)) {
      socketAddress(address);
      addresses.add(address);
    }
    return new Call(
        field(fields, "target"),
        Kind.valueOf(field(fields, "kind").toUpperCase(Locale.ROOT)),
        Double.parseDouble(field(fields, "share")),
        Double.parseDouble(field(fields, "rate")),
        Integer.parseInt(field(fields, "reuse")),
        addresses);
  }

  private static String field(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }

  /**
   * The address of {@code 10.0.0.1:80} or {@code [fd00::1]:80}; never asks a name server.
   *
   * @throws IllegalArgumentException if it is not of that form
   */
  static InetSocketAddress socketAddress(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(text + " has no port");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return new InetSocketAddress(
        InetAddress.ofLiteral(host), Integer.parseInt(text.substring(colon + 1)));
  }
}
