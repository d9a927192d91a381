package io.sekisho.libbpf;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** Reads raw BTF: a header, a table of types whose ids count from 1, and a table of strings. */
final class BtfReader {
  private static final int MAGIC = 0xeb9f;
  private static final int HEADER = 24;
  private static final int POINTER_SIZE = 8;
  private static final int MAX_DEPTH = 32;

  private static final int INT = 1;
  private static final int PTR = 2;
  private static final int ARRAY = 3;
  private static final int STRUCT = 4;
  private static final int UNION = 5;
  private static final int ENUM = 6;
  private static final int FUNC_PROTO = 13;
  private static final int VAR = 14;
  private static final int DATASEC = 15;
  private static final int FLOAT = 16;
  private static final int DECL_TAG = 17;
  private static final int ENUM64 = 19;

  private final ByteBuffer raw;
  private final List<Type> types = new ArrayList<>();
  private int strings;
  private int stringsEnd;

  /** A type as it stands in the table; {@code at} is where what follows the head begins. */
  private record Type(String name, int kind, int entries, boolean flag, int sizeOrType, int at) {}

  BtfReader(byte[] raw) {
    this.raw = ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder());
  }

  Btf read() {
    try {
      readTypes();
      var structs = new HashMap<String, Btf.Struct>();
      var sections = new HashMap<String, List<Btf.Variable>>();
      for (Type type : types) {
        if ((type.kind == STRUCT || type.kind == UNION) && !type.name.isEmpty()) {
          var members = new ArrayList<Btf.Member>();
          addMembers(type, 0, members, 0);
          structs.put(type.name, new Btf.Struct(type.name, type.sizeOrType, members));
        } else if (type.kind == DATASEC) {
          sections.put(type.name, variables(type));
        }
      }
      return new Btf(structs, sections);
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw broken("it ends too early or points outside: " + e.getMessage());
    }
  }

  private void readTypes() {
    if ((raw.getShort(0) & 0xffff) != MAGIC || raw.getInt(4) < HEADER) {
      throw broken("wrong magic or header");
    }
    int header = raw.getInt(4);
    strings = Math.addExact(header, raw.getInt(16));
    stringsEnd = Math.addExact(strings, raw.getInt(20));
    int end = Math.addExact(Math.addExact(header, raw.getInt(8)), raw.getInt(12));
    if (strings < 0 || stringsEnd > raw.limit() || end > raw.limit()) {
      throw broken("tables outside of the data");
    }
    types.add(new Type("void", 0, 0, false, 0, 0));
    raw.position(header + raw.getInt(8));
    while (raw.position() < end) {
      int name = raw.getInt();
      int info = raw.getInt();
      int sizeOrType = raw.getInt();
      int kind = info >>> 24 & 0x1f;
      int entries = info & 0xffff;
      types.add(new Type(string(name), kind, entries, info < 0, sizeOrType, raw.position()));
      raw.position(raw.position() + bytesAfterHead(kind, entries));
    }
  }

  private static int bytesAfterHead(int kind, int entries) {
    return switch (kind) {
      case INT, VAR, DECL_TAG -> 4;
      case ARRAY -> 12;
      case STRUCT, UNION, DATASEC, ENUM64 -> 12 * entries;
      case ENUM, FUNC_PROTO -> 8 * entries;
      default -> 0;
    };
  }

  private void addMembers(Type struct, int base, List<Btf.Member> members, int depth) {
    if (depth > MAX_DEPTH) {
      throw broken("structs nest without end");
    }
    for (int i = 0; i < struct.entries; i++) {
      int at = struct.at + 12 * i;
      String name = string(raw.getInt(at));
      Type type = types.get(raw.getInt(at + 4));
      int offset = raw.getInt(at + 8);
      int bits = base + (struct.flag ? offset & 0xffffff : offset);
      if (name.isEmpty() && (type.kind == STRUCT || type.kind == UNION)) {
        addMembers(type, bits, members, depth + 1);
      } else {
        members.add(new Btf.Member(name, bits, size(type, 0)));
      }
    }
  }

  private List<Btf.Variable> variables(Type section) {
    var variables = new ArrayList<Btf.Variable>();
    for (int i = 0; i < section.entries; i++) {
      int at = section.at + 12 * i;
      String name = types.get(raw.getInt(at)).name;
      variables.add(new Btf.Variable(name, raw.getInt(at + 4), raw.getInt(at + 8)));
    }
    return List.copyOf(variables);
  }

  private int size(Type type, int depth) {
    if (depth > MAX_DEPTH) {
      throw broken("types refer to each other without end");
    }
    return switch (type.kind) {
      case INT, STRUCT, UNION, ENUM, FLOAT, ENUM64, DATASEC -> type.sizeOrType;
      case PTR -> POINTER_SIZE;
      case ARRAY -> raw.getInt(type.at + 8) * size(types.get(raw.getInt(type.at)), depth + 1);
      case 0, FUNC_PROTO -> 0;
      default -> size(types.get(type.sizeOrType), depth + 1);
    };
  }

  private String string(int offset) {
    int start = strings + offset;
    if (offset < 0 || start >= stringsEnd) {
      throw broken("a name outside of the strings");
    }
    int end = start;
    while (end < stringsEnd && raw.get(end) != 0) {
      end++;
    }
    return new String(raw.array(), start, end - start, StandardCharsets.UTF_8);
  }

  private static BpfException broken(String why) {
    return new BpfException(BpfException.Code.INVALID, 0, "broken BTF: " + why);
  }
}
