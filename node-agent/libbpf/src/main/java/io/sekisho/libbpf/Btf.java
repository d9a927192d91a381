package io.sekisho.libbpf;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Types that an object or the kernel describes in BTF (Documentation/bpf/btf.rst of Linux): as much
 * of it as is needed to place variables and to check layouts of structs.
 */
public final class Btf {
  private final Map<String, Struct> structs;
  private final Map<String, List<Variable>> sections;

  Btf(Map<String, Struct> structs, Map<String, List<Variable>> sections) {
    this.structs = Map.copyOf(structs);
    this.sections = Map.copyOf(sections);
  }

  /**
   * Reads raw BTF in the machine's byte order.
   *
   * @throws BpfException INVALID if it is broken
   */
  public static Btf parse(byte[] raw) {
    return new BtfReader(raw).read();
  }

  /** A struct or union by its name. */
  public Optional<Struct> struct(String name) {
    return Optional.ofNullable(structs.get(name));
  }

  /** Variables of a section such as {@code .rodata}; empty if there is no such section. */
  public List<Variable> variables(String section) {
    return sections.getOrDefault(section, List.of());
  }

  /** The variable of this name in a section whose name begins so. */
  public Optional<Placed> find(String sectionPrefix, String name) {
    return sections.entrySet().stream()
        .filter(section -> section.getKey().startsWith(sectionPrefix))
        .flatMap(
            section ->
                section.getValue().stream()
                    .filter(v -> v.name().equals(name))
                    .map(v -> new Placed(section.getKey(), v)))
        .findFirst();
  }

  /** A variable and the section that holds it. */
  public record Placed(String section, Variable variable) {}

  /**
   * A variable.
   *
   * @param name its name in the source
   * @param offset bytes from the section's start
   * @param size bytes
   */
  public record Variable(String name, int offset, int size) {}

  /**
   * A struct or union.
   *
   * @param name its tag
   * @param size bytes
   * @param members in the order of the source
   */
  public record Struct(String name, int size, List<Member> members) {
    /** Keeps an immutable copy. */
    public Struct {
      members = List.copyOf(members);
    }

    /** A member by its name; members of anonymous structs and unions count as the struct's own. */
    public Optional<Member> member(String memberName) {
      return members.stream().filter(m -> m.name().equals(memberName)).findFirst();
    }
  }

  /**
   * A member of a struct.
   *
   * @param name its name, empty for an anonymous one
   * @param bitOffset bits from the struct's start
   * @param size bytes of its type
   */
  public record Member(String name, int bitOffset, int size) {
    /** Bytes from the struct's start. */
    public int offset() {
      return bitOffset / 8;
    }
  }
}
