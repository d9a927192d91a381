package io.sekisho.libbpf;

import io.sekisho.libbpf.system.SystemCalls;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import jnr.ffi.LastError;
import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * A compiled object: opened from bytes, adjusted, then loaded. Before {@link #load} settings and
 * sizes may be changed and pinned maps be reused; afterwards maps and programs can be had. What
 * they hand out outlives the object. Not thread-safe.
 */
public final class BpfObject implements AutoCloseable {
  private static final int OPEN_OPTS = 80;
  private static final int OPTS_NAME = 8;
  private static final int OPTS_LOG_BUFFER = 56;
  private static final int OPTS_LOG_SIZE = 64;
  private static final int LOG_SIZE = 16 << 20;

  private final String name;
  private final long logBuffer;
  private @Nullable Pointer object;
  private boolean loaded;

  private BpfObject(String name, byte[] elf) {
    this.name = name;
    long mapped = SystemCalls.mapAnonymous(LOG_SIZE);
    BpfException.check("memory for the verifier log", (int) Math.min(0, mapped));
    this.logBuffer = mapped;
    try (var arena = Arena.ofConfined();
        var log = LibBpfLog.open()) {
      MemorySegment opts = KernelObject.opts(arena, OPEN_OPTS);
      opts.set(ValueLayout.JAVA_LONG, OPTS_NAME, arena.allocateFrom(name).address());
      opts.set(ValueLayout.JAVA_LONG, OPTS_LOG_BUFFER, logBuffer);
      opts.set(ValueLayout.JAVA_LONG, OPTS_LOG_SIZE, LOG_SIZE);
      object = LibBpf.CALLS.bpf_object__open_mem(elf, elf.length, KernelObject.pointer(opts));
      if (object == null) {
        int errno = LastError.getLastError(LibBpf.RUNTIME);
        SystemCalls.unmap(logBuffer, LOG_SIZE);
        throw new BpfException(
            BpfException.Code.INVALID, errno, "object " + name + " cannot be read: " + log.text());
      }
    }
  }

  /**
   * Reads an object file's bytes. libbpf maps the bytes only while this call runs.
   *
   * @throws BpfException INVALID if they are no BPF object
   */
  public static BpfObject open(String name, byte[] elf) {
    return new BpfObject(name, elf);
  }

  /** Reads {@code /io/sekisho/bpf/<name>.bpf.o}, which the bpf module's jar carries. */
  public static BpfObject openResource(String name) {
    String path = "/io/sekisho/bpf/" + name + ".bpf.o";
    try (InputStream in = BpfObject.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new BpfException(BpfException.Code.NOT_FOUND, 0, "no resource " + path);
      }
      return open(name, in.readAllBytes());
    } catch (IOException e) {
      throw new BpfException(BpfException.Code.SYSTEM, 0, "cannot read " + path + ": " + e);
    }
  }

  /** The types that the object describes; offsets of variables are final. */
  public Btf btf() {
    return Btf.parse(btfBytes());
  }

  byte[] btfBytes() {
    Pointer btf = LibBpf.CALLS.bpf_object__btf(handle());
    int[] size = new int[1];
    Pointer raw = btf == null ? null : LibBpf.CALLS.btf__raw_data(btf, size);
    if (raw == null) {
      throw new BpfException(BpfException.Code.NOT_FOUND, 0, "object " + name + " has no BTF");
    }
    byte[] bytes = new byte[size[0]];
    raw.get(0, bytes, 0, bytes.length);
    return bytes;
  }

  /**
   * Writes a {@code const volatile} variable of the object; before {@link #load} only.
   *
   * @param value its bytes, exactly as many as the variable has
   * @throws BpfException NOT_FOUND if there is no such variable, INVALID for a wrong size
   */
  public BpfObject set(String variable, byte[] value) {
    Pointer data = variable(variable, value.length);
    data.put(0, value, 0, value.length);
    return this;
  }

  /** The bytes that a {@code const volatile} variable has; before {@link #load} only. */
  public byte[] get(String variable) {
    int size = section(variable).variable().size();
    byte[] value = new byte[size];
    variable(variable, size).get(0, value, 0, size);
    return value;
  }

  private Pointer variable(String name, int wanted) {
    Btf.Placed placed = section(name);
    Btf.Variable variable = placed.variable();
    Pointer map = LibBpf.CALLS.bpf_object__find_map_by_name(handle(), placed.section());
    long[] size = new long[1];
    Pointer data = map == null ? null : LibBpf.CALLS.bpf_map__initial_value(map, size);
    if (data == null || loaded) {
      throw new BpfException(
          BpfException.Code.INVALID,
          0,
          "object " + this.name + " is loaded: " + name + " is fixed");
    }
    if (variable.size() != wanted || variable.offset() + variable.size() > size[0]) {
      throw new BpfException(
          BpfException.Code.INVALID,
          0,
          "%s has %d bytes, not %d".formatted(name, variable.size(), wanted));
    }
    return data.slice(variable.offset(), variable.size());
  }

  private Btf.Placed section(String variable) {
    return btf()
        .find(".rodata", variable)
        .orElseThrow(
            () ->
                new BpfException(
                    BpfException.Code.NOT_FOUND,
                    0,
                    "object " + name + " has no constant " + variable));
  }

  /** Changes a map's capacity; before {@link #load} only. */
  public BpfObject maxEntries(String map, int entries) {
    BpfException.check(
        "capacity of map " + map, LibBpf.CALLS.bpf_map__set_max_entries(mapHandle(map), entries));
    return this;
  }

  /** Leaves the programs out, so that {@link #load} only creates the maps. */
  public BpfObject mapsOnly() {
    programs()
        .forEach(
            (program, handle) ->
                BpfException.check(
                    "leave out " + program,
                    LibBpf.CALLS.bpf_program__set_autoload(handle, (byte) 0)));
    return this;
  }

  /** Makes the programs use an existing map in the place of this one; before {@link #load}. */
  public BpfObject reuse(String map, BpfMap<?, ?> existing) {
    BpfException.check(
        "reuse of map " + map, LibBpf.CALLS.bpf_map__reuse_fd(mapHandle(map), existing.fd()));
    return this;
  }

  /** The declared shape of a map, before or after {@link #load}; the id is 0. */
  public MapInfo declared(String map) {
    return declared(mapHandle(map));
  }

  /** The declared shape of the maps inside a map of maps; before {@link #load} only. */
  public MapInfo declaredInner(String map) {
    Pointer inner = LibBpf.CALLS.bpf_map__inner_map(mapHandle(map));
    if (inner == null) {
      throw new BpfException(
          BpfException.Code.INVALID, 0, map + " is no map of maps, or is loaded");
    }
    return declared(inner);
  }

  private static MapInfo declared(Pointer map) {
    String full = LibBpf.CALLS.bpf_map__name(map);
    return new MapInfo(
        0,
        full.length() > 15 ? full.substring(0, 15) : full,
        MapType.of(LibBpf.CALLS.bpf_map__type(map)),
        LibBpf.CALLS.bpf_map__key_size(map),
        LibBpf.CALLS.bpf_map__value_size(map),
        LibBpf.CALLS.bpf_map__max_entries(map),
        LibBpf.CALLS.bpf_map__map_flags(map));
  }

  /**
   * Creates the maps and loads the programs.
   *
   * @throws BpfException LOAD_FAILED with the verifier's whole log, PERMISSION
   */
  public BpfObject load() {
    try (var log = LibBpfLog.open()) {
      int result = LibBpf.CALLS.bpf_object__load(handle());
      if (result < 0) {
        String verifier = Pointer.wrap(LibBpf.RUNTIME, logBuffer, LOG_SIZE).getString(0);
        var cause = BpfException.of("", result);
        var code =
            cause.code() == BpfException.Code.PERMISSION && verifier.isEmpty()
                ? BpfException.Code.PERMISSION
                : BpfException.Code.LOAD_FAILED;
        throw new BpfException(
            code, -result, "object " + name + ": " + log.text() + "\n" + verifier);
      }
    }
    loaded = true;
    return this;
  }

  /** A map by its name in the source; close it when done. */
  public BpfMap<byte[], byte[]> map(String mapName) {
    requireLoaded();
    return BpfMap.share(LibBpf.CALLS.bpf_map__fd(mapHandle(mapName)));
  }

  /** A program by its name in the source; close it when done. */
  public BpfProgram program(String programName) {
    requireLoaded();
    Pointer found = programs().get(programName);
    if (found == null) {
      throw new BpfException(
          BpfException.Code.NOT_FOUND, 0, "object " + name + " has no program " + programName);
    }
    return BpfProgram.share(LibBpf.CALLS.bpf_program__fd(found), programName);
  }

  /** Names of the maps, without those that hold variables. */
  public Iterable<String> mapNames() {
    var names = new LinkedHashMap<String, Pointer>();
    each(
        previous -> LibBpf.CALLS.bpf_object__next_map(handle(), previous),
        map -> {
          if (LibBpf.CALLS.bpf_map__is_internal(map) == 0) {
            names.put(LibBpf.CALLS.bpf_map__name(map), map);
          }
        });
    return names.keySet();
  }

  /** Names of the programs. */
  public Iterable<String> programNames() {
    return programs().keySet();
  }

  private Map<String, Pointer> programs() {
    var all = new LinkedHashMap<String, Pointer>();
    each(
        previous -> LibBpf.CALLS.bpf_object__next_program(handle(), previous),
        program -> all.put(LibBpf.CALLS.bpf_program__name(program), program));
    return all;
  }

  private static void each(
      Function<@Nullable Pointer, @Nullable Pointer> next, Consumer<Pointer> action) {
    for (Pointer p = next.apply(null); p != null; p = next.apply(p)) {
      action.accept(p);
    }
  }

  private Pointer mapHandle(String map) {
    Pointer found = LibBpf.CALLS.bpf_object__find_map_by_name(handle(), map);
    if (found == null) {
      throw new BpfException(
          BpfException.Code.NOT_FOUND, 0, "object " + name + " has no map " + map);
    }
    return found;
  }

  private Pointer handle() {
    if (object == null) {
      throw new IllegalStateException("object " + name + " is closed");
    }
    return object;
  }

  private void requireLoaded() {
    if (!loaded) {
      throw new IllegalStateException("object " + name + " is not loaded");
    }
  }

  @Override
  public void close() {
    if (object != null) {
      LibBpf.CALLS.bpf_object__close(object);
      object = null;
      SystemCalls.unmap(logBuffer, LOG_SIZE);
    }
  }
}
