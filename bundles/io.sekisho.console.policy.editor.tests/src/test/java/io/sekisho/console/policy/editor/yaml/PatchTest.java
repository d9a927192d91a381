package io.sekisho.console.policy.editor.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PatchTest {
  private static final String TEXT =
      """
      # head
      kind: A # of this kind
      list:
        # about one
        - name: one   # one
          port: "80"
        # about two
        - {name: two, ports: [1, 2]}
      empty: {} # nothing yet
      none: []
      # tail
      """;

  private static Value.Items read(String text) throws YamlException {
    return YamlText.read(text).value();
  }

  private static Value.Items with(Path path, Value value) throws YamlException {
    return (Value.Items) read(TEXT).with(path, value);
  }

  private static final Path DOC = Path.TEXT.at(0);

  @Test
  void set_scalar_keepsQuotesAndComment() throws YamlException {
    String next = Patch.apply(TEXT, with(DOC.key("list").at(0).key("port"), Value.text("443")));
    assertEquals(TEXT.replace("\"80\"", "\"443\""), next);
  }

  @Test
  void set_emptyMap_becomesABlockBelowItsKey() throws YamlException {
    String next =
        Patch.apply(
            TEXT,
            with(
                DOC.key("empty"),
                Value.field("matchLabels", Value.field("app", Value.text("cart")))));
    assertEquals(
        TEXT.replace(
            "empty: {} # nothing yet", "empty: # nothing yet\n  matchLabels:\n    app: cart"),
        next);
  }

  @Test
  void insert_atEndOfList_standsBehindTheLast() throws YamlException {
    Value.Items list = (Value.Items) read(TEXT).at(DOC.key("list")).orElseThrow();
    String next =
        Patch.apply(
            TEXT, with(DOC.key("list"), list.add(Value.field("name", Value.text("three")))));
    assertEquals(TEXT.replace("[1, 2]}\n", "[1, 2]}\n  - name: three\n"), next);
  }

  @Test
  void remove_firstItem_leavesCommentsOfOthers() throws YamlException {
    Value.Items list = (Value.Items) read(TEXT).at(DOC.key("list")).orElseThrow();
    String next = Patch.apply(TEXT, with(DOC.key("list"), list.remove(0)));
    assertEquals(TEXT.replace("  - name: one   # one\n    port: \"80\"\n", ""), next);
  }

  @Test
  void remove_keyOnTheDash_pullsTheNextUp() throws YamlException {
    String next =
        Patch.apply(TEXT, with(DOC.key("list").at(0), Value.field("port", Value.text("80"))));
    assertTrue(next.contains("port: \"80\""), next);
    assertTrue(next.contains("# one"), next);
  }

  @Test
  void move_itemWithComments_takesThemAlong() throws YamlException {
    String text = "a:\n  # above\n  - x: 1\n    # inside\n    y: 2 # two\n  - z: 3\nb:\n- q: 1\n";
    Value.Fields document = (Value.Fields) read(text).items().getFirst();
    Value moved = document.list("a").getFirst();
    Value.Fields wanted =
        document
            .with("a", ((Value.Items) document.get("a").orElseThrow()).remove(0))
            .with("b", ((Value.Items) document.get("b").orElseThrow()).add(moved));
    String next = Patch.apply(text, Value.items(wanted));
    assertEquals("a:\n  - z: 3\nb:\n- q: 1\n# above\n- x: 1\n  # inside\n  y: 2 # two\n", next);
  }

  @Test
  void read_alias_isRefused() {
    YamlException e = assertThrows(YamlException.class, () -> YamlText.read("a: &x [1]\nb: *x\n"));
    assertEquals(YamlException.Code.SHARED, e.code());
  }

  @Test
  void apply_carriageReturns_stay() throws YamlException {
    String text = TEXT.replace("\n", "\r\n");
    Value.Items list = (Value.Items) read(text).at(DOC.key("list")).orElseThrow();
    String next =
        Patch.apply(
            text,
            (Value.Items)
                read(text)
                    .with(
                        DOC.key("list"),
                        list.add(Value.field("a", Value.field("b", Value.text("c"))))));
    assertEquals(next.replace("\r\n", "").indexOf('\n'), -1);
  }

  /** Random values over random values, in every style: says what was wanted, keeps comments. */
  @Test
  void apply_randomChanges_sayWhatIsWantedAndKeepComments() throws YamlException {
    for (int seed = 0; seed < 3000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Styled styled = new Styled(random);
      Value.Fields document = fields(random, 3);
      String text = "# first\n" + styled.print(document, 0) + "\n# last\n";
      Value.Items before = read(text);
      assertEquals(Value.items(document), before, () -> text);
      Value wanted = before.items().getFirst();
      for (int i = 0; i < 4; i++) {
        wanted = changed(random, wanted);
      }
      if (!(wanted instanceof Value.Fields)) {
        continue;
      }
      Value.Items all = Value.items(wanted);
      String next;
      try {
        next = Patch.apply(text, all);
      } catch (YamlException e) {
        throw new AssertionError("seed " + seed + "\n" + text + "\nwanted " + all, e);
      }
      assertEquals(all, read(next));
      assertTrue(next.startsWith("# first\n") && next.endsWith("# last\n"), next);
      assertEquals(text, Patch.apply(text, before));
    }
  }

  private static Value changed(SplittableRandom random, Value value) {
    return switch (value) {
      case Value.Scalar s -> scalar(random);
      case Value.Items l when l.items().isEmpty() -> Value.items(value(random, 1));
      case Value.Items l -> {
        int at = random.nextInt(l.items().size());
        yield switch (random.nextInt(3)) {
          case 0 -> l.remove(at);
          case 1 -> l.insert(at, value(random, 2));
          default -> l.set(at, changed(random, l.items().get(at)));
        };
      }
      case Value.Fields f when f.fields().isEmpty() -> fields(random, 1);
      case Value.Fields f -> {
        List<String> keys = new ArrayList<>(f.fields().keySet());
        String key = keys.get(random.nextInt(keys.size()));
        yield switch (random.nextInt(4)) {
          case 0 -> keys.size() > 1 ? f.without(key) : f;
          case 1 -> f.with("new" + random.nextInt(3), value(random, 2));
          default -> f.with(key, changed(random, f.fields().get(key)));
        };
      }
    };
  }

  private static Value value(SplittableRandom random, int depth) {
    return switch (depth == 0 ? 0 : random.nextInt(3)) {
      case 0 -> scalar(random);
      case 1 -> {
        List<Value> items = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          items.add(value(random, depth - 1));
        }
        yield new Value.Items(items);
      }
      default -> fields(random, depth - 1);
    };
  }

  private static Value.Fields fields(SplittableRandom random, int depth) {
    Map<String, Value> fields = new LinkedHashMap<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      fields.put("k" + random.nextInt(9), value(random, depth));
    }
    return new Value.Fields(fields);
  }

  private static Value.Scalar scalar(SplittableRandom random) {
    List<String> texts =
        List.of("cart", "80", "true", "", "a: b", "# no", "fd00::", "k8s:app", "- x", "ä", "😀");
    return random.nextBoolean()
        ? Value.text(texts.get(random.nextInt(texts.size())))
        : Value.number(random.nextInt(100));
  }

  /** Prints with comments and in changing styles. */
  private static final class Styled {
    private final SplittableRandom random;
    private final int deeper;

    Styled(SplittableRandom random) {
      this.random = random;
      this.deeper = random.nextInt(2) * 2;
    }

    private String comment(int column) {
      return random.nextInt(4) == 0 ? "\n" + " ".repeat(column) + "# note" : "";
    }

    private String behind() {
      return random.nextInt(5) == 0 ? " # here" : "";
    }

    String print(Value value, int column) {
      String between = "\n" + " ".repeat(column);
      StringBuilder out = new StringBuilder();
      if (value instanceof Value.Fields f && !f.fields().isEmpty()) {
        f.fields()
            .forEach(
                (k, v) -> {
                  out.append(out.isEmpty() ? "" : comment(column) + between).append(k).append(':');
                  boolean inline = Printed.isInline(v) || random.nextInt(5) == 0;
                  int inner = column + (v instanceof Value.Items ? deeper : 2);
                  out.append(
                      inline
                          ? " " + Printed.flow(v) + behind()
                          : behind() + comment(inner) + "\n" + " ".repeat(inner) + print(v, inner));
                });
      } else if (value instanceof Value.Items l && !l.items().isEmpty()) {
        for (Value item : l.items()) {
          out.append(out.isEmpty() ? "" : comment(column) + between).append("- ");
          boolean inline = Printed.isInline(item) || random.nextInt(4) == 0;
          out.append(inline ? Printed.flow(item) + behind() : print(item, column + 2));
        }
      } else {
        out.append(Printed.flow(value));
      }
      return out.toString();
    }
  }
}
