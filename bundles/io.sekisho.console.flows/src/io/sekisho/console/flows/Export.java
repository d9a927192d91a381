package io.sekisho.console.flows;

import io.sekisho.console.ui.Format;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.Party;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows as text: TSV for the clipboard, CSV (RFC 4180) and JSON (RFC 8259) for files. */
final class Export {
  private Export() {}

  /** What is shown, tab-separated, with a line of titles. */
  static String tsv(List<FlowColumn> columns, List<FlowRecord> flows) {
    StringBuilder out = new StringBuilder();
    out.append(String.join("\t", columns.stream().map(FlowColumn::title).toList())).append('\n');
    for (FlowRecord flow : flows) {
      out.append(String.join("\t", columns.stream().map(c -> c.text(flow)).toList())).append('\n');
    }
    return out.toString();
  }

  /** Every field of every flow; whole or not at all: written beside and renamed. */
  static void csv(Path file, List<FlowRecord> flows) throws IOException {
    write(
        file,
        out -> {
          boolean first = true;
          for (FlowRecord flow : flows) {
            Map<String, Object> fields = fields(flow);
            if (first) {
              out.write(String.join(",", fields.keySet()) + "\r\n");
              first = false;
            }
            out.write(
                String.join(",", fields.values().stream().map(Export::quoted).toList()) + "\r\n");
          }
        });
  }

  /** An array with one object a line. */
  static void json(Path file, List<FlowRecord> flows) throws IOException {
    write(
        file,
        out -> {
          out.write("[");
          String separator = "\n";
          for (FlowRecord flow : flows) {
            out.write(separator + object(fields(flow)));
            separator = ",\n";
          }
          out.write("\n]\n");
        });
  }

  /** Writes into an open file. */
  private interface Body {
    void write(Writer out) throws IOException;
  }

  private static void write(Path file, Body body) throws IOException {
    Path beside = Files.createTempFile(file.toAbsolutePath().getParent(), ".export", ".tmp");
    try {
      try (Writer out = Files.newBufferedWriter(beside, StandardCharsets.UTF_8)) {
        body.write(out);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private static Map<String, Object> fields(FlowRecord f) {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("time", Format.utc(f.timeNanos()));
    m.put("verdict", FlowColumn.verdict(f));
    m.put("reason", f.dropReason());
    party(m, "from", f.client());
    m.put("from.port", f.clientPort());
    party(m, "to", f.server());
    m.put("to.port", f.serverPort());
    m.put("protocol", f.protocol());
    m.put("reply", f.reply());
    m.put("rule", f.rule());
    m.put("packets", f.packets());
    m.put("bytes", f.bytes());
    m.put("node", f.node());
    return m;
  }

  private static void party(Map<String, Object> m, String end, Party p) {
    m.put(end + ".namespace", p.namespace());
    m.put(end + ".workload", p.workload());
    m.put(end + ".pod", p.pod());
    m.put(end + ".address", p.address());
    m.put(end + ".identity", p.identity());
  }

  private static String quoted(Object value) {
    String text = value.toString();
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private static String object(Map<String, Object> fields) {
    StringBuilder out = new StringBuilder("{");
    fields.forEach(
        (key, value) -> {
          out.append(out.length() > 1 ? ", " : "").append(string(key)).append(": ");
          boolean bare = value instanceof Number || value instanceof Boolean;
          out.append(bare ? value : string(value.toString()));
        });
    return out.append('}').toString();
  }

  private static String string(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        default -> out.append(c < 0x20 ? String.format("\\u%04x", (int) c) : String.valueOf(c));
      }
    }
    return out.append('"').toString();
  }
}
